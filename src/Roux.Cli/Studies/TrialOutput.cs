using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>What a trial's program prints: kept with its run, and searched for the metric.</summary>
internal sealed class TrialOutput(RunningTrial trial, Run run, string metric, long most)
{
    private readonly Lock gate = new();
    private readonly MetricWatch watch = new(metric);
    private readonly TaskCompletionSource givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stream log = run.CreateArtifact("output.log");
    private long kept;
    private bool closed;

    /// <summary>The last value printed.</summary>
    public double? Last { get; private set; }

    /// <summary>Fails when the pruner gives the trial up.</summary>
    public Task GivenUp => givenUp.Task;

    /// <summary>Takes standard output.</summary>
    public void Write(ReadOnlyMemory<byte> bytes)
    {
        lock (gate)
        {
            Keep(bytes.Span);
            foreach (var (step, value) in closed ? [] : watch.Read(bytes))
            {
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

    /// <summary>Takes in a last line without an end, and lets go of the log.</summary>
    public void Close()
    {
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            if (watch.Rest() is { } rest)
            {
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
        run.LogMetric(metric, value, step);
        try
        {
            trial.Report(step, value);
        }
        catch (TrialPrunedException e)
        {
            givenUp.TrySetException(e);
        }
    }
}
