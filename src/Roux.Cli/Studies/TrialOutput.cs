using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>What a trial's program prints, writes to its metrics file or logs to the store: kept with its run, and searched for the metric.</summary>
/// <param name="trial">The trial.</param>
/// <param name="run">Its run.</param>
/// <param name="metric">What is looked for.</param>
/// <param name="sources">Where it is looked for.</param>
/// <param name="journal">Hears of values on the way.</param>
/// <param name="most">Bytes of output that are kept.</param>
internal sealed class TrialOutput(RunningTrial trial, Run run, string metric, MetricSources sources, StudyJournal journal, long most)
{
    private readonly Lock gate = new();
    private readonly MetricWatch watch = new(metric, trial.Segment?.From ?? (trial.IsResumed ? trial.Done : 0));
    private readonly TaskCompletionSource givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stream log = run.CreateArtifact("output.log");
    private long kept;
    private bool closed;

    /// <summary>The last value.</summary>
    public double? Last { get; private set; }

    /// <summary>Whether values come from the program's own run, for it tells them in no other way.</summary>
    public bool FromStore { get; set; }

    /// <summary>Values taken from the program's own run.</summary>
    public int Stored { get; set; }

    /// <summary>Fails when the pruner gives the trial up.</summary>
    public Task GivenUp => givenUp.Task;

    /// <summary>Takes standard output.</summary>
    public void Write(ReadOnlyMemory<byte> bytes)
    {
        lock (gate)
        {
            Keep(bytes.Span);
            foreach (var (step, value) in closed || !sources.HasFlag(MetricSources.Output) ? [] : watch.Read(bytes))
            {
                run.LogMetric(metric, value, step);
                Found(step, value);
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
        if (name == metric)
        {
            lock (gate)
            {
                Found(step, value);
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

            if (sources.HasFlag(MetricSources.Output) && watch.Rest() is { } rest)
            {
                run.LogMetric(metric, rest.Value, rest.Step);
                Found(rest.Step, rest.Value);
            }

            closed = true;
            log.Dispose();
        }
    }

    private void Found(long step, double value)
    {
        if (givenUp.Task.IsCompleted)
        {
            return;
        }

        Last = value;
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
