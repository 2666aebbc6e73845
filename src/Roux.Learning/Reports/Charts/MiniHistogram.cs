namespace Roux.Learning.Reports.Charts;

/// <summary>A histogram the size of a word.</summary>
internal static class MiniHistogram
{
    private const double Width = 132;
    private const double Height = 30;

    /// <summary>Bars of the given counts, the tallest as high as the drawing; a count that is not nothing is at least a pixel high.</summary>
    public static Markup Draw(IReadOnlyList<double> counts, string words)
    {
        var most = counts.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        if (most <= 0)
        {
            return Markup.Empty;
        }

        var step = Width / counts.Count;
        var gap = counts.Count > 40 ? 0 : 1;
        var bars = counts.Select((count, i) => (count, i)).Where(bar => bar.count > 0).Select(bar =>
        {
            var height = Math.Max(1, bar.count / most * (Height - 2));
            return Markup.Of($"M{bar.i * step} {Height - 1}v{-height}h{step - gap}v{height}z");
        });
        return Markup.Of($"<svg class=\"mini\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\" aria-label=\"{words}\"><path class=\"bar\" d=\"{bars}\"/><path class=\"frame\" d=\"M0 {Height - 0.5}H{Width}\"/></svg>");
    }
}
