using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Measuring;
using Roux.Cli.Printing;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Pipelines;

namespace Roux.Cli.Commands;

/// <summary><c>roux cost MODEL DATA</c>: what using a model costs, measured in a process of its own.</summary>
internal static class CostCommand
{
    private static readonly Argument<string> Model = new("MODEL") { Description = "A registered model (NAME, NAME/VERSION, NAME@ALIAS) or a .roux file." };
    private static readonly Argument<string> Data = new("DATA") { Description = "Rows to measure with: any file that develop reads." };
    private static readonly Option<int> Rows = new("--rows") { Description = "Most rows to draw single rows from.", HelpName = "N", DefaultValueFactory = _ => 1000 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "Seconds for timing single rows; batches get half as many more.", HelpName = "S", DefaultValueFactory = _ => 3 };
    private static readonly Option<string?> RateFile = new("--rates") { Description = "JSON file of what a core, memory and energy cost (docs/costs.md).", HelpName = "FILE" };
    private static readonly Option<string?> Sql = new("--sql") { Description = "Query to read from a database file.", HelpName = "QUERY" };

    public static Command Create()
    {
        var command = new Command("cost", "Measure what using a model costs: latency, throughput, memory, cold start.") { Model, Data, Rows, Seconds, RateFile, Sql };
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        var (count, seconds) = (call.GetValue(Rows), call.GetValue(Seconds));
        if (count is < 1 or > 100_000)
        {
            throw new UsageException($"--rows {count}: a number from 1 to 100,000");
        }

        if (!(seconds is >= 0.1 and <= 600))
        {
            throw new UsageException($"--seconds {seconds.ToString(CultureInfo.InvariantCulture)}: from 0.1 to 600 seconds");
        }

        var rates = call.GetValue(RateFile) is { } file ? Rates.Load(file) : null;
        var path = PredictCommand.Locate(call.GetValue(Model)!, CommonOptions.StoreOf(call));
        var pipeline = PredictCommand.Open(path);
        var rows = Sample(call, pipeline, count, cancellation);
        ModelMeasurement measured;
        try
        {
            measured = WorkerMeter.Measure(path, rows, new ProbeOptions { Seconds = seconds, Rows = count, Seed = call.GetValue(CommonOptions.Seed) }, cancellation);
        }
        catch (MeterException e)
        {
            Console.Error.WriteLine($"roux: {e.Message}");
            return 1;
        }

        var facts = new ModelFacts(pipeline.Name, Path.GetFullPath(path), new FileInfo(path).Length, pipeline.Members.Sum(member => member.Model.ParameterCount), rows.RowCount);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(Json(facts, measured, rates));
        }
        else
        {
            Console.Out.WriteLine(Text(facts, measured, rates));
        }

        return 0;
    }

    /// <summary>Rows drawn at random, with the columns and the types that the model was trained with.</summary>
    private static Table Sample(ParseResult call, Pipeline pipeline, int count, CancellationToken cancellation)
    {
        var data = TableReader.Read(call.GetValue(Data)!, new ReadOptions { Sql = call.GetValue(Sql) }, cancellation).Table;
        if (data.RowCount == 0)
        {
            throw new UsageException($"'{call.GetValue(Data)}': no rows to measure with");
        }

        var warnings = new List<string>();
        var rows = RowSample.Draw(data, pipeline, count, call.GetValue(CommonOptions.Seed), warnings);
        foreach (var warning in warnings)
        {
            Console.Error.WriteLine(Terminal.OneLine(warning));
        }

        return rows;
    }

    private static JsonObject Json(ModelFacts facts, ModelMeasurement measured, Rates? rates)
    {
        var json = new JsonObject
        {
            ["model"] = facts.Name,
            ["file"] = facts.Path,
            ["size_bytes"] = facts.Bytes,
            ["parameters"] = facts.Parameters,
            ["rows"] = facts.Rows,
            ["threads"] = 1,
        };
        foreach (var (name, value) in measured.ToJson())
        {
            json[name] = value?.DeepClone();
        }

        json["monthly_serving_cost"] = rates?.Serving(measured);
        json["currency"] = rates?.Currency;
        return json;
    }

    private static string Text(ModelFacts facts, ModelMeasurement measured, Rates? rates)
    {
        var lines = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"Model       {Terminal.OneLine(facts.Name)}, {HumanText.Bytes(facts.Bytes)}, {facts.Parameters:N0} learned numbers"),
            $"Single row  p50 {Time(measured.P50Microseconds)} · p95 {Time(measured.P95Microseconds)} · p99 {Time(measured.P99Microseconds)} · longest {Time(measured.MaxMicroseconds)}",
            string.Create(CultureInfo.InvariantCulture, $"            {measured.Predictions:N0} predictions of {facts.Rows:N0} rows on 1 thread, warmed up for {measured.WarmUpSeconds:0.0} s"),
            string.Create(CultureInfo.InvariantCulture, $"Batches     {measured.RowsPerSecond:N0} rows/s in batches of {measured.BatchRows:N0}"),
            string.Create(CultureInfo.InvariantCulture, $"Memory      {HumanText.Bytes(measured.ResidentBytes)} resident; a row allocates {HumanText.Bytes((long)measured.AllocatedBytesPerRow)}"),
            string.Create(CultureInfo.InvariantCulture, $"Collections {measured.Collections:N0}, which paused {measured.CollectionSeconds * 1e3:0.0} ms in all (within the times above)"),
            string.Create(CultureInfo.InvariantCulture, $"Cold start  {measured.ColdStartSeconds:0.00} s to the first prediction, {measured.LoadSeconds:0.00} s of it loading the model"),
        };
        if (rates is not null)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"Serving     {rates.Serving(measured):0.00} {Terminal.OneLine(rates.Currency)} a month for {rates.PredictionsPerMonth:N0} predictions"));
        }

        if (!measured.Settled)
        {
            lines.Add("Note        times had not settled when timing began: the machine is busy, or rows differ much");
        }

        return string.Join(Environment.NewLine, lines);
    }

    internal static string Time(double microseconds) => microseconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{microseconds:0.0} µs"),
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds:0} µs"),
        < 100_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1e3:0.0#} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1e6:0.00} s"),
    };

    private sealed record ModelFacts(string Name, string Path, long Bytes, long Parameters, int Rows);
}
