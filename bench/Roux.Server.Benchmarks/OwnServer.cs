using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Server.Benchmarks;

/// <summary>Starts <c>roux serve</c>, measures its start and memory, and loads it, empty and then with many runs; or, if asked for, only reads 30,000 large runs.</summary>
internal static class OwnServer
{
    public static async Task RunAsync(string store, bool large, string only)
    {
        if (large)
        {
            await SearchAsync(store, large);
            return;
        }

        var (server, address) = await StartAsync(store, print: false);
        await StopAsync(server);
        (server, address) = await StartAsync(store, print: true);
        using (var load = new Load(address, only))
        {
            await load.RunAsync(() =>
            {
                server.Refresh();
                return server.TotalProcessorTime;
            });
        }

        server.Refresh();
        Table.Line("resident after this load", string.Create(CultureInfo.InvariantCulture, $"{server.WorkingSet64 / 1e6:N0} MB"), "");
        await StopAsync(server);
        if ("search".Contains(only, StringComparison.Ordinal))
        {
            await SearchAsync(store + "-search", large: false);
        }
    }

    private static async Task SearchAsync(string store, bool large)
    {
        var (runs, metrics, parameters) = large ? (30_000, 100, 30) : (100_000, 3, 3);
        var watch = Stopwatch.StartNew();
        if (!Directory.Exists(store))
        {
            Fill(store, runs, metrics, parameters);
        }

        Table.Line($"({runs:N0} runs of {metrics} metrics, {parameters} params made", $"{watch.Elapsed.TotalSeconds:N1} s", "through the embedded API)");
        var (server, address) = await StartAsync(store, print: false);
        using (var load = new Load(address))
        {
            var body = System.Text.Encoding.UTF8.GetBytes($$"""{"experiment_ids":["{{(await load.CallAsync("experiments/search", new JsonObject { ["filter"] = "name = 'bench'" }))["experiments"]![0]!["experiment_id"]}}"],"filter":"metrics.m0 > 0.999 and params.p0 = '1'","order_by":["metrics.m0 DESC"],"max_results":1000}""");
            load.Post("runs/search", body);
            var times = new List<double>();
            for (var round = 0; round < 9; round++)
            {
                times.Add(load.Post("runs/search", body));
            }

            Table.Time($"search of {runs:N0} runs by a metric and a param", times.Order().ElementAt(4), note: $"target under 30 ms for 100,000; slowest of 9: {times.Max():N1} ms");
            if (large)
            {
                watch.Restart();
                var seen = 0;
                string? token = null;
                do
                {
                    var page = await load.CallAsync("runs/search", new JsonObject { ["experiment_ids"] = new JsonArray("1"), ["max_results"] = 1000, ["page_token"] = token });
                    seen += page["runs"]!.AsArray().Count;
                    token = page["next_page_token"]?.GetValue<string>();
                }
                while (token is not null);
                Table.Line($"all {seen:N0} runs in pages of 1,000", $"{watch.Elapsed.TotalSeconds:N1} s", "target under 5 s, the client's parsing included");
            }
        }

        server.Refresh();
        Table.Line("resident after this", string.Create(CultureInfo.InvariantCulture, $"{server.WorkingSet64 / 1e6:N0} MB"), "");
        await StopAsync(server);
    }

    /// <summary>Makes a store of runs in the experiment <c>bench</c>.</summary>
    public static void Fill(string store, int runs, int metrics, int parameters)
    {
        using var tracker = Tracker.Open(store);
        var experiment = tracker.Experiment("bench");
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = 16 }, index =>
        {
            var random = new Random(index);
            using var run = experiment.StartRun();
            for (var key = 0; key < parameters; key++)
            {
                run.Log($"p{key}", random.Next(3));
            }

            for (var key = 0; key < metrics; key++)
            {
                run.LogMetric($"m{key}", random.NextDouble(), 1);
            }
        });
    }

    /// <summary>Starts a server over a store.</summary>
    public static async Task<(Process Process, string Address)> StartAsync(string store, bool print)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "roux.dll"), "serve", "--port", "0", "--json", "--store", store])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_TieredPGO"] = "0";
        var watch = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        var text = "";
        while (!text.Contains('}', StringComparison.Ordinal))
        {
            text += await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("roux serve did not start");
        }

        var address = JsonNode.Parse(text)!["address"]!.GetValue<string>();
        using var client = new HttpClient();
        _ = await client.GetStringAsync(address + "/health");
        var seconds = watch.Elapsed.TotalSeconds;
        if (print)
        {
            await Task.Delay(500);
            process.Refresh();
            Table.Line("start to the first answer", string.Create(CultureInfo.InvariantCulture, $"{seconds:N2} s"), "target under 1 s");
            Table.Line("resident when idle", string.Create(CultureInfo.InvariantCulture, $"{process.WorkingSet64 / 1e6:N0} MB"), "target under 150 MB");
        }

        return (process, address);
    }

    public static async Task StopAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
