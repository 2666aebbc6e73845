using System.Collections.Concurrent;

namespace Roux.Tuning;

/// <summary>What may be asked of a study while <see cref="StudyRunner"/> runs it. Safe to use from many threads.</summary>
public sealed class StudyControl
{
    private readonly ConcurrentDictionary<int, CancellationTokenSource> running = new();
    private readonly ConcurrentDictionary<int, string> stopped = new();
    private volatile TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int added;

    /// <summary>Trials wanted beyond <see cref="RunOptions.Trials"/>.</summary>
    public int Added
    {
        get => Volatile.Read(ref added);
        set
        {
            if (Interlocked.Exchange(ref added, value) != value)
            {
                // Places that were left free look for a trial again.
                Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            }
        }
    }

    /// <summary>
    /// Ends a trial that runs in this process: its objective is cancelled. It counts as pruned where it has reported values of a single objective, else as failed; either
    /// way it is not given out again.
    /// </summary>
    /// <param name="trial">Its number.</param>
    /// <param name="reason">Why, for its error.</param>
    /// <returns>Whether it ran here.</returns>
    public bool Stop(int trial, string reason)
    {
        if (!running.TryGetValue(trial, out var source))
        {
            return false;
        }

        stopped[trial] = reason;
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended just now.
        }

        return true;
    }

    /// <summary>Completes when more trials are wanted than before.</summary>
    internal Task Changed => changed.Task;

    /// <summary>Why a trial was stopped; <c>null</c> for one that was not.</summary>
    internal string? ReasonOf(int trial) => stopped.GetValueOrDefault(trial);

    internal void Begin(int trial, CancellationTokenSource source) => running[trial] = source;

    internal void End(int trial)
    {
        running.TryRemove(trial, out _);
        stopped.TryRemove(trial, out _);
    }
}
