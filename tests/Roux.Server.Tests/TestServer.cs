using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Tests;
using Roux.Tracking;
using Shouldly;

namespace Roux.Server.Tests;

/// <summary>A server on a free port over a store of its own, with a client.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Api = "/api/2.0/mlflow/";
    public const string Artifacts = "/api/2.0/mlflow-artifacts/artifacts/";

    private readonly DirectoryInfo folder;
    private readonly RouxServer server;

    private TestServer(DirectoryInfo folder, string store, RouxServer server)
    {
        Store = store;
        this.folder = folder;
        this.server = server;
        Client = new HttpClient { BaseAddress = new Uri(server.Address) };
    }

    public HttpClient Client { get; }

    public string Address => server.Address;

    public string Store { get; }

    public string ArtifactFolder => Path.Combine(folder.FullName, "store", "artifacts");

    /// <summary>Starts a server, after a store was filled by other means where <paramref name="prepare"/> does so.</summary>
    public static async Task<TestServer> StartAsync(Action<Tracker>? prepare = null, Func<ServerOptions, ServerOptions>? options = null)
    {
        var folder = Directory.CreateTempSubdirectory("roux-server-");
        var store = StoreUnderTest.Address(folder.FullName);
        if (prepare is not null)
        {
            using var tracker = Tracker.Open(store);
            prepare(tracker);
        }

        var usual = new ServerOptions { Store = store, Port = 0 };
        return new TestServer(folder, store, await RouxServer.StartAsync(options?.Invoke(usual) ?? usual));
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, JsonNode body) => SendAsync(HttpMethod.Post, path, Json(body.ToJsonString()));

    /// <summary>Sends a request to a path below the API's, or to one that begins with a slash.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Where to.</param>
    /// <param name="content">Body.</param>
    /// <param name="key">Key to log in with.</param>
    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : Api + path) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("Authorization", "Bearer " + key);
        }

        using var response = await Client.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Makes a run and returns its id.</summary>
    public async Task<string> CreateRunAsync(string experiment = "0", string name = "r", params (string Key, string Value)[] tags)
    {
        var answer = await PostAsync("runs/create", new JsonObject
        {
            ["experiment_id"] = experiment,
            ["run_name"] = name,
            ["tags"] = new JsonArray([.. tags.Select(tag => new JsonObject { ["key"] = tag.Key, ["value"] = tag.Value })]),
        });
        return answer.Ok["run"]!["info"]!["run_id"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>What came back.</summary>
    public sealed record Answer(HttpStatusCode Status, byte[] Bytes)
    {
        public string Text => Encoding.UTF8.GetString(Bytes);

        /// <summary>The JSON of a success.</summary>
        public JsonNode Ok
        {
            get
            {
                Status.ShouldBe(HttpStatusCode.OK, Text);
                return JsonNode.Parse(Bytes)!;
            }
        }

        /// <summary>The code of an error.</summary>
        public string Error => JsonNode.Parse(Bytes)!["error_code"]!.GetValue<string>();
    }
}
