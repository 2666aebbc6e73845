using System.Globalization;

namespace Roux.Cli.Studies;

/// <summary>A bound that a metric of a trial must keep; trials that break it are not among the best.</summary>
/// <param name="Metric">What the program tells.</param>
/// <param name="AtMost">Whether the bound is the most, and not the least.</param>
/// <param name="Bound">The bound.</param>
internal sealed record MetricLimit(string Metric, bool AtMost, double Bound)
{
    /// <summary>Reads <c>latency_ms &lt;= 5</c>.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static MetricLimit Parse(string text)
    {
        var (at, atMost) = text.IndexOf("<=", StringComparison.Ordinal) is >= 0 and var most ? (most, true) : (text.IndexOf(">=", StringComparison.Ordinal), false);
        return at > 0 && text[..at].Trim() is { Length: > 0 } name && double.TryParse(text[(at + 2)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) && double.IsFinite(bound)
            ? new MetricLimit(name, atMost, bound)
            : throw new UsageException($"--limit '{text}': a metric that the program tells and its bound, such as 'latency_ms <= 5' or 'recall >= 0.9'");
    }

    /// <summary>By how much a value breaks the bound; 0 or less where it is kept.</summary>
    public double Violation(double value) => AtMost ? value - Bound : Bound - value;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Metric} {(AtMost ? "<=" : ">=")} {Bound:G6}");
}
