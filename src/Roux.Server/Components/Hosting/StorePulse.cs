using Microsoft.Extensions.Logging;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Hosting;

/// <summary>
/// Tells open pages that something in the store has changed, whoever changed it: looks at the store's version a few times a second while anybody listens.
/// One for all pages, so that fifty of them ask no more than one.
/// </summary>
internal sealed class StorePulse(TrackingService service, TimeProvider time, ILogger<StorePulse> log) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(400);

    private readonly Lock listening = new();
    private readonly HashSet<Action> listeners = [];
    private ITimer? timer;
    private long version;
    private int looking;

    /// <summary>Calls back after every change until the answer is disposed.</summary>
    public IDisposable Listen(Action changed)
    {
        lock (listening)
        {
            listeners.Add(changed);
            timer ??= time.CreateTimer(_ => Look(), null, Interval, Interval);
        }

        return new Subscription(this, changed);
    }

    public void Dispose()
    {
        lock (listening)
        {
            timer?.Dispose();
            timer = null;
            listeners.Clear();
        }
    }

    private void Look()
    {
        if (Interlocked.Exchange(ref looking, 1) == 1)
        {
            return;
        }

        try
        {
            var now = service.Tracker.Database.Version();
            if (now != Interlocked.Exchange(ref version, now))
            {
                Action[] all;
                lock (listening)
                {
                    all = [.. listeners];
                }

                foreach (var listener in all)
                {
                    listener();
                }
            }
        }
        catch (Exception exception) when (exception is TrackingException or ObjectDisposedException)
        {
            log.LogDebug(exception, "The version of the store is not to be had now");
        }
        finally
        {
            Volatile.Write(ref looking, 0);
        }
    }

    private void Stop(Action changed)
    {
        lock (listening)
        {
            listeners.Remove(changed);
            if (listeners.Count == 0)
            {
                timer?.Dispose();
                timer = null;
            }
        }
    }

    private sealed class Subscription(StorePulse pulse, Action changed) : IDisposable
    {
        public void Dispose() => pulse.Stop(changed);
    }
}
