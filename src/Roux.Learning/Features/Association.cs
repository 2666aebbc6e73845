using Roux.Learning.Data;

namespace Roux.Learning.Features;

/// <summary>How much of a target's variance a quantity explains by itself.</summary>
internal static class Association
{
    /// <summary>Squared Pearson correlation for numbers, η² (between-class share of the quantity's variance) for classes, mean r² over the labels of a multilabel target.</summary>
    /// <param name="values">The quantity, one per entry of <paramref name="rows"/>.</param>
    /// <param name="y">The target.</param>
    /// <param name="rows">Rows of the target.</param>
    /// <returns>In [0, 1]; 0 for constants.</returns>
    public static double Of(double[] values, Target y, int[] rows)
    {
        switch (y.Task)
        {
            case TaskKind.Regression:
                return SquaredCorrelation(values, Array.ConvertAll(rows, row => y.Values[row]));
            case TaskKind.Multilabel:
                var total = 0.0;
                for (var k = 0; k < y.Classes.Length; k++)
                {
                    total += SquaredCorrelation(values, Array.ConvertAll(rows, row => y.Indicators[row * y.Classes.Length + k] ? 1.0 : 0.0));
                }

                return total / y.Classes.Length;
            default:
                return CorrelationRatio(values, Array.ConvertAll(rows, row => y.Labels[row]), y.Classes.Length);
        }
    }

    private static double SquaredCorrelation(double[] x, double[] y)
    {
        if (x.Length == 0)
        {
            return 0;
        }

        var (meanX, meanY) = (x.Average(), y.Average());
        var (xx, yy, xy) = (0.0, 0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            var (dx, dy) = (x[i] - meanX, y[i] - meanY);
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }

        return xx > 0 && yy > 0 ? xy / xx * (xy / yy) : 0;
    }

    private static double CorrelationRatio(double[] x, int[] labels, int classes)
    {
        if (x.Length == 0)
        {
            return 0;
        }

        var counts = new double[classes];
        var sums = new double[classes];
        var mean = x.Average();
        var total = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var d = x[i] - mean;
            counts[labels[i]]++;
            sums[labels[i]] += d;
            total += d * d;
        }

        var between = 0.0;
        for (var k = 0; k < classes; k++)
        {
            between += counts[k] > 0 ? sums[k] * sums[k] / counts[k] : 0;
        }

        return total > 0 ? between / total : 0;
    }
}
