namespace Roux.Tracking.Remote;

/// <summary>
/// Waiting times between attempts: exponential with full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015), so that many clients of a
/// server that comes back do not all come at once. A time that the server asks for is the least.
/// </summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MostAsked = TimeSpan.FromMinutes(10);
    private int failures;

    /// <summary>After a success: the next failure waits briefly again.</summary>
    public void Reset() => failures = 0;

    /// <summary>How long to wait after another failure.</summary>
    public TimeSpan Next(TimeSpan? asked)
    {
        var most = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, Math.Min(failures++, 16)));
        var wait = TimeSpan.FromMilliseconds(most * (0.5 + (0.5 * random.NextDouble())));
        return asked is { } least ? wait + (least < MostAsked ? least : MostAsked) : wait;
    }
}
