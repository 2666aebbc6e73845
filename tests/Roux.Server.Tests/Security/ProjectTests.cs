using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Security;

/// <summary>Roles in projects: what lists show, where new things go, and moving them.</summary>
public sealed class ProjectTests
{
    [Fact]
    public async Task Lists_show_what_the_caller_may_see()
    {
        await using var team = await Team.StartAsync();
        var films = await team.FillAsync("maker", "films-1");
        var books = await team.FillAsync("stranger", "books-1");
        foreach (var (user, expected) in new[] { ("looker", new[] { "films-1" }), ("stranger", ["books-1"]), ("vi", ["Default", "books-1", "films-1"]), ("nobody", []) })
        {
            (await Names("experiments/search", "experiments", "name")).ShouldBe(expected);
            var models = expected.Where(name => name != "Default").ToArray();
            (await Names("registered-models/search", "registered_models", "name")).ShouldBe(models);
            (await Names("model-versions/search", "model_versions", "name")).ShouldBe(models);

            var both = new JsonObject { ["experiment_ids"] = new JsonArray(films.Experiment, books.Experiment) };
            (await team.PostAsync(user, "runs/search", both)).Ok["runs"]?.AsArray().Count.ShouldBe(models.Length);
            (await team.PostAsync(user, "logged-models/search", both)).Ok["models"]?.AsArray().Count.ShouldBe(models.Length);

            async Task<string[]> Names(string path, string list, string member) =>
                [.. ((await team.GetAsync(user, path + "?max_results=100")).Ok[list]?.AsArray() ?? []).Select(item => item![member]!.GetValue<string>()).Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public async Task New_things_go_where_the_caller_works()
    {
        await using var team = await Team.StartAsync();
        var things = await team.FillAsync("maker", "films-1");
        Tag(await team.GetAsync("root", $"experiments/get?experiment_id={things.Experiment}")).ShouldBe("films");
        (await team.PostAsync("maker", "experiments/create", Named("x", "books"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await team.PostAsync("maker", "runs/create", new JsonObject { ["experiment_id"] = "0" })).Status.ShouldBe(HttpStatusCode.NotFound, "the default experiment is the default project's");
        (await team.PostAsync("ed", "experiments/create", Named("y", "a project/of mine"))).Error.ShouldBe("INVALID_PARAMETER_VALUE");
        (await team.PostAsync("ed", "experiments/create", Named("z", "plans"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Moving_takes_an_admin_of_both_projects_and_takes_effect_at_once()
    {
        await using var team = await Team.StartAsync();
        var things = await team.FillAsync("maker", "films-1");
        var move = new JsonObject { ["experiment_id"] = things.Experiment, ["key"] = "roux.project", ["value"] = "books" };
        (await team.PostAsync("maker", "experiments/set-experiment-tag", move)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await team.PostAsync("ed", "experiments/set-experiment-tag", move)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await team.PostAsync("maker", "experiments/delete-experiment-tag", move)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await team.GetAsync("stranger", $"runs/get?run_id={things.Run}")).Status.ShouldBe(HttpStatusCode.NotFound);

        (await team.PostAsync("root", "experiments/set-experiment-tag", move)).Status.ShouldBe(HttpStatusCode.OK);

        (await team.GetAsync("stranger", $"runs/get?run_id={things.Run}")).Status.ShouldBe(HttpStatusCode.OK);
        (await team.GetAsync("maker", $"runs/get?run_id={things.Run}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await team.GetAsync("maker", $"metrics/get-history-bulk?run_id={things.Run}&metric_key=loss")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_version_comes_from_a_run_that_the_caller_may_see()
    {
        await using var team = await Team.StartAsync();
        var films = await team.FillAsync("maker", "films-1");
        _ = await team.FillAsync("stranger", "books-1");
        foreach (var source in new[]
        {
            $"runs:/{films.Run}/model", $"mlflow-artifacts:/{films.Experiment}/{films.Run}/artifacts/model", $"mlflow-artifacts:/{films.Experiment}/models/{films.LoggedModel}/artifacts",
            $"models:/{films.LoggedModel}", "models:/films-1/1", "models:/films-1@champion", $"mlflow-artifacts://{films.Experiment}/{films.Run}/artifacts/model",
        })
        {
            var answer = await team.PostAsync("stranger", "model-versions/create", new JsonObject { ["name"] = "books-1", ["source"] = source });
            ((int)answer.Status).ShouldBeInRange(400, 404, source + answer.Text);
        }

        (await team.PostAsync("stranger", "runs/log-batch", new JsonObject { ["run_id"] = films.Run })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_admin_of_a_project_gives_roles_there_only()
    {
        await using var team = await Team.StartAsync();
        _ = (await team.SendAsync("root", HttpMethod.Put, "/api/roux/v1/users/maker/role", new JsonObject { ["role"] = "admin", ["project"] = "films" })).Ok;
        _ = (await team.SendAsync("maker", HttpMethod.Put, "/api/roux/v1/projects/films/members/nobody", new JsonObject { ["role"] = "viewer" })).Ok;
        (await team.GetAsync("nobody", "/api/roux/v1/me")).Ok["projects"]!["films"]!.GetValue<string>().ShouldBe("viewer");
        (await team.SendAsync("maker", HttpMethod.Put, "/api/roux/v1/projects/books/members/nobody", new JsonObject { ["role"] = "viewer" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await team.SendAsync("maker", HttpMethod.Put, "/api/roux/v1/users/nobody/role", new JsonObject { ["role"] = "viewer" })).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static JsonObject Named(string name, string project) => new()
    {
        ["name"] = name, ["tags"] = new JsonArray(new JsonObject { ["key"] = "roux.project", ["value"] = project }),
    };

    private static string? Tag(TestServer.Answer answer) =>
        answer.Ok["experiment"]!["tags"]!.AsArray().Single(tag => tag!["key"]!.GetValue<string>() == "roux.project")!["value"]!.GetValue<string>();
}
