using System.Globalization;

namespace Roux.Tracking.Reproduction;

/// <summary>The metrics of a run and of its parts, by name, without those that measure the machine.</summary>
public sealed class RunMetrics
{
    /// <summary>Tag of a repetition: the id of the run that it repeats.</summary>
    public const string ReproducesTag = "roux.reproduces";

    private const int MostParts = 2000;
    private readonly SortedDictionary<string, (string Metric, MetricSeries Series)> _series = new(StringComparer.Ordinal);

    private RunMetrics()
    {
    }

    /// <summary>Names, sorted.</summary>
    public IReadOnlyCollection<string> Names => _series.Keys;

    /// <summary>Reads the metrics of a run.</summary>
    /// <param name="tracker">Its store.</param>
    /// <param name="run">The run.</param>
    /// <param name="parts">Whether those of its parts belong to it; a part is known by its name, and by a number where several have it.</param>
    public static RunMetrics Read(Tracker tracker, RunRecord run, bool parts = true)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(run);
        var metrics = new RunMetrics();
        metrics.Add(tracker, run, "");
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var children = parts
            ? tracker.SearchRuns(new RunQuery { Filter = $"attributes.parent_run_id = '{run.Id}'", OrderBy = ["attributes.start_time ASC"], MaxResults = MostParts })
            : [];
        foreach (var child in children.Where(c => !c.Tags.ContainsKey(ReproducesTag)))
        {
            var count = seen[child.Name] = seen.GetValueOrDefault(child.Name) + 1;
            metrics.Add(tracker, child, count == 1 ? child.Name + " › " : string.Create(CultureInfo.InvariantCulture, $"{child.Name} ({count}) › "));
        }

        return metrics;
    }

    /// <summary>Compares the metrics of a repetition with these.</summary>
    /// <param name="again">Those of the repetition.</param>
    /// <param name="tolerances">How far they may be apart.</param>
    public IReadOnlyList<MetricCheck> Compare(RunMetrics again, Tolerances tolerances)
    {
        ArgumentNullException.ThrowIfNull(again);
        ArgumentNullException.ThrowIfNull(tolerances);
        var checks = new List<MetricCheck>();
        foreach (var name in _series.Keys.Union(again._series.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var first = _series.TryGetValue(name, out var a) ? a.Series : null;
            var second = again._series.TryGetValue(name, out var b) ? b.Series : null;
            var (tolerance, source) = tolerances.Of((first is null ? b : a).Metric);
            var (equal, note) = tolerance.Ignored ? (true, "") : CompareSeries(first, second, tolerance);
            checks.Add(new MetricCheck(name, Last(first), Last(second), first?.Count ?? 0, equal, tolerance.ToString(), source, note));
        }

        return checks;
    }

    private void Add(Tracker tracker, RunRecord run, string prefix)
    {
        foreach (var metric in run.Metrics.Keys.Where(m => !m.StartsWith("system/", StringComparison.Ordinal)))
        {
            _series[prefix + metric] = (metric, tracker.GetMetricSeries(run.Id, metric));
        }
    }

    private static (bool Equal, string Note) CompareSeries(MetricSeries? first, MetricSeries? again, MetricTolerance tolerance)
    {
        if (first is null || again is null)
        {
            return (false, first is null ? "the first run has no such metric" : "the repetition has no such metric");
        }

        // Steps of equal number are told apart by the order logged: a program that never says a step logs all at 0.
        for (var i = 0; i < Math.Min(first.Count, again.Count); i++)
        {
            if (first.Steps[i] != again.Steps[i])
            {
                return (false, Text($"the first run goes on with step {first.Steps[i]}, the repetition with step {again.Steps[i]}"));
            }

            if (!tolerance.Allows(first.Values[i], again.Values[i]))
            {
                return (false, first.Count == 1 ? "" : Text($"first differs at step {first.Steps[i]}: {first.Values[i]:R}, now {again.Values[i]:R}"));
            }
        }

        return first.Count == again.Count ? (true, "") : (false, Text($"{first.Count} points, now {again.Count}"));
    }

    private static double? Last(MetricSeries? series) => series is { Count: > 0 } ? series.Values[^1] : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
