using System.Diagnostics;
using System.Globalization;

namespace Roux.Tracking.Benchmarks;

/// <summary>The three figures that the embedded store promises, beside their targets.</summary>
internal static class StoreBenchmark
{
    private const int Points = 5_000_000;

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("roux-bench-").FullName;
        try
        {
            Write(Path.Combine(folder, "one"), "one key", 1, bulk: false);
            Write(Path.Combine(folder, "many"), "1,000 keys in turn", 1000, bulk: false);
            Write(Path.Combine(folder, "bulk"), "one key, LogMetrics", 1, bulk: true);
            Read(Path.Combine(folder, "read"));
            Search(Path.Combine(folder, "search"));
        }
        finally
        {
            if (Environment.GetEnvironmentVariable("ROUX_BENCH_KEEP") is null)
            {
                Directory.Delete(folder, recursive: true);
            }
            else
            {
                Console.WriteLine(folder);
            }
        }
    }

    /// <summary>From the first call until all points are committed and the run is finished.</summary>
    private static void Write(string store, string what, int keys, bool bulk)
    {
        var values = Losses(Points);
        var names = Enumerable.Range(0, keys).Select(key => $"metric_{key}").ToArray();
        using var tracker = Tracker.Open(store);
        using var run = tracker.Experiment("bench").StartRun();
        var watch = Stopwatch.StartNew();
        if (bulk)
        {
            run.LogMetrics(names[0], values);
        }
        else
        {
            for (var index = 0; index < Points; index++)
            {
                run.LogMetric(names[index % keys], values[index], index / keys);
            }
        }

        run.Finish();
        var seconds = watch.Elapsed.TotalSeconds;
        var bytes = new FileInfo(Path.Combine(store, "roux.db")).Length;
        Print($"write, {what}", $"{Points / seconds:N0} points/s", "at least 500,000", $"{(double)bytes / Points:F2} bytes a point in the file before its last checkpoint");
    }

    private static void Read(string store)
    {
        const int count = 1_000_000;
        using var tracker = Tracker.Open(store);
        using var run = tracker.Experiment("bench").StartRun();
        var values = Losses(count);
        for (var index = 0; index < count; index++)
        {
            run.LogMetric("loss", values[index], index);
        }

        run.Finish();
        using var reader = Tracker.OpenReadOnly(store);
        var first = Time(() => reader.GetMetricSeries(run.Id, "loss").Count, count);
        var second = Time(() => reader.GetMetricSeries(run.Id, "loss").Count, count);
        var records = Time(() => reader.GetMetric(run.Id, "loss").Count, count);
        Print("read 1,000,000 points", $"{first:F1} ms", "under 500 ms", $"second time {second:F1} ms, as records {records:F1} ms");
    }

    private static void Search(string store)
    {
        const int runs = 10_000;
        var random = new Random(1);
        string[] rates = ["0.1", "0.01", "0.001"];
        using var tracker = Tracker.Open(store);
        var experiment = tracker.Experiment("bench");
        var watch = Stopwatch.StartNew();
        for (var index = 0; index < runs; index++)
        {
            using var run = experiment.StartRun();
            run.Log("lr", rates[random.Next(3)]);
            for (var extra = 0; extra < 9; extra++)
            {
                run.Log($"param_{extra}", random.Next(100)).LogMetric($"metric_{extra}", random.NextDouble(), 1);
            }

            run.LogMetric("acc", random.NextDouble(), 1).Tag("team", "a").Tag("host", "b");
        }

        Print("10,000 runs, 10 params, 10 metrics, 2 tags each", $"{runs / watch.Elapsed.TotalSeconds:N0} runs/s", "-", "");
        var query = new RunQuery { Filter = "metrics.acc > 0.9 and params.lr = '0.1'", OrderBy = ["metrics.acc DESC"] };
        var found = tracker.SearchRuns(query).Count;
        var cpu = Environment.CpuUsage.TotalTime;
        var times = Enumerable.Range(0, 20).Select(_ => Time(() => tracker.SearchRuns(query).Count, found)).Order().ToArray();
        var processor = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / times.Length;
        Print("search by metric and param, ordered", $"{times[10]:F1} ms", "under 20 ms", $"{found} runs found, with all they hold; slowest of 20: {times[^1]:F1} ms; processor {processor:F1} ms");

        using var cold = Tracker.OpenReadOnly(store);
        Print("the same, first query of a fresh tracker", $"{Time(() => cold.SearchRuns(query).Count, found):F1} ms", "-", "");
        var all = new RunQuery { OrderBy = ["metrics.acc DESC"] };
        Print("first 1,000 of all runs by a metric", $"{Time(() => tracker.SearchRuns(all).Count, 1000):F1} ms", "-", "");
        Print("SQL: count of runs", $"{Time(() => tracker.Query("SELECT count(*) FROM runs").Rows.Count, 1):F1} ms", "-", "");
        const string sql = "SELECT p.value, avg(m.value) FROM params p JOIN latest_metrics m USING (run_id) WHERE p.key = 'lr' AND m.key = 'acc' GROUP BY 1";
        Print("SQL: mean of a metric by a param", $"{Time(() => tracker.Query(sql).Rows.Count, 3):F1} ms", "-", $"second time {Time(() => tracker.Query(sql).Rows.Count, 3):F1} ms");
    }

    private static double Time(Func<int> work, int expected)
    {
        var watch = Stopwatch.StartNew();
        var got = work();
        var milliseconds = watch.Elapsed.TotalMilliseconds;
        return got == expected ? milliseconds : throw new InvalidOperationException($"{got} instead of {expected}");
    }

    /// <summary>A falling, noisy loss, as a training loop in single precision gives it.</summary>
    private static double[] Losses(int count)
    {
        var random = new Random(7);
        var values = new double[count];
        for (var index = 0; index < count; index++)
        {
            values[index] = (float)((2.0 / (1 + (index * 0.001))) + (0.1 * random.NextDouble()));
        }

        return values;
    }

    private static void Print(string what, string figure, string target, string note) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-50} {figure,20}   target: {target,-18} {note}"));
}
