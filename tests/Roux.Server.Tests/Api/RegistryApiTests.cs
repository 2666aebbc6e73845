using System.Net;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Api;

/// <summary>The registry's own API, and gates enforced on MLflow clients.</summary>
public sealed class RegistryApiTests
{
    private const string Own = "/api/roux/v1/";

    [Fact]
    public async Task A_version_says_what_it_is_made_of()
    {
        await using var server = await TestServer.StartAsync(Fill);
        var version = (await server.GetAsync(Own + "model-versions/get?name=films&version=1")).Ok;
        version["digest"]!.GetValue<string>().ShouldStartWith("sha256:");
        version["lineage"]!["code"]!["commit"]!.GetValue<string>().ShouldBe(new string('a', 40));
        version["registered_by"]!.GetValue<string>().ShouldBe("rita");
        (await server.PostAsync(Own + "model-versions/verify", Named(1))).Ok["intact"]!.GetValue<bool>().ShouldBeTrue();
        (await server.GetAsync(Own + "model-versions/get?name=films&version=7")).Error.ShouldBe("RESOURCE_DOES_NOT_EXIST");
        (await server.GetAsync(Own + "model-versions/get?name=films&version=x")).Error.ShouldBe("INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task Gates_hold_for_clients_of_MLflow()
    {
        await using var server = await TestServer.StartAsync(Fill);
        var rules = JsonNode.Parse("""{"applies_to": {"stages": ["Production"], "aliases": ["champion"]}, "rules": [{"rule": "metric", "metric": "f1", "at_least": 0.6}, "approvals"]}""")!;
        _ = (await server.SendAsync(HttpMethod.Put, Own + "models/gates", TestServer.Json(new JsonObject { ["name"] = "films", ["rules"] = rules }.ToJsonString()))).Ok;
        (await server.GetAsync(Own + "models/gates?name=films")).Ok["rules"]!["rules"]!.AsArray().Count.ShouldBe(2);

        var refused = await Promote(server, 1);
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Error.ShouldBe("PERMISSION_DENIED");
        refused.Text.ShouldContain("f1 at least 0.6: f1 is 0.5");
        refused.Text.ShouldContain("1 approval");
        var alias = await server.PostAsync("registered-models/alias", new JsonObject { ["name"] = "films", ["alias"] = "champion", ["version"] = "1" });
        alias.Status.ShouldBe(HttpStatusCode.Forbidden);

        (await server.PostAsync(Own + "model-versions/approve", Named(2))).Error.ShouldBe("INVALID_PARAMETER_VALUE");
        var approval = Named(2);
        approval["reason"] = "looked at the errors";
        (await server.PostAsync(Own + "model-versions/approve", approval)).Ok["approvals"]![0]!["actor"]!.GetValue<string>().ShouldBe("anonymous");
        (await server.PostAsync(Own + "model-versions/gate", Named(2))).Ok["passed"]!.GetValue<bool>().ShouldBeTrue();
        (await server.GetAsync(Own + "model-versions/gate-results?name=films&version=2")).Ok["gate_results"]!.AsArray().Count.ShouldBe(1);
        (await Promote(server, 2)).Ok["model_version"]!["current_stage"]!.GetValue<string>().ShouldBe("Production");
        _ = (await server.PostAsync("registered-models/alias", new JsonObject { ["name"] = "films", ["alias"] = "champion", ["version"] = "2" })).Ok;

        _ = (await server.PostAsync(Own + "model-versions/withdraw-approval", Named(2))).Ok;
        (await server.PostAsync(Own + "model-versions/gate", Named(2))).Ok["passed"]!.GetValue<bool>().ShouldBeFalse();
        _ = (await server.SendAsync(HttpMethod.Delete, Own + "models/gates", TestServer.Json("""{"name": "films"}"""))).Ok;
        _ = (await Promote(server, 1)).Ok;
    }

    [Fact]
    public async Task Rules_may_be_YAML_and_wrong_ones_are_told()
    {
        await using var server = await TestServer.StartAsync(Fill);
        var call = Named(2);
        call["rules"] = "rules:\n  - rule: metric\n    metric: f1\n    at_least: 0.9\n";
        var report = (await server.PostAsync(Own + "model-versions/gate", call)).Ok;
        report["results"]![1]!["outcome"]!.GetValue<string>().ShouldBe("fail");
        report["results"]![1]!["numbers"]!["value"]!.GetValue<double>().ShouldBe(0.7);
        foreach (var wrong in new[] { "rules: [ nonsense ]", "{\"rules\": [1]}", "rules: 5", "\"\\ud800\"" })
        {
            (await server.SendAsync(HttpMethod.Post, Own + "model-versions/gate", TestServer.Json($$"""{"name": "films", "version": "2", "rules": {{(wrong[0] == '"' ? wrong : JsonValue.Create(wrong).ToJsonString())}}}"""))).Error.ShouldBe("INVALID_PARAMETER_VALUE", wrong);
        }

        (await server.SendAsync(HttpMethod.Post, Own + "model-versions/gate", TestServer.Json("""{"name": "films", "version": "2", "rules": {"rules": ["lineage"], "rules": ["lineage"]}}"""))).Error.ShouldBe("INVALID_PARAMETER_VALUE");
        (await server.SendAsync(HttpMethod.Post, Own + "model-versions/gate", TestServer.Json("""{"name": "films", "version": "2", "rules": {"rules": [{"rule": "\ud800"}]}}"""))).Error.ShouldBe("INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task What_clients_do_is_in_the_audit_log()
    {
        await using var server = await TestServer.StartAsync(Fill);
        _ = (await server.PostAsync("registered-models/create", new JsonObject { ["name"] = "other" })).Ok;
        _ = (await server.PostAsync("registered-models/set-tag", new JsonObject { ["name"] = "other", ["key"] = "a", ["value"] = "b" })).Ok;
        _ = (await server.PostAsync("registered-models/rename", new JsonObject { ["name"] = "other", ["new_name"] = "third" })).Ok;
        _ = (await Promote(server, 2)).Ok;
        _ = (await server.SendAsync(HttpMethod.Delete, "model-versions/delete", TestServer.Json(Named(1).ToJsonString()))).Ok;
        _ = (await server.SendAsync(HttpMethod.Delete, "registered-models/delete", TestServer.Json("""{"name": "films"}"""))).Ok;

        var entries = (await server.GetAsync(Own + "audit?max_results=6&actor=anonymous")).Ok["entries"]!.AsArray();
        entries.Select(entry => entry!["action"]!.GetValue<string>()).ShouldBe(["model.deleted", "version.deleted", "version.promoted", "model.renamed", "model.tagged", "model.created"]);
        entries[2]!["after"]!["stage"]!.GetValue<string>().ShouldBe("Production");
        (await server.GetAsync(Own + "audit?model=films&action=version.promoted")).Ok["entries"]!.AsArray().Count.ShouldBe(1);
        var check = (await server.GetAsync(Own + "audit/verify")).Ok;
        check["intact"]!.GetValue<bool>().ShouldBeTrue();
        check["head"]!.GetValue<string>().ShouldBe(entries[0]!["hash"]!.GetValue<string>());
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Post })
        {
            (await server.SendAsync(method, Own + "audit", TestServer.Json("{}"))).Status.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed);
        }
    }

    [Fact]
    public async Task The_server_sends_what_happens()
    {
        await using var receiver = await TestServer.StartAsync(); // any server takes a request; what it answers is told
        await using var server = await TestServer.StartAsync(Fill, options => options with { Webhooks = new WebhookOptions { AllowPrivate = true } });
        var added = (await server.PostAsync(Own + "webhooks", new JsonObject { ["url"] = receiver.Client.BaseAddress + "hook", ["events"] = new JsonArray("version.promoted"), ["model"] = "films" })).Ok;
        added["secret"]!.GetValue<string>().ShouldStartWith("whsec_");
        var id = added["id"]!.GetValue<string>();
        (await server.GetAsync(Own + "webhooks")).Text.ShouldNotContain("whsec_");
        (await server.PostAsync(Own + "webhooks/test", new JsonObject { ["id"] = id })).Ok["status"]!.GetValue<int>().ShouldBe(404);

        _ = (await Promote(server, 2)).Ok;
        JsonNode delivery;
        for (var left = 100; ; left--)
        {
            delivery = (await server.GetAsync($"{Own}webhooks/deliveries?id={id}&max_results=1")).Ok["deliveries"]![0]!;
            if (delivery["attempts"]!.GetValue<int>() > 0 && delivery["status"] is not null)
            {
                break;
            }

            left.ShouldBeGreaterThan(0);
            await Task.Delay(100);
        }

        delivery["event"]!.GetValue<string>().ShouldBe("version.promoted");
        delivery["state"]!.GetValue<string>().ShouldBe("waiting");
        _ = (await server.SendAsync(HttpMethod.Delete, Own + "webhooks", TestServer.Json($$"""{"id": "{{id}}"}"""))).Ok;
        (await server.GetAsync(Own + "webhooks")).Ok["webhooks"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Private_addresses_are_refused_by_default()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var url in new[] { "http://127.0.0.1:1/", "http://0x7f.1/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/", "gopher://x/", "http://a:b@example.org/" })
        {
            (await server.PostAsync(Own + "webhooks", new JsonObject { ["url"] = url })).Error.ShouldBe("INVALID_PARAMETER_VALUE", url);
        }

        var id = (await server.PostAsync(Own + "webhooks", new JsonObject { ["url"] = "http://localhost:1/" })).Ok["id"]!.GetValue<string>();
        (await server.PostAsync(Own + "webhooks/test", new JsonObject { ["id"] = id })).Ok["error"]!.GetValue<string>().ShouldContain("not allowed");
    }

    private static void Fill(Tracker tracker)
    {
        using var other = Tracker.Open(tracker.Store, new TrackerOptions { Actor = "rita" });
        foreach (var f1 in new[] { 0.5, 0.7 })
        {
            using var run = other.Experiment("e").StartRun("r");
            run.LogText("model.bin", "bytes").LogMetric("f1", f1).Tag("mlflow.source.git.commit", new string('a', 40));
            run.Finish();
            other.Models.Register("films", run.Id, "model.bin");
        }
    }

    private static JsonObject Named(int version) => new() { ["name"] = "films", ["version"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture) };

    private static Task<TestServer.Answer> Promote(TestServer server, int version)
    {
        var call = Named(version);
        call["stage"] = "Production";
        return server.PostAsync("model-versions/transition-stage", call);
    }
}
