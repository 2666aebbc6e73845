using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Roux.Tests;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>The database of a server goes away and comes back: clients are told to try again, and the server needs no restart.</summary>
[Trait("Speed", "slow")]
public sealed class DatabaseAwayTests : IDisposable
{
    private readonly PostgresServer database = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roux-away-");

    public void Dispose()
    {
        database.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Clients_get_503_and_are_served_again_later()
    {
        await using var server = await RouxServer.StartAsync(new ServerOptions { Store = database.NewDatabase(folder.FullName), Port = 0 });
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        _ = (await CreateAsync(client, "first")).EnsureSuccessStatusCode();

        database.Stop();
        using (var away = await client.GetAsync(TestServer.Api + "experiments/get?experiment_id=0"))
        {
            away.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            away.Headers.RetryAfter.ShouldNotBeNull();
            var text = await away.Content.ReadAsStringAsync();
            text.ShouldContain("TEMPORARILY_UNAVAILABLE");
            text.ShouldNotContain(folder.FullName);
            text.ShouldNotContain("postgres", Case.Insensitive);
        }

        (await client.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK, "the server itself is there");
        (await client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        // A write waits for the database.
        var write = CreateAsync(client, "second");
        database.Start();
        (await write).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync(TestServer.Api + "experiments/get-by-name?experiment_name=second")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> CreateAsync(HttpClient client, string name) => client.PostAsJsonAsync(TestServer.Api + "experiments/create", new JsonObject { ["name"] = name });
}
