using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Roux.Tracking;

namespace Roux.Server.Benchmarks;

/// <summary>The pages in a real Chromium, over a store of 100,000 runs and a run of 1,000,000 points. Times are taken in the page.</summary>
internal static class Pages
{
    private const int Rounds = 5;
    private const string FirstRow = "table.grid tbody a[href^='/runs/']";

    /// <summary>When something has been drawn, in milliseconds since the navigation began.</summary>
    private const string Watch = """
        (() => {
          const look = () => {
            if (document.querySelector(window.__wanted)) requestAnimationFrame(() => { window.__shown = performance.now(); });
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        })()
        """;

    private static readonly string[] Filters =
    [
        "metrics.m0 > 0.999", "params.p0 = '1'", "metrics.m1 < 0.01 and params.p1 = '2'", "metrics.m2 > 0.5", "attributes.status = 'FINISHED' and metrics.m0 < 0.2",
    ];

    public static async Task RunAsync(string store, int dashboards)
    {
        if (!Directory.Exists(store))
        {
            var watch = Stopwatch.StartNew();
            OwnServer.Fill(store, 100_000, 3, 3);
            LongSeries(store);
            Table.Line("(100,000 runs and a metric of 1,000,000 points made", $"{watch.Elapsed.TotalSeconds:N0} s", "through the embedded API)");
        }

        var (server, address) = await OwnServer.StartAsync(store, print: false);
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        using var load = new Load(address);
        try
        {
            var runs = $"{address}/experiments/{await ExperimentAsync(load, "bench")}";
            await TableAsync(chromium, runs);
            await ChartAsync(chromium, load, address);
            await LiveAsync(chromium, load, address, runs);
            await Dashboards.RunAsync(chromium, load, server, address, runs, dashboards);
        }
        finally
        {
            await OwnServer.StopAsync(server);
        }
    }

    /// <summary>Id of an experiment.</summary>
    public static async Task<string> ExperimentAsync(Load load, string name) =>
        (await load.CallAsync("experiments/search", new JsonObject { ["filter"] = $"name = '{name}'" }))["experiments"]![0]!["experiment_id"]!.GetValue<string>();

    /// <summary>A page that waits until it hears clicks.</summary>
    public static async Task GoAsync(IPage page, string address)
    {
        await page.GotoAsync(address, new() { Timeout = 60_000, WaitUntil = WaitUntilState.Commit });
        await page.WaitForFunctionAsync("() => document.querySelector('main#content')?.dataset.live === '1'", null, new() { Timeout = 60_000 });
    }

    private static void LongSeries(string store)
    {
        using var tracker = Tracker.Open(store);
        using var run = tracker.Experiment("long").StartRun("a million points");
        for (var step = 0; step < 1_000_000; step++)
        {
            run.LogMetric("loss", (1 / (1 + (step * 1e-5))) + (0.1 * Math.Sin(step)), step);
        }
    }

    private static async Task TableAsync(IBrowser chromium, string runs)
    {
        var (first, again) = await ShownAsync(chromium, runs, FirstRow);
        Table.Limit("runs table of 100,000, first rows drawn", again, 1000, "ms", string.Create(CultureInfo.InvariantCulture, $"median of {Rounds}; the first after the start {first:N0}"));
        var page = await chromium.NewPageAsync();
        await GoAsync(page, runs);
        await page.WaitForFunctionAsync("() => document.querySelector('.grid-scroll')?.dataset.live === '1'");
        var box = page.GetByRole(AriaRole.Combobox).First;
        var times = new List<double>();
        foreach (var filter in Filters)
        {
            await box.FillAsync(filter);
            await page.EvaluateAsync(
                """
                () => { window.__filter = new Promise(done => document.addEventListener('keydown', () => {
                  const before = document.querySelector('.grid-foot').textContent, began = performance.now();
                  const look = () => document.querySelector('.grid-foot')?.textContent !== before ? done(performance.now() - began) : requestAnimationFrame(look);
                  requestAnimationFrame(look);
                }, { once: true, capture: true })); }
                """);
            await box.PressAsync("Enter");
            times.Add(await page.EvaluateAsync<double>("() => window.__filter"));
        }

        Table.Limit("the next filter, from Enter to the new count and rows", Median(times), 300, "ms", "each: " + string.Join(", ", times.Select(time => time.ToString("N0", CultureInfo.InvariantCulture))));
        await page.CloseAsync();
    }

    private static async Task ChartAsync(IBrowser chromium, Load load, string address)
    {
        var found = await load.CallAsync("runs/search", new JsonObject { ["experiment_ids"] = new JsonArray(await ExperimentAsync(load, "long")) });
        var run = found["runs"]![0]!["info"]!["run_id"]!.GetValue<string>();
        var (first, again) = await ShownAsync(chromium, $"{address}/runs/{run}/charts", "path.line");
        Table.Limit("a chart of 1,000,000 points, first drawn", again, 500, "ms", string.Create(CultureInfo.InvariantCulture, $"median of {Rounds}; the first read of it {first:N0}"));
    }

    /// <summary>From the request that logs to what is on the screen.</summary>
    private static async Task LiveAsync(IBrowser chromium, Load load, string address, string runs)
    {
        var run = (await load.CallAsync("runs/create", new JsonObject { ["experiment_id"] = runs[(runs.LastIndexOf('/') + 1)..], ["run_name"] = "watched" }))["run"]!["info"]!["run_id"]!.GetValue<string>();
        var table = await chromium.NewPageAsync();
        await GoAsync(table, runs);
        var chart = await chromium.NewPageAsync();
        await GoAsync(chart, $"{address}/runs/{run}/charts");
        var (rows, curves) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            await Task.Delay(1500);
            await table.BringToFrontAsync();
            var watch = Stopwatch.StartNew();
            await load.CallAsync("runs/create", new JsonObject { ["experiment_id"] = runs[(runs.LastIndexOf('/') + 1)..], ["run_name"] = $"new {round}" });
            await table.GetByText($"new {round}", new() { Exact = true }).WaitForAsync();
            rows.Add(watch.Elapsed.TotalMilliseconds);
            await chart.BringToFrontAsync();
            var before = await chart.EvaluateAsync<string>("() => document.querySelector('path.line')?.getAttribute('d') ?? ''");
            watch.Restart();
            await Dashboards.LogAsync(load, run, round);
            await chart.WaitForFunctionAsync("before => (document.querySelector('path.line')?.getAttribute('d') ?? '') !== before", before);
            curves.Add(watch.Elapsed.TotalMilliseconds);
        }

        Table.Limit("a new run, from the request to the table", rows.Max(), 1000, "ms", $"slowest of {Rounds}");
        Table.Limit("new points, from the request to the curve", curves.Max(), 1000, "ms", $"slowest of {Rounds}");
        await table.CloseAsync();
        await chart.CloseAsync();
    }

    /// <summary>When a thing is drawn after a navigation: the first time, and the median of further ones.</summary>
    private static async Task<(double First, double Again)> ShownAsync(IBrowser chromium, string address, string wanted)
    {
        await using var context = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        await context.AddInitScriptAsync($"window.__wanted = \"{wanted}\";\n{Watch}");
        var times = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            var page = await context.NewPageAsync();
            await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Commit });
            await page.WaitForFunctionAsync("() => window.__shown > 0", null, new() { Timeout = 60_000 });
            times.Add(await page.EvaluateAsync<double>("() => window.__shown"));
            await page.CloseAsync();
        }

        return (times[0], Median(times[1..]));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
