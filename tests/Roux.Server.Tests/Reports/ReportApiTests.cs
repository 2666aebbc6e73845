using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Roux.Server.Tests.Security;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Reports;

/// <summary>Reports through the API: versions, who sees what, files, public links.</summary>
public class ReportApiTests
{
    private const string Reports = "/api/roux/v1/reports";

    [Fact]
    public async Task A_report_is_written_read_changed_and_undone()
    {
        await using var team = await Team.StartAsync();
        var things = await team.FillAsync("maker", "films-1");
        var id = await CreateAsync(team, "maker", "First", Text("Hello"), Lines(things.Run));
        var path = $"{Reports}/{id}";
        var read = (await team.GetAsync("looker", path)).Ok;
        read["project"]!.GetValue<string>().ShouldBe("films");
        read["blocks"]!.AsArray().Select(block => block!["kind"]!.GetValue<string>()).ShouldBe(["markdown", "lines"]);

        (await team.SendAsync("maker", HttpMethod.Put, path, new JsonObject { ["version"] = 1, ["title"] = "Second", ["blocks"] = new JsonArray(Text("Bye")) })).Ok["version"]!.GetValue<int>().ShouldBe(2);
        var late = await team.SendAsync("ed", HttpMethod.Put, path, new JsonObject { ["version"] = 1, ["title"] = "Third", ["blocks"] = new JsonArray() });
        late.Status.ShouldBe(HttpStatusCode.Conflict);
        late.Text.ShouldContain("maker saved version 2 meanwhile");

        (await team.PostAsync("maker", path + "/revert", new JsonObject { ["version"] = 1 })).Ok["version"]!.GetValue<int>().ShouldBe(3);
        (await team.GetAsync("maker", path)).Ok["title"]!.GetValue<string>().ShouldBe("First");
        (await team.GetAsync("maker", path + "?version=2")).Ok["title"]!.GetValue<string>().ShouldBe("Second");
        (await team.GetAsync("maker", path + "/versions")).Ok["versions"]!.AsArray().Count.ShouldBe(3);

        _ = (await team.SendAsync("maker", HttpMethod.Delete, path)).Ok;
        (await team.GetAsync("maker", Reports)).Ok["reports"]!.AsArray().ShouldBeEmpty();
        _ = (await team.PostAsync("maker", path + "/restore", new JsonObject())).Ok;
        (await team.GetAsync("maker", Reports)).Ok["reports"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_reader_gets_no_data_of_projects_that_they_do_not_see()
    {
        await using var team = await Team.StartAsync();
        var films = await team.FillAsync("maker", "films-1");
        var books = await team.FillAsync("stranger", "books-1");
        var id = await CreateAsync(team, "maker", "Both");
        foreach (var (run, freeze) in new[] { (films.Run, true), (books.Run, true), (books.Run, false) })
        {
            _ = (await team.PostAsync("ed", $"{Reports}/{id}/blocks", new JsonObject { ["block"] = Lines(run), ["freeze"] = freeze })).Ok;
        }

        var blocks = (await team.GetAsync("looker", $"{Reports}/{id}")).Ok["blocks"]!.AsArray();
        blocks[0]!["data"].ShouldNotBeNull();
        blocks[1]!["data"].ShouldBeNull();
        blocks[1]!["withheld"]!.GetValue<bool>().ShouldBeTrue();
        (await team.GetAsync("ed", $"{Reports}/{id}")).Ok["blocks"]![1]!["data"].ShouldNotBeNull();

        // What was not given is not lost when the report is sent back.
        _ = (await team.SendAsync("maker", HttpMethod.Put, $"{Reports}/{id}", new JsonObject { ["version"] = 4, ["title"] = "Both", ["blocks"] = blocks.DeepClone() })).Ok;
        (await team.GetAsync("ed", $"{Reports}/{id}")).Ok["blocks"]![1]!["data"].ShouldNotBeNull();

        var html = (await team.GetAsync("looker", $"{Reports}/{id}/export.html")).Text;
        html.Split("<svg role").Length.ShouldBe(2);
        html.ShouldContain("in projects that you do not see");
        (await team.GetAsync("stranger", $"{Reports}/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Files_hold_pictures_and_no_script()
    {
        await using var team = await Team.StartAsync();
        var things = await team.FillAsync("maker", "films-1");
        var id = await CreateAsync(
            team, "maker", "<script>alert(1)</script>", Text("# Heading\n<script>alert(2)</script>"), Lines(things.Run), new JsonObject { ["kind"] = "runs", ["view"] = "/runs?q=metrics.loss > 0" },
            new JsonObject { ["kind"] = "plot", ["title"] = "P", ["data"] = new JsonObject { ["kind"] = "bar", ["title"] = "P", ["x_title"] = "x", ["y_title"] = "y", ["log_y"] = false, ["labels"] = new JsonArray("a", "b"), ["series"] = new JsonArray(new JsonObject { ["name"] = "s", ["x"] = new JsonArray(), ["y"] = new JsonArray(1, 2) }) } });
        var html = (await team.GetAsync("maker", $"{Reports}/{id}/export.html")).Text;
        html.ShouldNotContain("<script");
        html.ShouldContain("&lt;script&gt;alert(1)");
        html.Split("<svg role").Length.ShouldBe(3);
        html.ShouldContain("<table");
        html.ShouldNotContain("src=\"http");

        using var request = new HttpRequestMessage(HttpMethod.Get, team.Server.Address + $"{Reports}/{id}/export.zip");
        request.Headers.Authorization = new("Bearer", team.Keys["maker"]);
        using var client = new HttpClient();
        using var answer = await client.SendAsync(request);
        await using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        zip.Entries.Select(entry => entry.FullName).ShouldBe(["pictures/01.svg", "data/01.csv", "pictures/02.svg", "data/02.csv", "report.md"], ignoreOrder: true);
        using var reader = new StreamReader(await zip.GetEntry("report.md")!.OpenAsync());
        (await reader.ReadToEndAsync()).ShouldContain("](pictures/01.svg)");
    }

    [Fact]
    public async Task A_public_link_works_only_while_it_is_allowed_and_not_ended()
    {
        await using var team = await Team.StartAsync();
        var things = await team.FillAsync("maker", "films-1");
        var id = await CreateAsync(team, "maker", "Shown", Lines(things.Run));
        var link = $"{Reports}/{id}/link";
        (await team.PostAsync("maker", link, new JsonObject())).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await team.SendAsync("maker", HttpMethod.Put, "/api/roux/v1/settings", new JsonObject { ["public_report_links"] = true })).Status.ShouldBe(HttpStatusCode.Forbidden);
        _ = (await team.SendAsync("root", HttpMethod.Put, "/api/roux/v1/settings", new JsonObject { ["public_report_links"] = true })).Ok;
        var path = (await team.PostAsync("maker", link, new JsonObject())).Ok["path"]!.GetValue<string>();
        var shown = await team.Server.SendAsync(HttpMethod.Get, path, null);
        shown.Status.ShouldBe(HttpStatusCode.OK);
        shown.Text.ShouldContain("Shown");
        shown.Text.ShouldContain("<svg role");
        (await team.Server.SendAsync(HttpMethod.Get, path + "x", null)).Status.ShouldBe(HttpStatusCode.NotFound);

        _ = (await team.SendAsync("root", HttpMethod.Put, "/api/roux/v1/settings", new JsonObject { ["public_report_links"] = false })).Ok;
        (await team.Server.SendAsync(HttpMethod.Get, path, null)).Status.ShouldBe(HttpStatusCode.NotFound);
        _ = (await team.SendAsync("root", HttpMethod.Put, "/api/roux/v1/settings", new JsonObject { ["public_report_links"] = true })).Ok;
        _ = (await team.SendAsync("maker", HttpMethod.Delete, link)).Ok;
        (await team.Server.SendAsync(HttpMethod.Get, path, null)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await team.GetAsync("vi", "/api/roux/v1/audit?action=report.*")).Ok["entries"]!.AsArray().Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"kind":"picture"}""", "kind 'picture'")]
    [InlineData("""{"kind":"lines"}""", "series")]
    [InlineData("""{"kind":"runs","view":"/models"}""", "view")]
    [InlineData("""{"kind":"plot","data":3}""", "data")]
    [InlineData("""{"kind":"markdown","text":7}""", "text")]
    public async Task What_is_no_block_is_refused_with_its_name(string block, string named)
    {
        await using var team = await Team.StartAsync();
        var answer = await team.PostAsync("ed", Reports, new JsonObject { ["title"] = "t", ["blocks"] = new JsonArray(JsonNode.Parse(block)) });
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Text.ShouldContain(named);
    }

    [Fact]
    public async Task Views_are_their_owners_until_they_are_shared()
    {
        await using var team = await Team.StartAsync();
        var things = await team.FillAsync("maker", "films-1");
        const string views = "/api/roux/v1/views";
        var of = $"?experiment_id={things.Experiment}";
        _ = (await team.PostAsync("looker", views, new JsonObject { ["experiment_id"] = things.Experiment, ["view_name"] = "mine", ["query"] = "?q=a" })).Ok;
        (await team.PostAsync("looker", views, new JsonObject { ["experiment_id"] = things.Experiment, ["view_name"] = "x", ["shared"] = true })).Status.ShouldBe(HttpStatusCode.Forbidden);
        var shared = (await team.PostAsync("maker", views, new JsonObject { ["experiment_id"] = things.Experiment, ["view_name"] = "ours", ["query"] = "?q=b", ["shared"] = true })).Ok["id"]!.GetValue<string>();
        (await team.GetAsync("maker", views + of)).Ok["views"]!.AsArray().Select(view => view!["name"]!.GetValue<string>()).ShouldBe(["ours"]);
        (await team.GetAsync("looker", views + of)).Ok["views"]!.AsArray().Count.ShouldBe(2);
        (await team.SendAsync("looker", HttpMethod.Delete, $"{views}/{shared}")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await team.SendAsync("stranger", HttpMethod.Delete, $"{views}/{shared}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await team.SendAsync("ed", HttpMethod.Put, $"{views}/{shared}", new JsonObject { ["view_name"] = "all of us", ["default"] = true })).Ok["default"]!.GetValue<bool>().ShouldBeTrue();
        _ = (await team.SendAsync("maker", HttpMethod.Delete, $"{views}/{shared}")).Ok;
        (await team.GetAsync("looker", views + of)).Ok["views"]!.AsArray().Count.ShouldBe(1);
    }

    private static async Task<string> CreateAsync(Team team, string user, string title, params JsonObject[] blocks) =>
        (await team.PostAsync(user, Reports, new JsonObject { ["title"] = title, ["blocks"] = new JsonArray([.. blocks]) })).Ok["id"]!.GetValue<string>();

    private static JsonObject Text(string text) => new() { ["kind"] = "markdown", ["text"] = text };

    private static JsonObject Lines(string run) => new() { ["kind"] = "lines", ["title"] = "loss", ["series"] = new JsonArray(new JsonObject { ["run_id"] = run, ["metric"] = "loss" }) };
}
