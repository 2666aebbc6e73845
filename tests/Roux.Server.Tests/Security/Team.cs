using System.Text.Json.Nodes;
using Roux.Server.Security;
using Roux.Tracking;

namespace Roux.Server.Tests.Security;

/// <summary>A server with users, each with a key: what everybody has is in the project films.</summary>
internal sealed class Team : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private Team(TestServer server, IReadOnlyDictionary<string, string> keys)
    {
        Server = server;
        Keys = keys;
    }

    public TestServer Server { get; }

    /// <summary>Keys by user: root (admin), ed (editor), vi (viewer), all for the whole server; maker (editor) and looker (viewer) of films; stranger (editor of books); nobody (no role).</summary>
    public IReadOnlyDictionary<string, string> Keys { get; }

    public static async Task<Team> StartAsync(Func<ServerOptions, ServerOptions>? options = null)
    {
        var keys = new Dictionary<string, string>();
        var server = await TestServer.StartAsync(
            tracker =>
            {
                var accounts = new Accounts(tracker);
                foreach (var (name, role, project) in new[]
                {
                    ("root", Role.Admin, null), ("ed", Role.Editor, null), ("vi", Role.Viewer, null), ("maker", Role.Editor, "films"), ("looker", Role.Viewer, "films"),
                    ("stranger", Role.Editor, "books"), ("nobody", Role.None, (string?)null),
                })
                {
                    accounts.AddUserAsync(name, name == "root" ? Password : null, role, project).GetAwaiter().GetResult();
                    keys[name] = accounts.CreateKeyAsync(name, "test").GetAwaiter().GetResult().Secret;
                }
            },
            options);
        return new Team(server, keys);
    }

    public Task<TestServer.Answer> GetAsync(string user, string path) => Server.SendAsync(HttpMethod.Get, path, null, Keys[user]);

    public Task<TestServer.Answer> PostAsync(string user, string path, JsonNode body) => Server.SendAsync(HttpMethod.Post, path, TestServer.Json(body.ToJsonString()), Keys[user]);

    public Task<TestServer.Answer> SendAsync(string user, HttpMethod method, string path, JsonNode? body = null) =>
        Server.SendAsync(method, path, body is null ? null : TestServer.Json(body.ToJsonString()), Keys[user]);

    /// <summary>Makes an experiment, and a run, a logged model and a model version in it.</summary>
    public async Task<Things> FillAsync(string user, string name)
    {
        var experiment = (await PostAsync(user, "experiments/create", new JsonObject { ["name"] = name })).Ok["experiment_id"]!.GetValue<string>();
        var run = (await PostAsync(user, "runs/create", new JsonObject { ["experiment_id"] = experiment })).Ok["run"]!["info"]!["run_id"]!.GetValue<string>();
        _ = (await PostAsync(user, "runs/log-metric", new JsonObject { ["run_id"] = run, ["key"] = "loss", ["value"] = 1, ["timestamp"] = 1 })).Ok;
        _ = (await Server.SendAsync(HttpMethod.Put, $"{TestServer.Artifacts}{experiment}/{run}/artifacts/model/a.txt", new StringContent("x"), Keys[user])).Ok;
        var model = (await PostAsync(user, "logged-models", new JsonObject { ["experiment_id"] = experiment, ["name"] = "lm" })).Ok["model"]!["info"]!["model_id"]!.GetValue<string>();
        _ = (await PostAsync(user, "registered-models/create", new JsonObject { ["name"] = name })).Ok;
        _ = (await PostAsync(user, "model-versions/create", new JsonObject { ["name"] = name, ["run_id"] = run, ["source"] = $"runs:/{run}/model" })).Ok;
        var dataset = (await PostAsync(user, "/api/3.0/mlflow/datasets/create", new JsonObject { ["name"] = name, ["experiment_ids"] = new JsonArray(experiment) }))
            .Ok["dataset"]!["dataset_id"]!.GetValue<string>();
        return new Things(experiment, name, run, model, dataset);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Ids of things that go together. The registered model has the experiment's name.</summary>
    public sealed record Things(string Experiment, string Name, string Run, string LoggedModel, string Dataset)
    {
        /// <summary>Such as there are none of.</summary>
        public static Things None { get; } = new("987654", "nothing", "0123456789abcdef0123456789abcdef", "m-0123456789abcdef0123456789abcdef", "d-0123456789abcdef0123456789abcdef");

        /// <summary>A text without the ids.</summary>
        public string Blank(string text) => text.Replace(LoggedModel, "LOGGED", StringComparison.Ordinal).Replace(Dataset, "DATASET", StringComparison.Ordinal).Replace(Run, "RUN", StringComparison.Ordinal)
            .Replace(Name, "NAME", StringComparison.Ordinal).Replace($"={Experiment} ", "=EXPERIMENT ", StringComparison.Ordinal);
    }
}
