using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>Logging to runs: batches, their repetition, limits, and many clients at once.</summary>
public class LoggingTests
{
    [Fact]
    public async Task A_batch_sent_again_changes_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunAsync();
        var batches = Enumerable.Range(0, 4).Select(part => Batch(run, Enumerable.Range(part * 50, 50), "loss", "acc")).ToList();
        foreach (var batch in batches.Concat(batches).Append(batches[2]))
        {
            _ = (await server.PostAsync("runs/log-batch", batch.DeepClone())).Ok;
        }

        foreach (var key in new[] { "loss", "acc" })
        {
            (await StepsAsync(server, run, key)).ShouldBe(Enumerable.Range(0, 200).Select(step => (long)step));
        }
    }

    [Fact]
    public async Task Points_that_differ_in_value_or_time_alone_are_all_kept()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunAsync();
        foreach (var (value, time) in new[] { ("1", 5), ("2", 5), ("NaN", 5), ("NaN", 5), ("1", 6), ("1", 5), ("-0.0", 5), ("0.0", 5) })
        {
            _ = (await server.PostAsync("runs/log-metric", new JsonObject { ["run_id"] = run, ["key"] = "m", ["value"] = value, ["timestamp"] = time, ["step"] = 0 })).Ok;
        }

        var history = (await server.GetAsync($"metrics/get-history?run_id={run}&metric_key=m")).Ok["metrics"]!.AsArray();
        history.Select(point => $"{point!["value"]}@{point["timestamp"]}".TrimStart('-')).ShouldBe(["1@5", "2@5", "NaN@5", "0@5", "1@6"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_batch_with_a_fault_leaves_nothing_behind()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunAsync();
        _ = (await server.PostAsync("runs/log-parameter", new JsonObject { ["run_id"] = run, ["key"] = "lr", ["value"] = "1" })).Ok;
        var batch = Batch(run, [0, 1], "loss");
        batch["params"] = new JsonArray(Pair("other", "x"), Pair("lr", "2"));
        batch["tags"] = new JsonArray(Pair("t", "1"));

        var answer = await server.PostAsync("runs/log-batch", batch);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Error.ShouldBe("INVALID_PARAMETER_VALUE");
        var data = (await server.GetAsync($"runs/get?run_id={run}")).Ok["run"]!["data"]!;
        data["metrics"].ShouldBeNull();
        data["params"]!.AsArray().Select(param => param!["key"]!.GetValue<string>()).ShouldBe(["lr"]);
        data["tags"]!.AsArray().Select(tag => tag!["key"]!.GetValue<string>()).ShouldBe(["mlflow.runName"]);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "metrics of 1,001 points", """{"run_id":"RUN","metrics":[MANY]}""" },
        { "params of 101", """{"run_id":"RUN","params":[PAIRS]}""" },
        { "tags of 101", """{"run_id":"RUN","tags":[PAIRS]}""" },
        { "a value that is no number", """{"run_id":"RUN","metrics":[{"key":"a","value":"abc","timestamp":1}]}""" },
        { "a value that is missing", """{"run_id":"RUN","metrics":[{"key":"a","timestamp":1}]}""" },
        { "a name with a control character", """{"run_id":"RUN","metrics":[{"key":"a\u0001","value":1,"timestamp":1}]}""" },
        { "a name that leads out", """{"run_id":"RUN","metrics":[{"key":"../a","value":1,"timestamp":1}]}""" },
        { "a time beyond dates", """{"run_id":"RUN","metrics":[{"key":"a","value":1,"timestamp":1700000000000000000}]}""" },
        { "a param of 6,001 characters", """{"run_id":"RUN","params":[{"key":"a","value":"LONG"}]}""" },
        { "half of a surrogate pair", """{"run_id":"RUN","params":[{"key":"a","value":"\ud800"}]}""" },
        { "a NUL", """{"run_id":"RUN","params":[{"key":"a","value":"\u0000"}]}""" },
        { "no JSON", """{"run_id":"RUN",""" },
        { "JSON after the end", """{"run_id":"RUN"} {}""" },
        { "a list", "[]" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Batches_beyond_the_limits_are_refused(string what, string body)
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunAsync();
        var text = body.Replace("RUN", run, StringComparison.Ordinal)
            .Replace("MANY", string.Join(',', Enumerable.Range(0, 1001).Select(step => $$"""{"key":"a","value":1,"timestamp":1,"step":{{step}}}""")), StringComparison.Ordinal)
            .Replace("PAIRS", string.Join(',', Enumerable.Range(0, 101).Select(index => $$"""{"key":"p{{index}}","value":"1"}""")), StringComparison.Ordinal)
            .Replace("LONG", new string('x', 6001), StringComparison.Ordinal);

        var answer = await server.SendAsync(HttpMethod.Post, "runs/log-batch", TestServer.Json(text));

        answer.Status.ShouldBe(HttpStatusCode.BadRequest, what);
        answer.Error.ShouldBeOneOf("INVALID_PARAMETER_VALUE", "BAD_REQUEST");
    }

    [Fact]
    public async Task Eight_clients_at_once_lose_nothing_and_meet_no_error()
    {
        await using var server = await TestServer.StartAsync();
        var shared = await server.CreateRunAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
        {
            var own = await server.CreateRunAsync(name: string.Create(CultureInfo.InvariantCulture, $"client{client}"));
            for (var part = 0; part < 20; part++)
            {
                _ = (await server.PostAsync("runs/log-batch", Batch(own, Enumerable.Range(part * 20, 20), "loss"))).Ok;
                _ = (await server.PostAsync("runs/log-batch", Batch(shared, Enumerable.Range(part * 20, 20), $"loss{client}", "common"))).Ok;
            }

            (await StepsAsync(server, own, "loss")).ShouldBe(Enumerable.Range(0, 400).Select(step => (long)step));
        })));

        foreach (var key in Enumerable.Range(0, 8).Select(client => $"loss{client}").Append("common"))
        {
            (await StepsAsync(server, shared, key)).ShouldBe(Enumerable.Range(0, 400).Select(step => (long)step));
        }
    }

    [Fact]
    public async Task A_long_history_comes_in_pages_and_at_once()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunAsync();
        for (var part = 0; part < 21; part++)
        {
            _ = (await server.PostAsync("runs/log-batch", Batch(run, Enumerable.Range(part * 1000, 1000), "loss"))).Ok;
        }

        (await StepsAsync(server, run, "loss")).ShouldBe(Enumerable.Range(0, 21_000).Select(step => (long)step));
        var steps = new List<long>();
        for (string? token = ""; token is not null;)
        {
            var page = (await server.GetAsync($"metrics/get-history?run_id={run}&metric_key=loss&max_results=9000&page_token={Uri.EscapeDataString(token)}")).Ok;
            steps.AddRange(page["metrics"]!.AsArray().Select(point => point!["step"]!.GetValue<long>()));
            token = page["next_page_token"]?.GetValue<string>();
        }

        steps.ShouldBe(Enumerable.Range(0, 21_000).Select(step => (long)step));
        var sampled = (await server.GetAsync($"metrics/get-history-bulk-interval?run_ids={run}&metric_key=loss&max_results=100")).Ok["metrics"]!.AsArray();
        sampled.Count.ShouldBe(100);
        sampled[0]!["step"]!.GetValue<long>().ShouldBe(0);
        sampled[^1]!["step"]!.GetValue<long>().ShouldBe(20_999);
    }

    [Fact]
    public async Task Infinities_and_NaN_come_back_as_they_went()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunAsync();
        var batch = new JsonObject { ["run_id"] = run, ["metrics"] = new JsonArray() };
        foreach (var (value, step) in new[] { "NaN", "Infinity", "-Infinity" }.Select((value, step) => (value, step)))
        {
            batch["metrics"]!.AsArray().Add(new JsonObject { ["key"] = "m", ["value"] = value, ["timestamp"] = 1, ["step"] = step });
        }

        _ = (await server.PostAsync("runs/log-batch", batch)).Ok;

        (await server.GetAsync($"metrics/get-history?run_id={run}&metric_key=m")).Ok["metrics"]!.AsArray()
            .Select(point => point!["value"]!.GetValue<string>()).ShouldBe(["NaN", "Infinity", "-Infinity"]);
    }

    [Fact]
    public async Task Name_and_parent_are_tags_and_more()
    {
        await using var server = await TestServer.StartAsync();
        var parent = await server.CreateRunAsync(name: "parent");
        var child = await server.CreateRunAsync(name: "child", tags: ("mlflow.parentRunId", parent));
        _ = (await server.PostAsync("runs/set-tag", new JsonObject { ["run_id"] = child, ["key"] = "mlflow.runName", ["value"] = "renamed" })).Ok;

        var run = (await server.GetAsync($"runs/get?run_id={child}")).Ok["run"]!;

        run["info"]!["run_name"]!.GetValue<string>().ShouldBe("renamed");
        run["data"]!["tags"]!.AsArray().ToDictionary(tag => tag!["key"]!.GetValue<string>(), tag => tag!["value"]!.GetValue<string>())
            .ShouldBe(new Dictionary<string, string> { ["mlflow.runName"] = "renamed", ["mlflow.parentRunId"] = parent }, ignoreOrder: true);
        _ = (await server.PostAsync("runs/set-tag", new JsonObject { ["run_id"] = parent, ["key"] = "mlflow.parentRunId", ["value"] = child })).Ok;
        using var tracker = Tracker.OpenReadOnly(server.Store);
        tracker.GetRun(parent).ParentId.ShouldBeNull("no run is above itself");
        tracker.GetRun(child).ParentId.ShouldBe(parent);
        tracker.GetRun(child).Name.ShouldBe("renamed");
    }

    internal static JsonObject Batch(string run, IEnumerable<int> steps, params string[] keys) => new()
    {
        ["run_id"] = run,
        ["metrics"] = new JsonArray([.. keys.SelectMany(key => steps.Select(step => new JsonObject
        {
            ["key"] = key, ["value"] = Math.Sqrt(step), ["timestamp"] = 1_700_000_000_000 + (step / 3), ["step"] = step,
        }))]),
    };

    internal static async Task<IEnumerable<long>> StepsAsync(TestServer server, string run, string key) =>
        ((await server.GetAsync($"metrics/get-history?run_id={run}&metric_key={key}")).Ok["metrics"]?.AsArray() ?? []).Select(point => point!["step"]!.GetValue<long>()).ToList();

    private static JsonObject Pair(string key, string value) => new() { ["key"] = key, ["value"] = value };
}
