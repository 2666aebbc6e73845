using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>The command itself: how it starts, stops, and what a kill leaves.</summary>
public sealed class ServeTests : IDisposable
{
    private const int Interrupt = 2;
    private const int KillNow = 9;
    private const int Terminate = 15;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roux-serve-");

    private string Store => Path.Combine(folder.FullName, "store");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task A_signal_ends_it_in_good_order(int signal)
    {
        using var roux = await ServeProcess.StartAsync(Store);
        using var client = new HttpClient { BaseAddress = new Uri(roux.Address) };
        (await client.GetStringAsync("/health")).ShouldBe("OK");
        using var created = await client.PostAsJsonAsync(TestServer.Api + "experiments/create", new JsonObject { ["name"] = "e" });

        roux.End(signal).ShouldBe(0);

        using var tracker = Tracker.OpenReadOnly(Store);
        tracker.Experiments().Select(experiment => experiment.Name).ShouldContain("e");
    }

    [Fact]
    public async Task A_port_in_use_is_named_and_a_wrong_call()
    {
        using var roux = await ServeProcess.StartAsync(Store);
        var port = new Uri(roux.Address).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var (code, error) = ServeProcess.Run("serve", "--store", Path.Combine(folder.FullName, "other"), "--port", port);
        code.ShouldBe(2, error);
        error.ShouldContain($"port {port}");
        error.ShouldContain("in use");
    }

    [Fact]
    public void A_public_host_is_refused_with_the_remedy()
    {
        var (code, error) = ServeProcess.Run("serve", "--store", Store, "--host", "0.0.0.0");
        code.ShouldBe(2, error);
        error.ShouldContain("--allow-unauthenticated-public");
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task What_was_acknowledged_survives_kill_9_once_and_in_order()
    {
        // bench/kill-server asks for more.
        var kills = int.TryParse(Environment.GetEnvironmentVariable("ROUX_TEST_KILLS"), out var asked) ? asked : 4;
        const int clients = 8;
        const int points = 10;
        var acknowledged = new int[clients];
        string[]? runs = null;
        for (var round = 0; round <= kills; round++)
        {
            using var roux = await ServeProcess.StartAsync(Store);
            using var client = new HttpClient { BaseAddress = new Uri(roux.Address), Timeout = TimeSpan.FromSeconds(30) };
            runs ??= await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => CreateRunAsync(client)));
            var steps = await Task.WhenAll(runs.Select(run => StepsAsync(client, run)));
            for (var index = 0; index < clients; index++)
            {
                // All that was acknowledged, perhaps one batch whose answer was lost, nothing twice, nothing in part.
                steps[index].Count.ShouldBeOneOf(acknowledged[index] * points, (acknowledged[index] + 1) * points);
                steps[index].ShouldBe(Enumerable.Range(0, steps[index].Count).Select(step => (long)step));
            }

            if (round == kills)
            {
                acknowledged.ShouldAllBe(count => count > 0);
                break;
            }

            var writers = Enumerable.Range(0, clients).Select(index => Task.Run(() => WriteAsync(client, runs[index], points, () => acknowledged[index], () => acknowledged[index]++))).ToArray();
            var target = acknowledged.Sum() + 40;
            for (var wait = 0; wait < 2000 && Volatile.Read(ref acknowledged[0]) + acknowledged.Skip(1).Sum() < target; wait++)
            {
                await Task.Delay(5);
            }

            roux.End(KillNow);
            await Task.WhenAll(writers);
        }
    }

    /// <summary>Sends batch after batch, beginning with the one that was not acknowledged, until the server is gone.</summary>
    private static async Task WriteAsync(HttpClient client, string run, int points, Func<int> next, Action acknowledge)
    {
        try
        {
            while (true)
            {
                using var answer = await client.PostAsJsonAsync(TestServer.Api + "runs/log-batch", LoggingTests.Batch(run, Enumerable.Range(next() * points, points), "loss"));
                answer.EnsureSuccessStatusCode();
                acknowledge();
            }
        }
        catch (HttpRequestException exception) when (exception.StatusCode is null)
        {
            // Killed.
        }
    }

    private static async Task<string> CreateRunAsync(HttpClient client)
    {
        using var answer = await client.PostAsJsonAsync(TestServer.Api + "runs/create", new JsonObject { ["experiment_id"] = "0" });
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["run"]!["info"]!["run_id"]!.GetValue<string>();
    }

    private static async Task<List<long>> StepsAsync(HttpClient client, string run) =>
        [.. ((await client.GetFromJsonAsync<JsonNode>($"{TestServer.Api}metrics/get-history?run_id={run}&metric_key=loss&max_results=25000"))!["metrics"]?.AsArray() ?? []).Select(point => point!["step"]!.GetValue<long>())];
}
