using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Telemetry;

/// <summary>One thing that a server needs to work.</summary>
/// <param name="Name">What.</param>
/// <param name="Problem">What is wrong with it, without details of this machine; <c>null</c> where all is well.</param>
internal sealed record ReadyCheck(string Name, string? Problem);

/// <summary>
/// Whether the server can do its work now: the store answers, takes a write within some seconds, and artifacts can be stored. Many may ask
/// at once and often; the checks are made at most once a second, and a write that hangs is not followed by more.
/// </summary>
internal sealed class Readiness(TrackingService service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly Lock asking = new();
    private Task<IReadOnlyList<ReadyCheck>>? last;
    private long asked;
    private Task? write;

    public Task<IReadOnlyList<ReadyCheck>> CheckAsync()
    {
        lock (asking)
        {
            if (last is null || (last.IsCompleted && TimeSpan.FromMilliseconds(Environment.TickCount64 - asked) >= Kept))
            {
                asked = Environment.TickCount64;
                last = CheckAllAsync();
            }

            return last;
        }
    }

    private async Task<IReadOnlyList<ReadyCheck>> CheckAllAsync()
    {
        if (write is null || write.IsCompleted)
        {
            write = service.Tracker.Database.WritesOrThrow().StartAsync(session => session.Sql.Execute("UPDATE experiments SET updated = updated WHERE id = -1"));
        }

        return await Task.WhenAll(
            TryAsync("store", Task.Run(() => service.Tracker.Database.Read(session => session.Number("SELECT count(*) FROM experiments WHERE id = -1"))), "it cannot be read"),
            TryAsync("writes", write, "it takes no writes"),
            TryAsync("artifacts", Task.Run(() => service.Tracker.Artifacts.CheckAsync()), "they cannot be stored")).ConfigureAwait(false);
    }

    private static async Task<ReadyCheck> TryAsync(string name, Task work, string problem)
    {
        try
        {
            await work.WaitAsync(Patience).ConfigureAwait(false);
            return new ReadyCheck(name, null);
        }
        catch (TimeoutException)
        {
            return new ReadyCheck(name, $"no answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception exception) when (exception is TrackingException or ServiceException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return new ReadyCheck(name, problem);
        }
    }
}
