using System.Globalization;

namespace Roux.Tracking.Reproduction;

/// <summary>The tolerance of every metric of a run: as asked for, else as the run states, else the default.</summary>
public sealed class Tolerances
{
    // Words of names that measure time or speed, which no program repeats.
    private static readonly HashSet<string> TimeWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "second", "seconds", "secs", "sec", "ms", "us", "ns", "millis", "milliseconds", "microseconds", "minutes", "hours", "duration", "elapsed", "latency", "throughput", "time", "walltime", "runtime",
        "timestamp", "speed", "ips", "fps",
    };

    /// <summary>Tags that begin so hold the 95% interval of a metric, as <c>low,high</c>.</summary>
    public const string IntervalTagPrefix = "roux.interval.";

    private readonly RunRecord _run;
    private readonly bool _byInterval;
    private readonly IReadOnlyDictionary<string, MetricTolerance> _asked;

    /// <param name="run">The first run, whose tags and params may state tolerances (<c>roux.tolerance.METRIC</c>, <c>roux.tolerance.*</c>).</param>
    /// <param name="asked">Tolerances that go before those, by metric; <c>*</c> for all others.</param>
    /// <param name="byInterval">Whether the run's figures depend on how fast the machine was, so that only those with an interval are compared, and by it.</param>
    public Tolerances(RunRecord run, IReadOnlyDictionary<string, MetricTolerance>? asked = null, bool byInterval = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        _run = run;
        _byInterval = byInterval;
        _asked = asked ?? new Dictionary<string, MetricTolerance>();
    }

    /// <summary>The tolerance of a metric, and where it comes from.</summary>
    public (MetricTolerance Tolerance, string Source) Of(string metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (_asked.TryGetValue(metric, out var asked))
        {
            return (asked, "asked for");
        }

        if (Stated(metric) is { } stated)
        {
            return (stated, "stated by the run");
        }

        if (IsTime(metric))
        {
            return (MetricTolerance.None, "measures time");
        }

        if (_byInterval)
        {
            return Interval(metric) is { } range
                ? (new MetricTolerance(0) { Range = range }, "its 95% interval")
                : (MetricTolerance.None, "depends on how far the time went");
        }

        if (_asked.TryGetValue("*", out var all))
        {
            return (all, "asked for");
        }

        return Stated("*") is { } general ? (general, "stated by the run") : (MetricTolerance.Default, "default");
    }

    /// <summary>Whether the name of a metric says that it measures time or speed: a word such as <c>seconds</c>, <c>latency</c> or <c>ms</c>, or <c>per_second</c>.</summary>
    public static bool IsTime(string metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        var start = 0;
        for (var i = 0; i <= metric.Length; i++)
        {
            if (i < metric.Length && char.IsLetterOrDigit(metric[i]))
            {
                continue;
            }

            if (i > start && TimeWords.Contains(metric[start..i]))
            {
                return true;
            }

            start = i + 1;
        }

        return false;
    }

    private (double Low, double High)? Interval(string metric) =>
        _run.Tags.TryGetValue(IntervalTagPrefix + metric, out var text) && text.Split(',') is [var low, var high]
        && double.TryParse(low, NumberStyles.Float, CultureInfo.InvariantCulture, out var from) && double.TryParse(high, NumberStyles.Float, CultureInfo.InvariantCulture, out var to)
            ? (from, to)
            : null;

    private MetricTolerance? Stated(string metric)
    {
        var key = MetricTolerance.TagPrefix + metric;
        return (_run.Tags.TryGetValue(key, out var tag) ? tag : _run.Params.GetValueOrDefault(key)) is { } text ? MetricTolerance.TryParse(text) : null;
    }
}
