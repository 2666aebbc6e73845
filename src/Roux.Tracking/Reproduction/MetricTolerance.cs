using System.Globalization;

namespace Roux.Tracking.Reproduction;

/// <summary>How far two values of a metric may be apart and still count as equal.</summary>
/// <param name="Relative">Share of the larger magnitude of the two.</param>
/// <param name="Absolute">Distance that is allowed however small the values are.</param>
/// <param name="Ignored">Whether the metric is not compared at all.</param>
public sealed record MetricTolerance(double Relative, double Absolute = 0, bool Ignored = false)
{
    /// <summary>Where the repetition must lie, whatever the first value; null where the distance counts.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>Tags and params that begin so state the tolerance of a metric.</summary>
    public const string TagPrefix = "roux.tolerance.";

    /// <summary>For metrics without a stated one: a program of fixed seed gives equal results, up to the order of a few additions.</summary>
    public static MetricTolerance Default { get; } = new(1e-9, 1e-12);

    /// <summary>The metric is not compared.</summary>
    public static MetricTolerance None { get; } = new(0, 0, Ignored: true);

    /// <summary>Reads <c>1e-6</c> (relative), <c>1%</c>, <c>abs:0.01</c>, <c>ignore</c>.</summary>
    /// <returns>Null where it is none of these.</returns>
    public static MetricTolerance? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed == "ignore")
        {
            return None;
        }

        var absolute = trimmed.StartsWith("abs:", StringComparison.Ordinal);
        var percent = !absolute && trimmed.EndsWith('%');
        var number = absolute ? trimmed[4..] : percent ? trimmed[..^1] : trimmed;
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value) || value < 0)
        {
            return null;
        }

        return absolute ? new MetricTolerance(0, value) : new MetricTolerance(percent ? value / 100 : value);
    }

    /// <summary>Whether two values count as equal. NaN equals NaN, and an infinity itself.</summary>
    public bool Allows(double first, double again)
    {
        if (Ignored || first.Equals(again))
        {
            return true;
        }

        if (Range is var (low, high))
        {
            return again >= low && again <= high;
        }

        return double.IsFinite(first) && double.IsFinite(again)
            && Math.Abs(first - again) <= Math.Max(Absolute, Relative * Math.Max(Math.Abs(first), Math.Abs(again)));
    }

    /// <summary>As <see cref="TryParse"/> reads it, or the range.</summary>
    public override string ToString() => Ignored ? "ignore"
        : Range is var (low, high) ? string.Create(CultureInfo.InvariantCulture, $"[{low:G4}, {high:G4}]")
        : Relative > 0 ? Relative.ToString("R", CultureInfo.InvariantCulture)
        : Absolute > 0 ? "abs:" + Absolute.ToString("R", CultureInfo.InvariantCulture) : "0";
}
