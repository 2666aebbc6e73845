using Roux.Tests;
using Roux.Tracking.Service;
using Roux.Tracking.Storage;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Postgres;

/// <summary>The database goes away in the middle, and comes back.</summary>
[Trait("Speed", "slow")]
public sealed class RestartTests : IDisposable
{
    private readonly PostgresServer server = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roux-restart-");

    public void Dispose()
    {
        server.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_acknowledged_across_restarts_is_there_once_and_in_order()
    {
        using var tracker = Tracker.Open(server.NewDatabase(folder.FullName), new TrackerOptions { HandleProcessEnd = false });
        var service = new TrackingService(tracker);
        await service.PrepareAsync();
        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => service.Runs.CreateAsync("0", null, null, null, [])));
        using var end = new CancellationTokenSource();
        var writers = runs.Select(run => Task.Run(async () =>
        {
            var step = 0;
            for (; !end.IsCancellationRequested; step++)
            {
                // No retry of our own: what the store can repeat safely it repeats, and what it acknowledged once is there once.
                await service.Runs.LogMetricAsync(run.Id, new MetricValue("m", step, step, step));
            }

            return step;
        })).ToArray();
        for (var round = 0; round < 4; round++)
        {
            await Task.Delay(400);
            server.Stop();
            await Task.Delay(100);
            server.Start();
        }

        await Task.Delay(300);
        await end.CancelAsync();
        var counts = await Task.WhenAll(writers);
        for (var index = 0; index < runs.Length; index++)
        {
            counts[index].ShouldBeGreaterThan(20);
            tracker.GetMetricSeries(runs[index].Id, "m").Steps.ShouldBe(Enumerable.Range(0, counts[index]).Select(step => (long)step));
        }
    }

    [Fact]
    public async Task While_the_database_is_away_calls_are_refused_and_later_served()
    {
        using var tracker = Tracker.Open(server.NewDatabase(folder.FullName), new TrackerOptions { HandleProcessEnd = false, BusyTimeout = TimeSpan.FromSeconds(1) });
        var service = new TrackingService(tracker);
        await service.PrepareAsync();
        var run = await service.Runs.CreateAsync("0", null, null, null, []);
        server.Stop();
        Should.Throw<StoreUnavailableException>(() => service.Runs.Get(run.Id)).Message.ShouldContain("cannot be reached");
        await Should.ThrowAsync<StoreUnavailableException>(service.Runs.LogParamAsync(run.Id, "p", "1"));
        server.Start();
        await service.Runs.LogParamAsync(run.Id, "p", "2");
        service.Runs.Get(run.Id).Params["p"].ShouldBe("2");
    }
}
