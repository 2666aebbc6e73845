using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Roux.Server.Benchmarks;

/// <summary>Many people who watch one training: half look at the table of runs, half at its curves, while it logs twice a second.</summary>
internal static class Dashboards
{
    private const int Metrics = 4;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(IBrowser chromium, Load load, Process server, string address, string runs, int count)
    {
        var run = (await load.CallAsync("runs/create", new JsonObject { ["experiment_id"] = runs[(runs.LastIndexOf('/') + 1)..], ["run_name"] = "training" }))["run"]!["info"]!["run_id"]!.GetValue<string>();
        for (var step = 0; step < 1000; step++)
        {
            await LogAsync(load, run, step);
        }

        await using var context = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        for (var index = 0; index < count; index++)
        {
            await Pages.GoAsync(await context.NewPageAsync(), index % 2 == 0 ? runs : $"{address}/runs/{run}/charts");
        }

        await Task.Delay(Settled);
        server.Refresh();
        var (began, used, most, rounds) = (Stopwatch.StartNew(), server.TotalProcessorTime, 0L, 1000);
        while (began.Elapsed < Length)
        {
            await LogAsync(load, run, rounds++);
            await Task.Delay(500);
            server.Refresh();
            most = Math.Max(most, server.WorkingSet64);
        }

        var cores = (server.TotalProcessorTime - used).TotalSeconds / began.Elapsed.TotalSeconds;
        Table.Limit($"{count} open dashboards: memory of the server", most / 1e6, 1000, "MB");
        Table.Limit($"{count} open dashboards: processor of the server", cores * 100, 100, "%", string.Create(CultureInfo.InvariantCulture, $"of one core, over {began.Elapsed.TotalSeconds:N0} s in which a run logged {rounds - 1000} times"));
    }

    /// <summary>Logs a step of a training.</summary>
    public static async Task LogAsync(Load load, string run, int step) => await load.CallAsync("runs/log-batch", new JsonObject
    {
        ["run_id"] = run,
        ["metrics"] = new JsonArray([.. Enumerable.Range(0, Metrics).Select(index => new JsonObject
        {
            ["key"] = $"loss{index}", ["value"] = (1.0 / (1 + step)) + (0.1 * Math.Sin(step + index)), ["step"] = step, ["timestamp"] = 1_700_000_000_000 + (step * 500L),
        })]),
    });
}
