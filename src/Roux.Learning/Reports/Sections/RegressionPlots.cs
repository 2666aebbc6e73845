using Roux.Learning.Reports.Charts;

namespace Roux.Learning.Reports.Sections;

/// <summary>Predicted against actual values, and what the errors look like.</summary>
internal static class RegressionPlots
{
    /// <summary>With more points than this their density is drawn.</summary>
    private const int MaxPoints = 500;

    public static Markup Make(ReportContext context)
    {
        var (actual, predicted) = (context.Result.TestTarget.Values, context.Result.TestPredictions.Values);
        var rows = Enumerable.Range(0, actual.Length).Where(row => double.IsFinite(actual[row]) && double.IsFinite(predicted[row])).ToArray();
        if (rows.Length == 0)
        {
            return Markup.Of($"<p>No prediction is a number: there is nothing to draw.</p>\n");
        }

        double[] y = [.. rows.Select(row => actual[row])];
        double[] p = [.. rows.Select(row => predicted[row])];
        double[] residuals = [.. rows.Select(row => actual[row] - predicted[row])];
        double[] sizes = [.. residuals.Select(Math.Abs).Order()];
        return Markup.Of($"""
            <p>Half of the predictions are off by less than <b>{Figures.Value(At(sizes, 0.5))}</b>, nine in ten by less than <b>{Figures.Value(At(sizes, 0.9))}</b>; the worst by {Figures.Value(sizes[^1])}. The target runs from {Figures.Value(y.Min())} to {Figures.Value(y.Max())} on these rows.</p>
            <div class="plots">{PredictedActual(y, p)}{Residuals(p, residuals)}{Errors(residuals)}</div>

            """);
    }

    private static double At(double[] sorted, double share) => sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(share * sorted.Length))];

    private static Markup PredictedActual(double[] y, double[] p)
    {
        var both = y.Concat(p).ToArray();
        var frame = new PlotFrame("Predicted and actual", "Points near the diagonal are predicted well.", "predicted", "actual", both, both);
        Cloud(frame, p, y);
        frame.Line("line0", [both.Min(), both.Max()], [both.Min(), both.Max()]);
        frame.Explain("line0", "perfect");
        return frame.Finish();
    }

    private static Markup Residuals(double[] p, double[] residuals)
    {
        var frame = new PlotFrame("Errors by predicted value", "A pattern here is something that the model has not learned.", "predicted", "actual minus predicted", p, residuals);
        Cloud(frame, p, residuals);
        frame.Line("line0", [p.Min(), p.Max()], [0, 0]);
        var (xs, means) = MeansByBin(p, residuals);
        frame.Line("line2", xs, means);
        frame.Explain("line0", "no error");
        frame.Explain("line2", "mean error nearby");
        return frame.Finish("The dashed mean should stay near zero, and the spread should look alike from left to right.");
    }

    /// <summary>Mean residual in up to twelve parts of equally many rows, in the order of the prediction.</summary>
    private static (double[] X, double[] Mean) MeansByBin(double[] p, double[] residuals)
    {
        int[] order = [.. Enumerable.Range(0, p.Length).OrderBy(row => p[row])];
        var parts = Math.Clamp(p.Length / 15, 1, 12);
        var bins = Enumerable.Range(0, parts).Select(part => order[((int)((long)part * order.Length / parts))..((int)((part + 1L) * order.Length / parts))]).ToArray();
        return ([.. bins.Select(bin => bin.Average(row => p[row]))], [.. bins.Select(bin => bin.Average(row => residuals[row]))]);
    }

    private static Markup Errors(double[] residuals)
    {
        var sorted = residuals.Order().ToArray();
        const int count = 30;

        // The middle 99% decide the range, so that a few wild errors do not hide the shape; they are counted in the outermost bins.
        var (low, high) = (At(sorted, 0.005), At(sorted, 0.995));
        if (!(high > low))
        {
            (low, high) = (sorted[0] - 0.5, sorted[^1] + 0.5);
        }

        var bins = new double[count];
        foreach (var residual in sorted)
        {
            bins[Math.Clamp((int)((residual - low) / (high - low) * count), 0, count - 1)]++;
        }

        var frame = new PlotFrame("How large errors are", $"Half of the errors lie between {Figures.Value(At(sorted, 0.25))} and {Figures.Value(At(sorted, 0.75))}.", "actual minus predicted", "rows", [low, high], [0, bins.Max() * 1.04], air: 0);
        var step = (high - low) / count;
        for (var i = 0; i < count; i++)
        {
            var (left, right) = (frame.X.At(low + i * step), frame.X.At(low + (i + 1) * step));
            if (bins[i] > 0)
            {
                frame.Add(Markup.Of($"<path class=\"bin\" d=\"M{left + 0.5} {frame.Y.At(0)}V{frame.Y.At(bins[i])}H{right - 0.5}V{frame.Y.At(0)}Z\"/>"));
            }
        }

        if (low < 0 && high > 0)
        {
            frame.Line("line0", [0, 0], [0, bins.Max() * 1.04]);
            frame.Explain("line0", "no error");
        }

        return frame.Finish();
    }

    /// <summary>Points, or where they are many, squares that are the darker the more points they hold.</summary>
    private static void Cloud(PlotFrame frame, double[] x, double[] y)
    {
        if (x.Length <= MaxPoints)
        {
            for (var i = 0; i < x.Length; i++)
            {
                frame.Add(Markup.Of($"<circle class=\"cloud\" cx=\"{frame.X.At(x[i])}\" cy=\"{frame.Y.At(y[i])}\" r=\"3\"/>"));
            }

            return;
        }

        const int cells = 48;
        var counts = new int[cells, cells];
        for (var i = 0; i < x.Length; i++)
        {
            counts[Cell(frame.X, x[i], cells), Cell(frame.Y, y[i], cells)]++;
        }

        var most = counts.Cast<int>().Max();
        var (width, height) = ((frame.X.To - frame.X.From) / cells, (frame.Y.From - frame.Y.To) / cells);
        const int levels = 5;
        for (var level = 1; level <= levels; level++)
        {
            var squares = new List<Markup>();
            for (var i = 0; i < cells; i++)
            {
                for (var j = 0; j < cells; j++)
                {
                    if (counts[i, j] > 0 && Math.Clamp((int)Math.Ceiling(Math.Log(1 + counts[i, j]) / Math.Log(1 + most) * levels), 1, levels) == level)
                    {
                        squares.Add(Markup.Of($"M{frame.X.From + i * width} {frame.Y.From - (j + 1) * height}h{width}v{height}h{-width}z"));
                    }
                }
            }

            if (squares.Count > 0)
            {
                frame.Add(Markup.Of($"<path class=\"density d{level}\" d=\"{squares}\"/>"));
            }
        }
    }

    private static int Cell(Axis axis, double value, int cells) => Math.Clamp((int)((value - axis.Low) / (axis.High - axis.Low) * cells), 0, cells - 1);
}
