using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>What a trial's program prints, writes to its metrics file or logs to the store: kept with its run, and searched for the metric.</summary>
/// <param name="trial">The trial.</param>
/// <param name="run">Its run.</param>
/// <param name="metrics">What is looked for; values of the first, where it is the only goal, are reported on the way.</param>
/// <param name="reports">Whether they are.</param>
/// <param name="sources">Where it is looked for.</param>
/// <param name="journal">Hears of values on the way.</param>
/// <param name="most">Bytes of output that are kept.</param>
internal sealed class TrialOutput(RunningTrial trial, Run run, IReadOnlyList<string> metrics, bool reports, MetricSources sources, StudyJournal journal, long most)
{
    private readonly Lock gate = new();
    private readonly (string Metric, MetricWatch Watch)[] watches = [.. metrics.Select(metric => (metric, new MetricWatch(metric, trial.Segment?.From ?? (trial.IsResumed ? trial.Done : 0))))];
    private readonly Dictionary<string, double> last = new(StringComparer.Ordinal);
    private readonly HashSet<string> fromStore = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> stored = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stream log = run.CreateArtifact("output.log");
    private long kept;
    private bool closed;

    /// <summary>The last value of a metric; null before there is one.</summary>
    public double? Last(string metric)
    {
        lock (gate)
        {
            return last.TryGetValue(metric, out var value) ? value : null;
        }
    }

    /// <summary>Takes what the program logged to its own run by itself, for metrics that it tells in no other way.</summary>
    /// <param name="history">All values of a metric in that run.</param>
    public void Stored(Func<string, IEnumerable<MetricPoint>> history)
    {
        foreach (var metric in metrics.Where(metric => Last(metric) is null || fromStore.Contains(metric)))
        {
            foreach (var point in history(metric).Skip(stored.GetValueOrDefault(metric)))
            {
                fromStore.Add(metric);
                stored[metric] = stored.GetValueOrDefault(metric) + 1;
                Logged(metric, point.Value, point.Step);
            }
        }
    }

    /// <summary>Fails when the pruner gives the trial up.</summary>
    public Task GivenUp => givenUp.Task;

    /// <summary>Takes standard output.</summary>
    public void Write(ReadOnlyMemory<byte> bytes)
    {
        lock (gate)
        {
            Keep(bytes.Span);
            foreach (var (metric, watch) in closed || !sources.HasFlag(MetricSources.Output) ? [] : watches)
            {
                foreach (var (step, value) in watch.Read(bytes))
                {
                    run.LogMetric(metric, value, step);
                    Found(metric, step, value);
                }
            }
        }
    }

    /// <summary>Keeps output that is not searched.</summary>
    public void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            var room = (int)Math.Min(bytes.Length, most - kept);
            if (room > 0 && !closed)
            {
                log.Write(bytes[..room]);
                kept += room;
                if (kept == most)
                {
                    run.Warn($"output.log holds the first {most:N0} bytes; the rest was dropped");
                }
            }
        }
    }

    /// <summary>Takes a metric that the program logged by itself.</summary>
    public void Logged(string name, double value, long step)
    {
        if (metrics.Contains(name))
        {
            lock (gate)
            {
                Found(name, step, value);
            }
        }
    }

    /// <summary>Takes in a last line without an end, and lets go of the log.</summary>
    public void Close()
    {
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            foreach (var (metric, watch) in sources.HasFlag(MetricSources.Output) ? watches : [])
            {
                if (watch.Rest() is { } rest)
                {
                    run.LogMetric(metric, rest.Value, rest.Step);
                    Found(metric, rest.Step, rest.Value);
                }
            }

            closed = true;
            log.Dispose();
        }
    }

    private void Found(string metric, long step, double value)
    {
        if (givenUp.Task.IsCompleted)
        {
            return;
        }

        last[metric] = value;
        if (!reports || metric != metrics[0])
        {
            return;
        }

        try
        {
            journal.Reported(trial.Number, step, value);

            // A program that is to pause knows its resource: it keeps its checkpoint, and ends by itself.
            if (trial.Advise(step, value) == Advice.Prune)
            {
                givenUp.TrySetException(new TrialPrunedException($"trial {trial.Number} was pruned at step {step}"));
            }
        }
        catch (ArgumentException e)
        {
            givenUp.TrySetException(new TrialFailedException(e.Message.Split(" (Parameter")[0]));
        }
    }
}
