using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>Names and descriptions that are scripts, or far too long.</summary>
public class HostileTextTests
{
    private const string Script = "\"></script><script>alert(1)</script><img src=x onerror='alert(2)'>";

    [Fact]
    public async Task What_a_browser_would_run_is_never_served_as_a_page()
    {
        await using var server = await TestServer.StartAsync();
        var experiment = (await server.PostAsync("experiments/create", new JsonObject { ["name"] = Script })).Ok["experiment_id"]!.GetValue<string>();
        var run = await server.CreateRunAsync(experiment, Script, ("note", Script), ("mlflow.note.content", Script));
        _ = (await server.PostAsync("runs/log-batch", new JsonObject { ["run_id"] = run, ["params"] = new JsonArray(new JsonObject { ["key"] = "p", ["value"] = Script }) })).Ok;
        _ = (await server.PostAsync("registered-models/create", new JsonObject { ["name"] = "m", ["description"] = Script, ["tags"] = new JsonArray(new JsonObject { ["key"] = "t", ["value"] = Script }) })).Ok;
        var shown = 0;
        foreach (var path in new[]
        {
            $"{TestServer.Api}experiments/get?experiment_id={experiment}", $"{TestServer.Api}experiments/search?max_results=10", $"{TestServer.Api}runs/get?run_id={run}",
            $"{TestServer.Api}registered-models/get?name=m", $"{TestServer.Api}registered-models/search",
            $"{TestServer.Api}experiments/get-by-name?experiment_name={Uri.EscapeDataString(Script)}", $"{TestServer.Api}runs/get?run_id={Uri.EscapeDataString(Script)}",
            $"{TestServer.Api}registered-models/get?name={Uri.EscapeDataString(Script)}", "/" + Uri.EscapeDataString(Script), $"/get-artifact?run_id={run}&path={Uri.EscapeDataString(Script)}",
        })
        {
            using var response = await server.Client.GetAsync(path);
            var text = await response.Content.ReadAsStringAsync();
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], path);
            if (response.Content.Headers.ContentType?.MediaType == "application/json")
            {
                shown += JsonNode.Parse(text)!.ToJsonString().Contains("alert", StringComparison.Ordinal) ? 1 : 0;
            }
            else
            {
                text.ShouldNotContain("<script>alert", Case.Insensitive, path);
                text.ShouldNotContain("<img src=x", Case.Insensitive, path);
            }
        }

        shown.ShouldBeGreaterThan(4, "the texts themselves are kept as they are");
    }

    [Theory]
    [InlineData("experiments/create", "name", 501)]
    [InlineData("runs/create", "run_name", 20_000)]
    [InlineData("runs/create", "user_id", 20_000)]
    [InlineData("runs/log-parameter", "key", 300)]
    [InlineData("runs/log-parameter", "value", 6_001)]
    [InlineData("runs/log-metric", "key", 300)]
    [InlineData("runs/set-tag", "key", 300)]
    [InlineData("runs/set-tag", "value", 20_000)]
    [InlineData("experiments/set-experiment-tag", "key", 300)]
    [InlineData("registered-models/create", "name", 2_000)]
    [InlineData("registered-models/set-tag", "key", 300)]
    [InlineData("registered-models/alias", "alias", 2_000)]
    public async Task What_is_too_long_is_refused_by_name(string path, string field, int length)
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunAsync();
        _ = (await server.PostAsync("registered-models/create", new JsonObject { ["name"] = "m" })).Ok;
        var body = new JsonObject
        {
            ["run_id"] = run, ["experiment_id"] = "0", ["name"] = path.EndsWith("create", StringComparison.Ordinal) ? "new" : "m", ["key"] = "k",
            ["value"] = path.EndsWith("metric", StringComparison.Ordinal) ? 1 : "v", ["timestamp"] = 1, ["step"] = 0, ["alias"] = "a", ["version"] = "1",
        };
        body[field] = new string('x', length);
        var answer = await server.PostAsync(path, body);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        answer.Error.ShouldBe("INVALID_PARAMETER_VALUE");
        answer.Text.Length.ShouldBeLessThan(3_000, "it is not sent back whole");
    }
}
