using System.Net;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Api;

/// <summary>The lineage of runs, data and models, over the API.</summary>
public class LineageApiTests
{
    private const string Path = "/api/roux/v1/lineage";

    [Fact]
    public async Task A_run_leads_back_to_its_data_and_on_to_its_models()
    {
        var ids = new Dictionary<string, string>();
        await using var server = await TestServer.StartAsync(tracker => Fill(tracker, ids));
        var answer = await server.GetAsync($"{Path}?run_id={ids["train"]}");
        var edges = Edges(answer);
        edges.ShouldContain(("data:films.csv@" + new string('a', 64), "run:" + ids["train"], "training"));
        edges.ShouldContain(("run:" + ids["train"], "run:" + ids["part"], "part"));
        edges.ShouldContain(("run:" + ids["part"], "model:rater/1", "registered"));

        // What made the data is found, too, by the digest with its prefix and without.
        edges.ShouldContain(("run:" + ids["clean"], "data:films.csv@" + new string('a', 64), "output"));
        edges.ShouldContain(("data:raw.json@77", "run:" + ids["clean"], "input"));

        var model = Edges(await server.GetAsync($"{Path}?model=rater&version=1"));
        model.ShouldContain(("data:films.csv@" + new string('a', 64), "run:" + ids["train"], "training"));
        var data = await server.GetAsync($"{Path}?dataset=raw.json&digest=77");
        Edges(data).ShouldContain(("run:" + ids["part"], "model:rater/1", "registered"));
    }

    [Fact]
    public async Task A_lineage_is_bounded_and_says_what_it_left_out()
    {
        await using var server = await TestServer.StartAsync(tracker =>
        {
            for (var i = 0; i < 25; i++)
            {
                using var run = tracker.Experiment("e").StartRun("r" + i);
                run.LogDataset(new Dataset("d", "1", "s"), "training");
            }
        });
        var answer = (await server.GetAsync($"{Path}?dataset=d")).Ok;
        answer["nodes"]!.AsArray().Count.ShouldBe(11);
        var gap = answer["left_out"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)gap["kind"], (long?)gap["count"]).ShouldBe(("run", 15));
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "lineage needs one of")]
    [InlineData("?dataset=nothing", HttpStatusCode.NotFound, "no data set 'nothing'")]
    [InlineData("?run_id=nothing", HttpStatusCode.NotFound, "nothing")]
    [InlineData("?model=nothing&version=1", HttpStatusCode.NotFound, "nothing")]
    [InlineData("?model=rater&version=9", HttpStatusCode.NotFound, "version=9")]
    [InlineData("?model=rater&version=-1", HttpStatusCode.BadRequest, "-1")]
    public async Task What_is_not_there_is_told(string query, HttpStatusCode status, string told)
    {
        await using var server = await TestServer.StartAsync(tracker => Fill(tracker, []));
        var answer = await server.GetAsync(Path + query);
        answer.Status.ShouldBe(status);
        answer.Text.ShouldContain(told);
    }

    private static List<(string, string, string)> Edges(TestServer.Answer answer) =>
        [.. answer.Ok["edges"]!.AsArray().Select(edge => ((string)edge!["from"]!, (string)edge["to"]!, (string)edge["as"]!))];

    private static void Fill(Tracker tracker, Dictionary<string, string> ids)
    {
        var films = new Dataset("films.csv", new string('a', 64), "/d/films.csv");
        using (var clean = tracker.Experiment("e").StartRun("clean"))
        {
            ids["clean"] = clean.Id;
            clean.LogDataset(new Dataset("raw.json", "77", "/d/raw.json"), "input").LogDataset(films with { Digest = "sha256:" + films.Digest }, "output");
        }

        using var train = tracker.Experiment("e").StartRun("train");
        ids["train"] = train.Id;
        train.LogDataset(films, "training").LogDataset(films with { Digest = "sha256:" + films.Digest }, "input");
        using (var part = train.StartChild("part"))
        {
            ids["part"] = part.Id;
            part.LogText("model/model.txt", "x");
            part.Finish();
        }

        train.Flush();
        tracker.Models.Register("rater", ids["part"], "model");
    }
}
