using Roux.Cli.Studies;
using Roux.Learning.Studies;
using Roux.Tracking;

namespace Roux.Cli.Programs;

/// <summary>The metric of a trial that is run again by itself: taken from what it prints and writes, and recorded as in its study.</summary>
/// <param name="run">Gets it.</param>
/// <param name="metric">Its name.</param>
internal sealed class ToldMetric(Run run, string metric)
{
    private readonly Lock gate = new();
    private readonly MetricWatch watch = new(metric);
    private double? last;

    /// <summary>Takes standard output.</summary>
    public void Printed(ReadOnlyMemory<byte> bytes)
    {
        lock (gate)
        {
            foreach (var (step, value) in watch.Read(bytes))
            {
                run.LogMetric(metric, value, step);
                last = value;
            }
        }
    }

    /// <summary>Takes what the program logged.</summary>
    public void Logged(string name, double value, long step)
    {
        lock (gate)
        {
            last = name == metric ? value : last;
        }
    }

    /// <summary>Records what the study would have been told.</summary>
    public void Finish(bool isComplete)
    {
        lock (gate)
        {
            if (watch.Rest() is { } rest)
            {
                run.LogMetric(metric, rest.Value, rest.Step);
                last = rest.Value;
            }

            if (isComplete && last is { } value && double.IsFinite(value))
            {
                run.LogMetric(StudyTags.Objective, value);
            }
        }
    }
}
