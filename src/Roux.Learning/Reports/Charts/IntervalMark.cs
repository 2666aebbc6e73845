namespace Roux.Learning.Reports.Charts;

/// <summary>Dots with whiskers on one common scale, each an inline drawing of its own, to stand in the cells of a table.</summary>
/// <param name="low">Value at the left edge.</param>
/// <param name="high">Value at the right edge.</param>
/// <param name="reference">Where a thin line runs through all of them; NaN for none.</param>
/// <param name="width">Width in pixels.</param>
internal sealed class IntervalMark(double low, double high, double reference, double width = 170)
{
    private readonly Axis axis = Axis.Over([low, high], 6, width - 6, 0.02);

    /// <summary>Value at the left edge.</summary>
    public double Low => axis.Low;

    /// <summary>Value at the right edge.</summary>
    public double High => axis.High;

    /// <summary>
    /// A scale that shows the differences between good candidates: from the best as far as its rivals reach, but no more than
    /// four and a half times the width of a usual interval; what is farther off gets an arrow at the edge.
    /// </summary>
    public static IntervalMark Over(IReadOnlyList<(double Low, double Mean, double High)> rows, bool higherIsBetter, double reference)
    {
        var finite = rows.Where(row => double.IsFinite(row.Low) && double.IsFinite(row.High) && double.IsFinite(row.Mean)).ToArray();
        if (finite.Length == 0)
        {
            return new IntervalMark(0, 1, reference);
        }

        var widths = finite.Select(row => row.High - row.Low).Order().ToArray();
        var reach = Math.Max(widths[widths.Length / 2], widths[0]) * 4.5;
        double low = finite.Min(row => row.Low), high = finite.Max(row => row.High);
        if (reach > 0)
        {
            if (higherIsBetter)
            {
                low = Math.Max(low, high - reach);
            }
            else
            {
                high = Math.Min(high, low + reach);
            }
        }

        return new IntervalMark(low, high, reference);
    }

    /// <summary>One dot with its whisker.</summary>
    /// <param name="from">Low end of the interval.</param>
    /// <param name="value">The dot.</param>
    /// <param name="to">High end of the interval.</param>
    /// <param name="style">Class in the style sheet: <c>best</c>, <c>plain</c>, <c>base</c> or <c>test</c>; each has its own shape as well as its own colour.</param>
    /// <param name="words">The same in words.</param>
    public Markup Draw(double from, double value, double to, string style, string words)
    {
        if (!double.IsFinite(value))
        {
            return Markup.Empty;
        }

        var (a, b) = (double.IsFinite(from) ? from : value, double.IsFinite(to) ? to : value);
        var line = double.IsFinite(reference) && axis.Holds(reference) ? Markup.Of($"<path class=\"ref\" d=\"M{axis.At(reference)} 0V20\"/>") : Markup.Empty;
        var mark = value < axis.Low ? Markup.Of($"<path class=\"out\" d=\"M8 5L2 10L8 15\"/>")
            : value > axis.High ? Markup.Of($"<path class=\"out\" d=\"M{width - 8} 5L{width - 2} 10L{width - 8} 15\"/>")
            : Shape(axis.At(value), style);
        var whisker = !axis.Holds(value) ? Markup.Empty : Markup.Of($"<path class=\"whisker\" d=\"M{axis.At(a)} 10H{axis.At(b)}{End(a)}{End(b)}\"/>");
        return Markup.Of($"<svg class=\"dots {style}\" viewBox=\"0 0 {width} 20\" width=\"{width}\" height=\"20\" role=\"img\" aria-label=\"{words}\">{line}{whisker}{mark}</svg>");
    }

    private Markup End(double value) => axis.Holds(value) ? Markup.Of($"M{axis.At(value)} 6V14") : Markup.Empty;

    private static Markup Shape(double x, string style) => style switch
    {
        "base" => Markup.Of($"<path class=\"mark\" d=\"M{x - 4.5} 5.5H{x + 4.5}V14.5H{x - 4.5}Z\"/>"),
        "test" => Markup.Of($"<path class=\"mark\" d=\"M{x} 4L{x + 6} 10L{x} 16L{x - 6} 10Z\"/>"),
        "plain" => Markup.Of($"<circle class=\"mark hollow\" cx=\"{x}\" cy=\"10\" r=\"4\"/>"),
        _ => Markup.Of($"<circle class=\"mark\" cx=\"{x}\" cy=\"10\" r=\"5\"/>"),
    };
}
