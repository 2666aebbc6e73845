using System.Diagnostics;
using Roux.Learning.Data;
using Roux.Learning.Features;

namespace Roux.Learning.AutoML;

/// <summary>
/// Makes the features of each fold once per form and keeps the most recently used within a bound of memory.
/// Everything is fitted on the fold's training rows alone.
/// </summary>
internal sealed class FoldFeatures(Table table, IReadOnlyList<ColumnSpec> columns, Target target, IReadOnlyList<Fold> folds, int seed, long maxBytes = 1_500_000_000)
{
    private readonly Dictionary<(int Fold, FeatureForm Form), Entry> entries = [];
    private readonly Lock gate = new();
    private long clock;

    /// <summary>The features of a fold in a form. Two callers of the same fold and form: one makes them, the other waits.</summary>
    /// <param name="fold">Number of the fold.</param>
    /// <param name="form">The form.</param>
    /// <param name="threads">Threads that may work at once.</param>
    /// <param name="isNew">Whether this call made them.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public Made Get(int fold, FeatureForm form, int threads, out bool isNew, CancellationToken cancellation)
    {
        isNew = false;
        Entry entry;
        lock (gate)
        {
            if (!entries.TryGetValue((fold, form), out entry!))
            {
                entries.Add((fold, form), entry = new Entry());
            }

            entry.LastUse = ++clock;
        }

        lock (entry)
        {
            if (entry.Made is { } made)
            {
                return made;
            }

            isNew = true;
            made = entry.Made = Make(fold, form, threads, cancellation);
            Evict(entry);
            return made;
        }
    }

    private Made Make(int fold, FeatureForm form, int threads, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var rows = folds[fold];
        var y = target.Take(rows.Train);
        var (featurizer, training) = Featurizer.Fit(table.Take(rows.Train), columns, y, form, Seeds.Derive(seed, "features", fold), threads, cancellation);
        var test = featurizer.Transform(table.Take(rows.Test), cancellation);
        return new Made(training, y, test, target.Take(rows.Test), watch.Elapsed.TotalSeconds);
    }

    private void Evict(Entry keep)
    {
        lock (gate)
        {
            var total = entries.Values.Sum(entry => entry.Made?.Bytes ?? 0);
            foreach (var (key, entry) in entries.OrderBy(pair => pair.Value.LastUse).ToList())
            {
                if (total <= maxBytes)
                {
                    return;
                }

                if (entry != keep && entry.Made is { } made)
                {
                    total -= made.Bytes;
                    entries.Remove(key);
                }
            }
        }
    }

    /// <summary>Features and answers of one fold.</summary>
    internal sealed record Made(FeatureMatrix Training, Target TrainingTarget, FeatureMatrix Test, Target TestTarget, double Seconds)
    {
        public long Bytes { get; } = BytesOf(Training) + BytesOf(Test);

        private static long BytesOf(FeatureMatrix x) => x.Dense is { } dense ? dense.LongLength * 4 : x.Values!.LongLength * 8 + x.RowStarts!.LongLength * 8;
    }

    private sealed class Entry
    {
        public Made? Made { get; set; }

        public long LastUse { get; set; }
    }
}
