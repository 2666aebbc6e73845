using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>One store under both: what Roux's own API logs, clients see, and the reverse.</summary>
public class SharedStoreTests
{
    [Fact]
    public async Task Runs_and_models_of_Roux_appear_to_clients()
    {
        string runId = "", childId = "";
        await using var server = await TestServer.StartAsync(tracker =>
        {
            using var run = tracker.Experiment("films").StartRun("baseline", tags: new Dictionary<string, string> { ["team"] = "a" });
            runId = run.Id;
            run.Log("lr", 0.1).LogMetric("loss", 0.5, step: 1).LogMetric("loss", 0.25, step: 2);
            run.LogDataset(new Dataset("movies.csv", "sha256:1", "/data/movies.csv"), "training");
            run.LogText("model/model.txt", "weights");
            using var child = run.StartChild("fold-1");
            childId = child.Id;
            child.Finish();
            tracker.Models.Register("genre", runId, "model", "the first");
            tracker.Models.SetAlias("genre", "champion", 1);
        });

        var experiment = (await server.GetAsync("experiments/get-by-name?experiment_name=films")).Ok["experiment"]!["experiment_id"]!.GetValue<string>();
        var runs = (await server.PostAsync("runs/search", new JsonObject { ["experiment_ids"] = new JsonArray(experiment), ["filter"] = "params.lr = '0.1' AND metrics.loss < 0.3" })).Ok["runs"]!.AsArray();
        var run = runs.ShouldHaveSingleItem()!;
        run["info"]!["run_id"]!.GetValue<string>().ShouldBe(runId);
        run["info"]!["status"]!.GetValue<string>().ShouldBe("FINISHED");
        var input = run["inputs"]!["dataset_inputs"]!.AsArray().ShouldHaveSingleItem()!;
        JsonNode.Parse(input["dataset"]!["source"]!.GetValue<string>())!["uri"]!.GetValue<string>().ShouldBe("/data/movies.csv");
        (await LoggingTests.StepsAsync(server, runId, "loss")).ShouldBe([1L, 2L]);
        (await server.GetAsync($"{TestServer.Artifacts}{experiment}/{runId}/artifacts/model/model.txt")).Text.ShouldBe("weights");
        (await server.PostAsync("runs/search", new JsonObject { ["experiment_ids"] = new JsonArray(experiment), ["filter"] = $"tags.mlflow.parentRunId = '{runId}'" })).Ok["runs"]!
            .AsArray().ShouldHaveSingleItem()!["info"]!["run_id"]!.GetValue<string>().ShouldBe(childId);
        var version = (await server.GetAsync("registered-models/alias?name=genre&alias=champion")).Ok["model_version"]!;
        version["description"]!.GetValue<string>().ShouldBe("the first");
        version["source"]!.GetValue<string>().ShouldBe($"mlflow-artifacts:/{experiment}/{runId}/artifacts/model");
    }

    [Fact]
    public async Task What_clients_log_appears_to_Roux()
    {
        await using var server = await TestServer.StartAsync();
        var experiment = (await server.PostAsync("experiments/create", new JsonObject { ["name"] = "python" })).Ok["experiment_id"]!.GetValue<string>();
        var runId = await server.CreateRunAsync(experiment, "xgb", ("team", "b"));
        _ = (await server.PostAsync("runs/log-batch", LoggingTests.Batch(runId, Enumerable.Range(0, 10), "loss"))).Ok;
        _ = (await server.PostAsync("runs/log-parameter", new JsonObject { ["run_id"] = runId, ["key"] = "depth", ["value"] = "6" })).Ok;
        _ = (await server.SendAsync(HttpMethod.Put, $"{TestServer.Artifacts}{experiment}/{runId}/artifacts/model/a.txt", new StringContent("x"))).Ok;
        _ = (await server.PostAsync("registered-models/create", new JsonObject { ["name"] = "m" })).Ok;
        _ = (await server.PostAsync("model-versions/create", new JsonObject { ["name"] = "m", ["run_id"] = runId, ["source"] = $"mlflow-artifacts:/{experiment}/{runId}/artifacts/model" })).Ok;
        _ = (await server.PostAsync("runs/update", new JsonObject { ["run_id"] = runId, ["status"] = "FINISHED", ["end_time"] = 1_800_000_000_000 })).Ok;

        using var tracker = Tracker.Open(server.Store);
        var run = tracker.SearchRuns(new RunQuery { Experiments = ["python"], Filter = "params.depth = '6'" }).ShouldHaveSingleItem();
        run.Id.ShouldBe(runId);
        run.Status.ShouldBe(RunStatus.Finished);
        run.Tags["team"].ShouldBe("b");
        tracker.GetMetric(runId, "loss").Count.ShouldBe(10);
        var version = tracker.Models.Find("m")!;
        version.RunId.ShouldBe(runId);
        Directory.Exists(version.Location).ShouldBeTrue();
        tracker.Query("SELECT count(*) FROM models").Rows[0][0].ShouldBe(1L);
    }

    [Fact]
    public async Task A_run_that_a_client_left_open_outlives_the_server()
    {
        await using var server = await TestServer.StartAsync();
        var runId = await server.CreateRunAsync();
        using var tracker = Tracker.Open(server.Store);
        tracker.GetRun(runId).Status.ShouldBe(RunStatus.Running);
    }

    [Fact]
    public async Task Deleted_experiments_take_their_runs_along_and_bring_back_only_those()
    {
        await using var server = await TestServer.StartAsync();
        var experiment = (await server.PostAsync("experiments/create", new JsonObject { ["name"] = "e" })).Ok["experiment_id"]!.GetValue<string>();
        var (kept, dropped) = (await server.CreateRunAsync(experiment), await server.CreateRunAsync(experiment));
        _ = (await server.PostAsync("runs/delete", new JsonObject { ["run_id"] = dropped })).Ok;
        await Task.Delay(5);
        _ = (await server.PostAsync("experiments/delete", new JsonObject { ["experiment_id"] = experiment })).Ok;
        (await Stage(kept)).ShouldBe("deleted");
        _ = (await server.PostAsync("experiments/restore", new JsonObject { ["experiment_id"] = experiment })).Ok;
        (await Stage(kept)).ShouldBe("active");
        (await Stage(dropped)).ShouldBe("deleted");

        async Task<string> Stage(string run) => (await server.GetAsync($"runs/get?run_id={run}")).Ok["run"]!["info"]!["lifecycle_stage"]!.GetValue<string>();
    }
}
