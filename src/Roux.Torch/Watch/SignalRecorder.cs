using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Torch.Watch;

/// <summary>Keeps the signals of a training in memory, to judge them while it goes on, and passes each on to the run.</summary>
internal sealed class SignalRecorder(Run? run)
{
    private const int Most = 4096;
    private readonly Dictionary<string, Kept> series = new(StringComparer.Ordinal);

    /// <summary>Notes a value.</summary>
    public void Add(string name, double value, long step)
    {
        run?.LogMetric(name, value, step);
        if (!series.TryGetValue(name, out var kept))
        {
            series.Add(name, kept = new Kept());
        }

        kept.Add(step, value);
    }

    /// <summary>What was noted so far.</summary>
    public TrainingSignals Signals(IReadOnlyDictionary<string, string> parameters) =>
        TrainingSignals.From(series.Keys, name => new SignalSeries([.. series[name].Steps], [.. series[name].Values]), parameters);

    /// <summary>A series that is thinned by half whenever it is full.</summary>
    private sealed class Kept
    {
        private long stride = 1, seen;

        public List<double> Steps { get; } = [];

        public List<double> Values { get; } = [];

        public void Add(long step, double value)
        {
            // What is not finite is never thinned away.
            if (seen++ % stride != 0 && double.IsFinite(value))
            {
                return;
            }

            Steps.Add(step);
            Values.Add(value);
            if (Values.Count >= Most)
            {
                Thin(Steps);
                Thin(Values);
                stride *= 2;
            }
        }

        private static void Thin(List<double> values)
        {
            for (var index = 0; index < values.Count / 2; index++)
            {
                values[index] = values[2 * index];
            }

            values.RemoveRange(values.Count / 2, values.Count - values.Count / 2);
        }
    }
}
