using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Roux.Tests;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>Two <c>roux serve</c> on one PostgreSQL database; clients that lose one go on with the other.</summary>
public sealed class TwoServersTests : IDisposable
{
    private const int KillNow = 9;
    private const int Points = 10;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roux-two-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Clients_of_a_server_that_is_killed_go_on_with_the_other_and_every_point_is_there_once_and_in_order()
    {
        const int clients = 6;
        const int enough = 30;
        var store = PostgresServer.Shared.NewDatabase(Path.Combine(folder.FullName, "artifacts"));
        using var first = await ServeProcess.StartAsync(store);
        using var second = await ServeProcess.StartAsync(store);
        string[] runs = await Task.WhenAll(Enumerable.Range(0, clients).Select(index => CreateRunAsync(index % 2 == 0 ? first.Address : second.Address)));
        var places = new[] { first.Address, second.Address };
        var acknowledged = new int[clients];
        var switches = 0;
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, clients).Select(index => Task.Run(async () =>
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
            for (var turn = index; !stop.IsCancellationRequested;)
            {
                try
                {
                    var batch = LoggingTests.Batch(runs[index], Enumerable.Range(acknowledged[index] * Points, Points), "loss");
                    using var answer = await client.PostAsJsonAsync(Volatile.Read(ref places[turn % 2]) + TestServer.Api + "runs/log-batch", batch);
                    answer.EnsureSuccessStatusCode();
                    Interlocked.Increment(ref acknowledged[index]);
                }
                catch (HttpRequestException exception) when (exception.StatusCode is null)
                {
                    turn++;
                    Interlocked.Increment(ref switches);
                    await Task.Delay(10);
                }
            }
        })).ToArray();

        await UntilAsync(() => acknowledged.All(count => count >= enough));
        first.End(KillNow);
        await UntilAsync(() => acknowledged.All(count => count >= 2 * enough));
        using var third = await ServeProcess.StartAsync(store);
        Volatile.Write(ref places[0], third.Address);
        second.End(KillNow);
        await UntilAsync(() => acknowledged.All(count => count >= 3 * enough));
        await stop.CancelAsync();
        await Task.WhenAll(writers).WaitAsync(TimeSpan.FromMinutes(1));

        switches.ShouldBeGreaterThan(clients / 2);
        using var reader = new HttpClient { BaseAddress = new Uri(third.Address) };
        for (var index = 0; index < clients; index++)
        {
            var steps = await StepsAsync(reader, runs[index]);

            // A last batch may be there whose acknowledgement was lost with its server just as the writers were told to stop.
            var count = steps.Count == (acknowledged[index] + 1) * Points ? acknowledged[index] + 1 : acknowledged[index];
            steps.ShouldBe(Enumerable.Range(0, count * Points).Select(step => (long)step));
        }
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        for (var wait = 0; !reached(); wait++)
        {
            (wait < 6_000).ShouldBeTrue("clients do not go on");
            await Task.Delay(10);
        }
    }

    private static async Task<string> CreateRunAsync(string address)
    {
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using var answer = await client.PostAsJsonAsync(TestServer.Api + "runs/create", new JsonObject { ["experiment_id"] = "0" });
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["run"]!["info"]!["run_id"]!.GetValue<string>();
    }

    private static async Task<List<long>> StepsAsync(HttpClient client, string run) =>
        [.. (await client.GetFromJsonAsync<JsonNode>($"{TestServer.Api}metrics/get-history?run_id={run}&metric_key=loss&max_results=25000"))!["metrics"]!.AsArray().Select(point => point!["step"]!.GetValue<long>())];
}
