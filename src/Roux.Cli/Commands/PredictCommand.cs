using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux predict MODEL DATA --out FILE.csv</c>: one row of predictions per row of data.</summary>
internal static class PredictCommand
{
    private static readonly Argument<string> Model = new("MODEL") { Description = "A registered model (NAME, NAME/VERSION, NAME@ALIAS) or a .roux file." };
    private static readonly Argument<string> Data = new("DATA") { Description = "Rows to predict: any file that develop reads." };
    private static readonly Option<string> Out = new("--out") { Description = "CSV file to write: prediction and, for classes, p_<class> columns.", HelpName = "FILE.csv", Required = true };
    private static readonly Option<string?> Sql = new("--sql") { Description = "Query to read from a database file.", HelpName = "QUERY" };

    public static Command Create()
    {
        var command = new Command("predict", "Predict rows with a registered model.") { Model, Data, Out, Sql };
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        var pipeline = Load(call.GetValue(Model)!, CommonOptions.StoreOf(call));
        var data = TableReader.Read(call.GetValue(Data)!, new ReadOptions { Sql = call.GetValue(Sql) }, cancellation);
        var predictions = pipeline.Predict(data.Table, cancellation);
        var path = call.GetValue(Out)!;
        PredictionFile.Write(path, pipeline, predictions);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject { ["rows"] = predictions.Rows, ["out"] = Path.GetFullPath(path), ["model"] = pipeline.Name });
        }
        else
        {
            Console.Error.WriteLine($"{predictions.Rows:N0} rows predicted into {path}");
        }

        return 0;
    }

    internal static Pipeline Load(string reference, string store) => Open(Locate(reference, store));

    /// <summary>The file of a registered model, or the file that is named.</summary>
    internal static string Locate(string reference, string store)
    {
        if (File.Exists(reference))
        {
            return reference;
        }

        using var tracker = Tracker.OpenReadOnly(store);
        var version = tracker.Models.Find(reference) ?? throw new UsageException(
            $"'{reference}': no such model in {store}; there {(tracker.Models.List() is { Count: > 0 } models ? $"are: {string.Join(", ", models.Select(model => model.Name))}" : "are none yet: roux develop registers one")}");
        return tracker.Models.LocalCopy(version);
    }

    internal static Pipeline Open(string path)
    {
        try
        {
            return Pipeline.Load(path);
        }
        catch (InvalidDataException e)
        {
            throw new UsageException($"'{path}': not a usable model file: {e.Message}");
        }
    }
}
