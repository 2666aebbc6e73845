using System.Net;
using System.Text.Json.Nodes;
using Roux.Server.Tests.Security;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Api;

/// <summary>What admins look after through the API.</summary>
public sealed class AdminApiTests
{
    private const string Api = "/api/roux/v1";

    [Fact]
    public async Task A_cleanup_looks_first_then_removes_and_names_who_asked()
    {
        await using var team = await Team.StartAsync();
        var things = await team.FillAsync("maker", "films-1");
        var spare = (await team.PostAsync("maker", "runs/create", new JsonObject { ["experiment_id"] = things.Experiment })).Ok["run"]!["info"]!["run_id"]!.GetValue<string>();
        _ = (await team.PostAsync("maker", "runs/delete", new JsonObject { ["run_id"] = spare })).Ok;
        (await team.GetAsync("root", $"{Api}/storage")).Ok["experiments"]!.AsArray().Single(one => one!["experiment_id"]!.GetValue<string>() == things.Experiment)!["deleted_runs"]!.GetValue<long>().ShouldBe(1);

        var look = await CleanedAsync(team, new JsonObject { ["deleted_for_days"] = 0 });
        look["dry_run"]!.GetValue<bool>().ShouldBeTrue();
        look["report"]!["runs"]!.GetValue<long>().ShouldBe(1);
        (await team.GetAsync("maker", $"runs/get?run_id={spare}")).Status.ShouldBe(HttpStatusCode.OK);

        (await CleanedAsync(team, new JsonObject { ["deleted_for_days"] = 0, ["yes"] = true }))["report"]!["runs"]!.GetValue<long>().ShouldBe(1);
        (await team.GetAsync("maker", $"runs/get?run_id={spare}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await team.GetAsync("root", $"{Api}/audit?action=runs.removed")).Ok["entries"]![0]!["actor"]!.GetValue<string>().ShouldBe("root");
        (await team.PostAsync("root", $"{Api}/gc", new JsonObject { ["older_than_days"] = -1 })).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_disabled_user_is_out_at_once_and_back_with_the_same_key()
    {
        await using var team = await Team.StartAsync();
        (await team.GetAsync("ed", $"{Api}/me")).Status.ShouldBe(HttpStatusCode.OK);
        _ = (await team.SendAsync("root", HttpMethod.Put, $"{Api}/users/ed/disabled", new JsonObject { ["disabled"] = true })).Ok;
        (await team.GetAsync("ed", $"{Api}/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await team.GetAsync("root", $"{Api}/users")).Ok["users"]!.AsArray().Single(user => user!["name"]!.GetValue<string>() == "ed")!["disabled"]!.GetValue<bool>().ShouldBeTrue();
        _ = (await team.SendAsync("root", HttpMethod.Put, $"{Api}/users/ed/disabled", new JsonObject { ["disabled"] = false })).Ok;
        (await team.GetAsync("ed", $"{Api}/me")).Status.ShouldBe(HttpStatusCode.OK);
        (await team.SendAsync("root", HttpMethod.Put, $"{Api}/users/root/disabled", new JsonObject { ["disabled"] = true })).Text.ShouldContain("last admin");
        (await team.SendAsync("root", HttpMethod.Put, $"{Api}/users/ed/disabled", new JsonObject())).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_disabled_webhook_is_told_nothing()
    {
        await using var team = await Team.StartAsync();
        var id = (await team.PostAsync("root", $"{Api}/webhooks", new JsonObject { ["url"] = "https://hook.invalid/", ["events"] = new JsonArray("model.created") })).Ok["id"]!.GetValue<string>();
        _ = (await team.SendAsync("root", HttpMethod.Put, $"{Api}/webhooks/disabled", new JsonObject { ["id"] = id, ["disabled"] = true })).Ok;
        _ = (await team.PostAsync("ed", "registered-models/create", new JsonObject { ["name"] = "one" })).Ok;
        (await team.GetAsync("root", $"{Api}/webhooks/deliveries")).Ok["deliveries"]!.AsArray().ShouldBeEmpty();
        _ = (await team.SendAsync("root", HttpMethod.Put, $"{Api}/webhooks/disabled", new JsonObject { ["id"] = id, ["disabled"] = false })).Ok;
        _ = (await team.PostAsync("ed", "registered-models/create", new JsonObject { ["name"] = "two" })).Ok;
        (await team.GetAsync("root", $"{Api}/webhooks/deliveries")).Ok["deliveries"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_schedule_with_a_filter_that_is_none_is_told_at_the_start()
    {
        var folder = Directory.CreateTempSubdirectory("roux-retention-");
        try
        {
            var options = new ServerOptions { Store = Path.Combine(folder.FullName, "store"), Port = 0, Retention = new RetentionSchedule(TimeSpan.FromDays(1), new CleanupOptions { Filter = "metrics.a ~ 2" }) };
            (await Should.ThrowAsync<ServerException>(() => RouxServer.StartAsync(options))).Message.ShouldStartWith("--gc-filter:");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<JsonNode> CleanedAsync(Team team, JsonObject rules)
    {
        _ = (await team.PostAsync("root", $"{Api}/gc", rules)).Ok;
        for (var wait = 0; ; wait++)
        {
            var state = (await team.GetAsync("root", $"{Api}/gc")).Ok;
            if (state["state"]!.GetValue<string>() != "running" || wait == 200)
            {
                state["state"]!.GetValue<string>().ShouldBe("done", state.ToJsonString());
                return state;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
