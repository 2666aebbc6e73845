using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Roux.Learning.Studies;
using Roux.Server;
using Roux.Tracking;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Studies;

/// <summary>What the pages ask of a study reaches the real <c>roux tune</c> that runs it, and is done once.</summary>
public sealed class StudyRequestTests
{
    private const string Space = """{"x": {"type": "float", "low": 0, "high": 1}, "kind": {"type": "categorical", "choices": ["a", "b"]}}""";

    // A trial tells a value on the way at once, and ends when its file of that name is there.
    private const string Program = "echo step=0 loss={x}; while [ ! -e go ] && [ ! -e go-$ROUX_TRIAL ]; do sleep 0.05; done; echo step=1 loss={x}";

    [Fact]
    public async Task Trials_are_enqueued_added_and_stopped_while_the_study_runs()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        using var tune = RouxProcess.Start(folder.Path, Arguments("2"));
        await using var server = await ServeAsync(folder.Path);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        using var store = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var study = await StudyAsync(store);

        await AskAsync(client, new JsonObject { ["run_id"] = study, ["do"] = "enqueue", ["params"] = new JsonObject { ["x"] = 0.125, ["kind"] = "b" } });
        await AskAsync(client, new JsonObject { ["run_id"] = study, ["do"] = "add", ["count"] = 1 });
        await UntilAsync(() => Heard(store, study) == 2);
        folder.Write("go-0", "");
        await UntilAsync(() => Trials(store, study).Count == 2 && Trials(store, study)[1].State == TrialState.Running && Trials(store, study)[1].Reports.Count > 0);
        await AskAsync(client, new JsonObject { ["run_id"] = study, ["do"] = "stop_trial", ["trial"] = 1 });
        await UntilAsync(() => Trials(store, study)[1].State == TrialState.Pruned);
        folder.Write("go", "");
        var end = tune.Wait();

        // Two that it was begun for, one enqueued, one added.
        end.ExitCode.ShouldBe(0, end.Error);
        end.Json["trials"]!.GetValue<int>().ShouldBe(4);
        end.Json["complete"]!.GetValue<int>().ShouldBe(3);
        end.Json["pruned"]!.GetValue<int>().ShouldBe(1);
        Trials(store, study)[1].Configuration.ShouldBe(Configuration.Of(("x", 0.125), ("kind", "b")));
        Heard(store, study).ShouldBe(3);
        store.GetRun(study).Status.ShouldBe(RunStatus.Finished);
    }

    [Fact]
    public async Task A_study_is_stopped_and_gone_on_with_as_far_as_was_asked_meanwhile()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        folder.Write("go-0", "");
        string study;
        using (var tune = RouxProcess.Start(folder.Path, Arguments("3")))
        {
            await using var server = await ServeAsync(folder.Path);
            using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
            using var store = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
            study = await StudyAsync(store);
            await UntilAsync(() => Trials(store, study).Count == 2);
            await AskAsync(client, new JsonObject { ["run_id"] = study, ["do"] = "stop" });
            var end = tune.Wait();
            end.ExitCode.ShouldBe(130, end.Error);
            end.Error.ShouldContain("stopped from the workbench");
            store.GetRun(study).Status.ShouldBe(RunStatus.Killed);

            var late = await client.PostAsJsonAsync("/api/roux/v1/studies/request", new JsonObject { ["run_id"] = study, ["do"] = "stop" });
            late.IsSuccessStatusCode.ShouldBeFalse();
            (await late.Content.ReadAsStringAsync()).ShouldContain("nothing to stop");
            var wrong = await client.PostAsJsonAsync("/api/roux/v1/studies/request", new JsonObject { ["run_id"] = study, ["do"] = "enqueue", ["params"] = new JsonObject { ["x"] = 7, ["kind"] = "b" } });
            (await wrong.Content.ReadAsStringAsync()).ShouldContain("is not in [0, 1]");
            await AskAsync(client, new JsonObject { ["run_id"] = study, ["do"] = "enqueue", ["params"] = new JsonObject { ["x"] = 0.0625, ["kind"] = "a" } });
        }

        folder.Write("go", "");
        var resumed = RouxProcess.Run(folder.Path, [.. Arguments("3")[..1], "--resume", .. Arguments("3")[1..]]);
        resumed.ExitCode.ShouldBe(0, resumed.Error);
        resumed.Json["complete"]!.GetValue<int>().ShouldBe(4);

        // More of a study that is finished.
        await using (var server = await ServeAsync(folder.Path))
        {
            using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
            await AskAsync(client, new JsonObject { ["run_id"] = study, ["do"] = "add", ["count"] = 2 });
        }

        var more = RouxProcess.Run(folder.Path, [.. Arguments("3")[..1], "--resume", .. Arguments("3")[1..]]);
        more.ExitCode.ShouldBe(0, more.Error);
        more.Json["run_id"]!.GetValue<string>().ShouldBe(study);
        more.Json["complete"]!.GetValue<int>().ShouldBe(6);
        RouxProcess.Run(folder.Path, [.. Arguments("3")[..1], "--resume", .. Arguments("3")[1..]]).ExitCode.ShouldBe(2);
        using var after = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        Trials(after, study).Select(trial => trial.Configuration).ShouldContain(Configuration.Of(("x", 0.0625), ("kind", "a")));
    }

    [Fact]
    public void A_request_is_read_as_it_was_written_and_nonsense_is_none()
    {
        var request = StudyRequest.Of(StudyRequestKind.Enqueue, "rita", DateTimeOffset.UtcNow) with { Settings = Configuration.Of(("x", 0.5), ("n", 3L), ("s", "t")) };
        var read = StudyRequest.Of(new Dictionary<string, string> { [request.Tag] = request.ToJson().ToJsonString(), [StudyRequest.Prefix + "2"] = "{", [StudyRequest.Prefix + "3"] = """{"do":"dance"}""", [StudyRequest.Prefix + "4"] = """{"do":"add","count":"x"}""" });
        read.ShouldHaveSingleItem().ShouldBe(request);
    }

    private static string[] Arguments(string trials) => ["tune", "--name", "asked", "--space", "space.json", "--metric", "loss", "--trials", trials, "--seed", "1", "--json", "--", "sh", "-c", Program];

    private static async Task<RouxServer> ServeAsync(string folder)
    {
        await UntilAsync(() => File.Exists(Path.Combine(folder, ".roux", "roux.db")));
        return await RouxServer.StartAsync(new ServerOptions { Store = Path.Combine(folder, ".roux"), Port = 0 });
    }

    private static async Task<string> StudyAsync(Tracker store)
    {
        await UntilAsync(() => store.SearchRuns(new RunQuery { Filter = "tags.`roux.trial` != ''", MaxResults = 1 }).Count > 0);
        return store.SearchRuns(new RunQuery { Filter = "tags.`roux.study.key` != ''" }).ShouldHaveSingleItem().Id;
    }

    private static async Task AskAsync(HttpClient client, JsonObject body)
    {
        var answer = await client.PostAsJsonAsync("/api/roux/v1/studies/request", body);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    private static IReadOnlyList<Trial> Trials(Tracker store, string study) => new StudyReader(store, study).Read().Trials;

    private static int Heard(Tracker store, string study) => store.GetRun(study).Tags.Count(tag => tag.Key.StartsWith(StudyRequest.HeardPrefix, StringComparison.Ordinal) && tag.Value == StudyRequest.Done);

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 1200 && !holds(); i++)
        {
            await Task.Delay(25);
        }

        holds().ShouldBeTrue();
    }
}
