using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;

/// <summary>
/// Times a model from outside: a plain loop over single-row tables in this program, without anything of what <c>roux cost</c>
/// measures with, beside what <c>roux cost</c> says of the same file and rows.
/// </summary>
internal static class LatencyComparison
{
    /// <param name="roux">The command line: its roux.dll, or a launcher.</param>
    /// <param name="model">A .roux file.</param>
    /// <param name="data">Rows.</param>
    /// <param name="seconds">Seconds for each of the two.</param>
    public static void Run(string roux, string model, string data, double seconds)
    {
        var told = Told(roux, model, data, seconds);
        var (median, p95, rows) = Outside(model, data, seconds, Alone);
        var (taken, _, _) = Outside(model, data, seconds / 2, (table, row) => table.Take([row]));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(model)}, single rows of {Path.GetFileName(data)}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  roux cost   p50 {told.Median,9:0.0} µs   p95 {told.P95,9:0.0} µs"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  plain loop  p50 {median,9:0.0} µs   p95 {p95,9:0.0} µs   ({rows:N0} predictions)"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  ratio       p50 {told.Median / median,9:0.00}      p95 {told.P95 / p95,9:0.00}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  rows taken from the whole table, which share its strings: p50 {taken:0.0} µs"));
    }

    private static (double Median, double P95, long Rows) Outside(string model, string data, double seconds, Func<Table, int, Table> single)
    {
        var pipeline = Pipeline.Load(model);
        var table = TableSchema.Conform(TableReader.Read(data).Table, pipeline.Columns);
        var order = Enumerable.Range(0, table.RowCount).ToArray();
        new Random(1).Shuffle(order);
        var singles = order.Take(1000).Select(row => single(table, row)).ToArray();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < 2;)
        {
            foreach (var warming in singles)
            {
                pipeline.Predict(warming);
            }
        }

        var times = new List<double>();
        var all = Stopwatch.StartNew();
        for (var i = 0; all.Elapsed.TotalSeconds < seconds; i++)
        {
            var one = Stopwatch.StartNew();
            pipeline.Predict(singles[i % singles.Length]);
            times.Add(one.Elapsed.TotalMicroseconds);
        }

        times.Sort();
        return (times[times.Count / 2], times[(int)(times.Count * 0.95)], times.Count);
    }

    /// <summary>A row as a program would build it from a request.</summary>
    private static Table Alone(Table table, int row) => new("request", [.. table.Columns.Select(column => column switch
    {
        TextColumn text => TextColumn.From(text.Name, [text[row]]),
        NumberColumn numbers => new NumberColumn(numbers.Name, [numbers.Values[row]], numbers.Type, numbers.Words),
        _ => column.Take([row]),
    })]);

    private static (double Median, double P95) Told(string roux, string model, string data, double seconds)
    {
        var start = new ProcessStartInfo(roux.EndsWith(".dll", StringComparison.Ordinal) ? "dotnet" : roux) { RedirectStandardOutput = true };
        foreach (var argument in new[] { roux.EndsWith(".dll", StringComparison.Ordinal) ? roux : "", "cost", model, data, "--seconds", seconds.ToString(CultureInfo.InvariantCulture), "--json" }.Where(argument => argument.Length > 0))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var latency = JsonNode.Parse(output)!["latency_us"]!;
        return (latency["p50"]!.GetValue<double>(), latency["p95"]!.GetValue<double>());
    }
}
