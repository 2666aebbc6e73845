using System.Globalization;

namespace Roux.Learning.Reports;

/// <summary>Writes scores of one metric with the same number of decimals everywhere: two digits of their uncertainty.</summary>
internal sealed class ScoreFormat
{
    private readonly string format;

    /// <param name="halfWidths">Half the widths of the intervals that are shown; what is not finite and positive is passed over.</param>
    /// <param name="scores">The scores that are shown, to judge by where no interval is known.</param>
    public ScoreFormat(IEnumerable<double> halfWidths, IEnumerable<double> scores)
    {
        var widths = halfWidths.Where(width => double.IsFinite(width) && width > 0).Order().ToArray();
        var sizes = scores.Where(double.IsFinite).Select(Math.Abs).ToArray();
        var scale = widths.Length > 0 ? widths[widths.Length / 4] : Math.Max(sizes.DefaultIfEmpty(1).Max(), 1e-6) / 20;
        Decimals = Math.Clamp(1 - (int)Math.Floor(Math.Log10(scale)), 0, 8);
        if (sizes.Length > 0 && sizes.Max() <= 1)
        {
            Decimals = Math.Max(3, Decimals);
        }

        format = Decimals == 0 ? "#,0" : "#,0." + new string('0', Decimals);
    }

    /// <summary>Digits after the point.</summary>
    public int Decimals { get; }

    /// <summary>A score.</summary>
    public string Of(double score) => double.IsNaN(score) ? "–" : double.IsInfinity(score) ? Figures.Value(score) : Figures.Sign(score.ToString(format, CultureInfo.InvariantCulture));

    /// <summary>A difference of scores, with its sign.</summary>
    public string Difference(double difference) => double.IsNaN(difference) ? "–" : (difference > 0 ? "+" : "") + Of(difference);
}
