using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Roux.Browser.Tests;

/// <summary>A report as somebody would write one: text, a live chart, a frozen one, groups, and a plot.</summary>
internal static class DemoReport
{
    private const string Path = "/api/roux/v1/reports";

    public static async Task<string> CreateAsync(string address, IReadOnlyList<string> runs)
    {
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        var id = (await SendAsync(client, HttpMethod.Post, Path, new JsonObject
        {
            ["title"] = "Genres: which family to take further",
            ["blocks"] = new JsonArray(
                Text("## In short\n\nFour families, ten runs each. **Boosted trees** lead by macro F1, and the gap to the forest is within its spread.\n\n- the leak by `popularity` is out since Monday\n- the next step is calibration"),
                Lines("val/loss of the four families", "val/loss", runs),
                new JsonObject { ["kind"] = "runs", ["title"] = "By family", ["view"] = "/experiments/1?group=params.learner" }),
        }))["id"]!.GetValue<string>();
        await SendAsync(client, HttpMethod.Post, $"{Path}/{id}/blocks", new JsonObject { ["block"] = Lines("val/accuracy, as it stood", "val/accuracy", runs), ["freeze"] = true });
        await SendAsync(client, HttpMethod.Post, $"{Path}/{id}/blocks", new JsonObject { ["block"] = Text("### What is left\n\n| question | who |\n|---|---|\n| does it hold on 2025? | rita |\n| is it fast enough? | jo |") });
        return id;
    }

    private static JsonObject Text(string text) => new() { ["kind"] = "markdown", ["text"] = text };

    private static JsonObject Lines(string title, string metric, IReadOnlyList<string> runs) => new()
    {
        ["kind"] = "lines", ["title"] = title, ["smoothing"] = 0.6, ["series"] = new JsonArray([.. runs.Select(run => new JsonObject { ["run_id"] = run, ["metric"] = metric })]),
    };

    private static async Task<JsonNode> SendAsync(HttpClient client, HttpMethod method, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
