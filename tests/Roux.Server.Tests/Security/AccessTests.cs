using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Roux.Server.Mlflow;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Security;

/// <summary>Every endpoint of the table, so that a new one cannot be forgotten: who gets in, and that foreign things look as if they were not there.</summary>
public sealed class AccessTests
{
    /// <summary>All that answers without a login. Whoever adds to it shows that the answer says nothing about the store.</summary>
    private static readonly string[] Open =
        ["GET /health", "GET /health/live", "GET /health/ready", "GET /version", "GET /login", "POST /login", "POST /logout", "GET /login/oidc", "GET /login/oidc/callback",
            "GET /_assets/{digest}/{name}", "GET /public/reports/{secret}"];

    /// <summary>All that is no GET and yet asks for less than an editor: it reads, or changes the caller's own account.</summary>
    private static readonly string[] Reads =
    [
        "POST experiments/search", "POST runs/search", "POST logged-models/search", "POST datasets/search", "POST model-versions/verify", "POST experiments/search-datasets", "POST registered-models/get-latest-versions",
        "POST /api/roux/v1/me/password", "POST /api/roux/v1/me/keys", "DELETE /api/roux/v1/me/keys/{key_id}",
        "POST /api/roux/v1/views", "PUT /api/roux/v1/views/{view_id}", "DELETE /api/roux/v1/views/{view_id}",
    ];

    [Fact]
    public async Task Without_a_login_nothing_answers_but_what_is_open()
    {
        await using var team = await Team.StartAsync();
        foreach (var operation in RouteTable.All)
        {
            var answer = await Sent(team, operation, Team.Things.None, null);
            var what = $"{operation.Method} {operation.Path}: {answer.Text}";
            operation.Access.IsOpen.ShouldBe(Open.Contains($"{operation.Method} {operation.Path}"), what);
            (answer.Status == HttpStatusCode.Unauthorized).ShouldBe(!operation.Access.IsOpen, what);
        }
    }

    [Fact]
    public async Task Writes_are_refused_to_viewers_and_what_destroys_to_editors()
    {
        await using var team = await Team.StartAsync();
        var things = await team.FillAsync("maker", "films-1");
        foreach (var operation in RouteTable.All.Where(operation => !operation.Access.IsOpen))
        {
            var what = $"{operation.Method} {operation.Path}";
            if (operation.Method != "GET" && operation.Access.Least < Role.Editor)
            {
                Reads.Any(read => what == read || (what.StartsWith(read.Split(' ')[0], StringComparison.Ordinal) && what.EndsWith("/" + read.Split(' ')[1], StringComparison.Ordinal))).ShouldBeTrue(what);
            }

            foreach (var (user, role) in new[] { ("vi", Role.Viewer), ("looker", Role.Viewer), ("ed", Role.Editor), ("nobody", Role.None) })
            {
                if (operation.Access.Least > role)
                {
                    var answer = await Sent(team, operation, things, team.Keys[user]);
                    answer.Status.ShouldBe(HttpStatusCode.Forbidden, $"{user} {what}: {answer.Text}");
                    answer.Error.ShouldBe("PERMISSION_DENIED");
                }
            }
        }

        (await team.GetAsync("looker", $"runs/get?run_id={things.Run}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Foreign_things_answer_word_for_word_as_if_they_were_not_there()
    {
        await using var team = await Team.StartAsync();
        var things = await team.FillAsync("maker", "films-1");
        var before = await Seen(team, things);
        foreach (var operation in RouteTable.All.Where(operation => !operation.Access.IsOpen && !operation.Access.IsServerWide && operation.Access != Projects.Making))
        {
            var foreign = await Sent(team, operation, things, team.Keys["stranger"]);
            var missing = await Sent(team, operation, Team.Things.None, team.Keys["stranger"]);
            var what = $"{operation.Method} {operation.Path}: {foreign.Text} | {missing.Text}";
            foreign.Status.ShouldBe(missing.Status, what);
            if (foreign.Status != HttpStatusCode.OK)
            {
                things.Blank(foreign.Text).ShouldBe(Team.Things.None.Blank(missing.Text), what);
            }

            if (operation.Access.Least > Role.None)
            {
                ((int)foreign.Status).ShouldBeOneOf(400, 403, 404, 501);
            }
        }

        (await Seen(team, things)).ShouldBe(before);
    }

    [Fact]
    public async Task Those_with_the_role_are_let_through()
    {
        await using var team = await Team.StartAsync();
        var things = await team.FillAsync("maker", "films-1");
        foreach (var operation in RouteTable.All.Where(operation => !operation.Access.IsOpen && !operation.Path.Contains("/me/", StringComparison.Ordinal)))
        {
            foreach (var (user, role) in new[] { ("looker", Role.Viewer), ("maker", Role.Editor), ("root", Role.Admin) })
            {
                if (operation.Access.Least <= role && (user == "root" || !operation.Access.IsServerWide) && !(operation.Path.EndsWith("/delete", StringComparison.Ordinal) || operation.Path.EndsWith("/rename", StringComparison.Ordinal)))
                {
                    if (user != "root" && operation.Path.EndsWith("/corrected-data", StringComparison.Ordinal))
                    {
                        continue; // A file of the server's machine: besides the role in the project it takes an admin of the server.
                    }

                    var answer = await Sent(team, operation, things, team.Keys[user]);
                    ((int)answer.Status is 401 or 403).ShouldBeFalse($"{user} {operation.Method} {operation.Path}: {answer.Status} {answer.Text}");
                }
            }
        }
    }

    [Fact]
    public async Task A_server_without_users_asks_nobody()
    {
        await using var server = await TestServer.StartAsync();
        (await server.GetAsync("experiments/search")).Status.ShouldBe(HttpStatusCode.OK);
        (await server.GetAsync("/api/roux/v1/me")).Ok["name"]!.GetValue<string>().ShouldBe("anonymous");

        // Until somebody is made on the machine: then it does, without a restart.
        using (var tracker = Tracker.Open(server.Store))
        {
            await new Roux.Server.Security.Accounts(tracker).AddUserAsync("root", null, Role.Admin);
        }

        for (var wait = 0; wait < 200 && (await server.GetAsync("experiments/search")).Status == HttpStatusCode.OK; wait++)
        {
            await Task.Delay(50);
        }

        (await server.GetAsync("experiments/search")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<string> Seen(Team team, Team.Things things) =>
        (await team.GetAsync("root", $"runs/get?run_id={things.Run}")).Text + (await team.GetAsync("root", $"experiments/get?experiment_id={things.Experiment}")).Text
        + (await team.GetAsync("root", $"registered-models/get?name={things.Name}")).Text + (await team.GetAsync("root", $"logged-models/{things.LoggedModel}")).Text
        + (await team.GetAsync("root", $"artifacts/list?run_id={things.Run}")).Text;

    /// <summary>A request with every parameter that any endpoint reads.</summary>
    private static Task<TestServer.Answer> Sent(Team team, Operation operation, Team.Things things, string? key)
    {
        var artifact = $"{things.Experiment}/{things.Run}/artifacts/model/a.txt";
        var path = operation.Path.Replace("{**path}", artifact, StringComparison.Ordinal).Replace("{model_id}", things.LoggedModel, StringComparison.Ordinal)
            .Replace("{dataset_id}", things.Dataset, StringComparison.Ordinal).Replace("{name}", things.Name, StringComparison.Ordinal).Replace("{project}", "films", StringComparison.Ordinal)
            .Replace("{version}", "1", StringComparison.Ordinal);
        path = Regex.Replace(path, @"\{[^}]*\}", "none");
        var fields = new JsonObject
        {
            ["run_id"] = things.Run, ["run_ids"] = things.Run, ["experiment_id"] = things.Experiment, ["experiment_ids"] = new JsonArray(things.Experiment), ["experiment_name"] = things.Name,
            ["name"] = things.Name, ["version"] = "1", ["model_id"] = things.LoggedModel, ["source"] = $"runs:/{things.Run}/model", ["key"] = "k", ["value"] = "1", ["timestamp"] = 1, ["metric_key"] = "loss",
            ["alias"] = "a", ["stage"] = "None", ["status"] = operation.Path.Contains("logged-models", StringComparison.Ordinal) ? "READY" : "RUNNING", ["new_name"] = "renamed",
            ["artifact_file_path"] = "model/a.txt",
            ["path"] = operation.Path.EndsWith("mlflow-artifacts/artifacts", StringComparison.Ordinal) ? artifact : operation.Path.Contains("model-versions", StringComparison.Ordinal) ? "a.txt" : "model/a.txt",
            ["role"] = "viewer", ["records"] = "[]",
        };
        if (operation.Path.Contains("datasets", StringComparison.Ordinal))
        {
            fields["tags"] = "{}";
        }

        var isQuery = operation.Method == "GET";
        var query = isQuery ? "?" + string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value is JsonArray list ? list[0]!.ToString() : field.Value!.ToString())}")) : "";
        return team.Server.SendAsync(new HttpMethod(operation.Method), path + query, isQuery ? null : TestServer.Json(fields.ToJsonString()), key);
    }
}
