using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Roux.Tracking.Runs;

/// <summary>
/// On the way out of the process, has every tracker write what it holds and mark its open runs. A run so marked is not closed: where
/// the program handles the signal and lives on, its own <see cref="Run.Finish"/> has the last word.
/// </summary>
internal static class ProcessEnd
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<Tracker, byte> Trackers = new();
    private static readonly Lock Gate = new();
    private static readonly List<PosixSignalRegistration> Signals = [];
    private static bool hooked;

    public static void Watch(Tracker tracker)
    {
        Trackers.TryAdd(tracker, 0);
        lock (Gate)
        {
            if (hooked)
            {
                return;
            }

            hooked = true;
            AppDomain.CurrentDomain.UnhandledException += (_, raised) =>
                MarkAll(RunStatus.Failed, raised.ExceptionObject.ToString() ?? "an exception that nobody caught");
            AppDomain.CurrentDomain.ProcessExit += (_, _) => MarkAll(RunStatus.Killed, "the process ended before the run was finished");
            foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
            {
                Signals.Add(PosixSignalRegistration.Create(signal, context => MarkAll(RunStatus.Killed, $"the process received {context.Signal}")));
            }
        }
    }

    public static void Unwatch(Tracker tracker) => Trackers.TryRemove(tracker, out _);

    private static void MarkAll(RunStatus status, string error)
    {
        foreach (var tracker in Trackers.Keys)
        {
            tracker.MarkOpenRuns(status, error, Patience);
        }
    }
}
