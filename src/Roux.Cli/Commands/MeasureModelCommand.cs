using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Cli.Measuring;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Pipelines;

namespace Roux.Cli.Commands;

/// <summary><c>roux measure-model FILE</c>, hidden: the process in which <see cref="WorkerMeter"/> has a model measured. Reads a request from standard input, answers on standard output.</summary>
internal static class MeasureModelCommand
{
    private static readonly Argument<string> Model = new("FILE") { Description = "A .roux file." };
    private static readonly Option<long> Started = new("--started") { Description = "When the process was started, on the system's monotonic clock." };

    public static Command Create()
    {
        var command = new Command(WorkerMeter.Verb, "Measure a model file with the rows on standard input.") { Model, Started };
        command.Hidden = true;
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        try
        {
            // The clock is the system's, not the process's own: the caller's reading and this one can be compared.
            var starting = Stopwatch.GetElapsedTime(call.GetValue(Started)).TotalSeconds;
            var watch = Stopwatch.StartNew();
            var pipeline = Pipeline.Load(call.GetValue(Model)!);
            var loading = watch.Elapsed.TotalSeconds;
            var (table, options) = ReadRequest(Console.In.ReadToEnd());
            watch.Restart();
            pipeline.Predict(table.Take([0]), cancellation);
            var first = watch.Elapsed.TotalSeconds;
            var measured = new LatencyProbe().Measure(pipeline, table, options, cancellation) with
            {
                OwnProcess = true, ColdStartSeconds = starting + loading + first, LoadSeconds = loading,
            };
            Console.Out.WriteLine(measured.ToJson().ToJsonString());
            return 0;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or DataException or MeterException or JsonException)
        {
            Console.Out.WriteLine(new JsonObject { ["error"] = e.Message }.ToJsonString());
            return 2;
        }
    }

    private static (Table Rows, ProbeOptions Options) ReadRequest(string text)
    {
        var request = JsonNode.Parse(text) ?? throw new InvalidDataException("the request is empty");
        var table = RowsJson.Read(request["table"]);
        if (table.RowCount == 0)
        {
            throw new InvalidDataException("there are no rows to measure with");
        }

        return (table, new ProbeOptions
        {
            Seconds = request["seconds"]?.GetValue<double>() ?? 2,
            Rows = request["rows"]?.GetValue<int>() ?? 1000,
            BatchRows = request["batch_rows"]?.GetValue<int>() ?? 1000,
            Seed = request["seed"]?.GetValue<int>() ?? 42,
        });
    }
}
