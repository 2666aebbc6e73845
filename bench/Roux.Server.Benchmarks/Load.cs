using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Server.Benchmarks;

/// <summary>
/// The requests of clients, timed. Bodies are made beforehand, and a client waits for its answer on its own thread, as Python's does, so that
/// the client's own work counts little.
/// </summary>
/// <param name="address">Of the server.</param>
/// <param name="only">What to measure: all whose name has this text.</param>
internal sealed class Load(string address, string only = "") : IDisposable
{
    private const string Api = "/api/2.0/mlflow/";
    private const int BatchSize = 1000;

    private static readonly byte[] NewRunBody = Json(new { experiment_id = "0", user_id = "bench", start_time = 1_700_000_000_000 });

    private readonly HttpClient client = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) }) { BaseAddress = new Uri(address) };

    /// <summary>Runs the loads.</summary>
    /// <param name="processor">The processor time that the server has used so far, where it can be known.</param>
    public async Task RunAsync(Func<TimeSpan>? processor = null)
    {
        (string Name, Func<Task> Run)[] loads =
        [
            ("create", Plain(() => Create(processor))),
            ("single", Plain(() => SingleMetrics(processor))),
            ("batch", () => BatchesAsync(1, 150, 11_500, 25)),
            ("batch", () => BatchesAsync(8, 40, 19_900, 15)),
            ("history", HistoryAsync),
            ("create+batch", Plain(() => CreateAndLog(processor))),
            ("list", Plain(List)),
            ("artifacts", ArtifactsAsync),
        ];
        WarmUp();
        foreach (var (_, run) in loads.Where(load => load.Name.Contains(only, StringComparison.Ordinal)))
        {
            await run();
        }
    }

    public double Post(string path, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Api + path) { Content = Content(body) };
        var watch = Stopwatch.StartNew();
        using var answer = client.Send(request);
        answer.EnsureSuccessStatusCode();
        using var stream = answer.Content.ReadAsStream();
        stream.CopyTo(Stream.Null);
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>Posts and returns the answer.</summary>
    public async Task<JsonNode> CallAsync(string path, JsonObject body)
    {
        using var answer = await client.PostAsJsonAsync(Api + path, body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    public void Dispose() => client.Dispose();

    private static string Used(Func<TimeSpan>? processor, TimeSpan? before, int calls) => processor is null ? ""
        : string.Create(CultureInfo.InvariantCulture, $"processor of the server {(processor() - before!.Value).TotalMilliseconds / calls:F2} ms a call");

    private static Func<Task> Plain(Action load) => () =>
    {
        load();
        return Task.CompletedTask;
    };

    private static ByteArrayContent Content(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        return content;
    }

    private static async Task<long> ReadAsync(HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 20];
        var total = 0L;
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
        {
            total += read;
        }

        return total;
    }

    private static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value);

    private static byte[] Batch(string run, string key, int from, int count) => Encoding.UTF8.GetBytes($$"""{"run_id":"{{run}}","metrics":[{{string.Join(',', Enumerable.Range(from, count).Select(step =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"key":"{{key}}","value":{{(float)(1 / (1 + (step * 0.001)))}},"timestamp":{{1_700_000_000_000 + (step * 10L)}},"step":{{step}}}""")))}}]}""");

    private string NewRun()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Api + "runs/create") { Content = Content(NewRunBody) };
        using var answer = client.Send(request);
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(answer.Content.ReadAsStream())!["run"]!["info"]!["run_id"]!.GetValue<string>();
    }

    private void WarmUp()
    {
        var run = NewRun();
        var create = Json(new { experiment_id = "0" });
        for (var round = 0; round < 5000; round++)
        {
            if (round % 5 == 0)
            {
                Post("runs/log-batch", Batch(run, "warm", round * 50, 50));
                Post("runs/create", create);
            }

            Post("runs/log-metric", Json(new { run_id = run, key = "warm2", value = 1.5, timestamp = 1L, step = round }));
        }
    }

    private void Create(Func<TimeSpan>? processor)
    {
        const int count = 500;
        var body = Json(new { experiment_id = "0", user_id = "bench", start_time = 1_700_000_000_000, tags = new[] { new { key = "mlflow.user", value = "bench" } } });
        var (watch, used) = (Stopwatch.StartNew(), processor?.Invoke());
        for (var index = 0; index < count; index++)
        {
            Post("runs/create", body);
        }

        Table.Time("create a run", watch.Elapsed.TotalMilliseconds / count, 8.4, 15, Used(processor, used, count));
    }

    private void SingleMetrics(Func<TimeSpan>? processor)
    {
        const int count = 3000;
        var run = NewRun();
        var bodies = Enumerable.Range(0, count).Select(step => Json(new { run_id = run, key = "loss", value = 1.0 / (step + 1), timestamp = 1_700_000_000_000 + step, step })).ToArray();
        var (watch, used) = (Stopwatch.StartNew(), processor?.Invoke());
        foreach (var body in bodies)
        {
            Post("runs/log-metric", body);
        }

        Table.Rate("single log-metric calls, one connection", count / watch.Elapsed.TotalSeconds, "/s", 169, 15, Used(processor, used, count));
    }

    private async Task BatchesAsync(int clients, int batches, double mlflow, double times)
    {
        var runs = Enumerable.Range(0, clients).Select(_ => NewRun()).ToArray();
        var bodies = runs.Select(run => Enumerable.Range(0, batches).Select(batch => Batch(run, "loss", batch * BatchSize, BatchSize)).ToArray()).ToArray();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(bodies.Select(own => Task.Factory.StartNew(() =>
        {
            foreach (var body in own)
            {
                Post("runs/log-batch", body);
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Table.Rate($"log-batch of 1,000 points, {clients} client{(clients == 1 ? "" : "s")}", (double)clients * batches * BatchSize / watch.Elapsed.TotalSeconds, "points/s", mlflow, times);
    }

    private async Task HistoryAsync()
    {
        const int points = 100_000;
        var run = NewRun();
        for (var from = 0; from < points; from += BatchSize)
        {
            Post("runs/log-batch", Batch(run, "loss", from, BatchSize));
        }

        for (var round = 0; round < 2; round++)
        {
            var watch = Stopwatch.StartNew();
            string? token = "";
            while (token is not null)
            {
                var text = await client.GetStringAsync($"{Api}metrics/get-history?run_id={run}&metric_key=loss&max_results=25000&page_token={token}");
                var at = text.LastIndexOf("next_page_token", StringComparison.Ordinal);
                token = at < 0 ? null : Uri.EscapeDataString(text[(at + 18)..text.LastIndexOf('"')]);
            }

            if (round == 1)
            {
                Table.Rate("metric history, pages of 25,000", points / watch.Elapsed.TotalSeconds, "points/s", 22_700, 25);
            }
        }
    }

    private void CreateAndLog(Func<TimeSpan>? processor)
    {
        const int count = 500;
        var rest = Encoding.UTF8.GetBytes($$""","metrics":[{{string.Join(',', Enumerable.Range(0, 10).Select(index => $$"""{"key":"m{{index}}","value":0.5,"timestamp":1,"step":0}"""))}}],"params":[{{string.Join(',', Enumerable.Range(0, 10).Select(index => $$"""{"key":"p{{index}}","value":"1"}"""))}}],"tags":[{"key":"t","value":"1"}]}""");
        var (watch, used) = (Stopwatch.StartNew(), processor?.Invoke());
        for (var index = 0; index < count; index++)
        {
            var run = NewRun();
            Post("runs/log-batch", [.. Encoding.UTF8.GetBytes($$"""{"run_id":"{{run}}" """), .. rest]);
        }

        Table.Rate("create a run + batch (10 metrics, 10 params)", count / watch.Elapsed.TotalSeconds, "runs/s", 54, 25, Used(processor, used, count));
    }

    private void List()
    {
        var body = Json(new { experiment_ids = new[] { "0" }, max_results = 1000 });
        Post("runs/search", body);
        var times = new List<double>();
        for (var round = 0; round < 7; round++)
        {
            times.Add(Post("runs/search", body));
        }

        Table.Time("list 1,000 runs", times.Order().ElementAt(3), 546, 25, $"slowest of 7: {times.Max():N0} ms");
    }

    private async Task ArtifactsAsync()
    {
        const int size = 200 << 20;
        var run = NewRun();
        var path = $"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/large.bin";
        var bytes = new byte[size];
        new Random(1).NextBytes(bytes);
        for (var round = 0; round < 2; round++)
        {
            using var content = new ByteArrayContent(bytes);
            var up = Stopwatch.StartNew();
            using (var answer = await client.PutAsync(path, content))
            {
                await ReadAsync(answer);
            }

            var upSeconds = up.Elapsed.TotalSeconds;
            var down = Stopwatch.StartNew();
            using (var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead))
            {
                if (await ReadAsync(answer) != size)
                {
                    throw new InvalidOperationException("the artifact came back in part");
                }
            }

            if (round == 1)
            {
                Table.Rate("artifact up, 200 MiB, synced to the disk", size / 1e6 / upSeconds, "MB/s", 390, 500 / 390.0);
                Table.Rate("artifact down, 200 MiB", size / 1e6 / down.Elapsed.TotalSeconds, "MB/s", 47, 500 / 47.0);
            }
        }
    }
}
