using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>The mean over rows of a number that depends on one row alone, perhaps finished by a function such as the square root.</summary>
internal sealed class RowMeanMetric(
    string name, string title, bool higherIsBetter, TaskKind[] tasks, Func<Target, Predictions, double[]> values, Func<double, double>? finish = null)
    : KernelMetric(name, title, higherIsBetter, tasks)
{
    internal override MetricKernel Prepare(Target y, Predictions p) => new Kernel(values(y, p), finish);

    private sealed class Kernel(double[] values, Func<double, double>? finish) : MetricKernel
    {
        public override long Cost => values.Length;

        public override double Evaluate(ReadOnlySpan<int> counts)
        {
            var sum = 0.0;
            var total = 0L;
            for (var row = 0; row < counts.Length; row++)
            {
                if (counts[row] != 0)
                {
                    sum += counts[row] * values[row];
                    total += counts[row];
                }
            }

            var mean = sum / total;
            return finish is null ? mean : finish(mean);
        }
    }
}

/// <summary>The numbers of single rows that <see cref="RowMeanMetric"/> averages.</summary>
internal static class RowValues
{
    /// <summary>Machine epsilon of float64, by which scikit-learn clips probabilities before taking logarithms.</summary>
    public const double Epsilon = 2.220446049250313e-16;

    /// <summary>Negative log of the probability given to the true class, in nats.</summary>
    public static double[] LogLoss(Target y, Predictions p) =>
        Each(y.Count, row => -Math.Log(Math.Clamp(p.Values[row * p.Width + y.Labels[row]], Epsilon, 1 - Epsilon)));

    /// <summary>Brier 1950: binary, the squared error of the positive class's probability; multiclass, the squared errors of all classes summed (0 to 2).</summary>
    public static double[] Brier(Target y, Predictions p) => Each(y.Count, row =>
    {
        var outputs = p.Row(row);
        if (p.Width == 2)
        {
            var error = outputs[1] - y.Labels[row];
            return error * error;
        }

        var sum = 0.0;
        for (var k = 0; k < outputs.Length; k++)
        {
            var error = outputs[k] - (k == y.Labels[row] ? 1 : 0);
            sum += error * error;
        }

        return sum;
    });

    /// <summary>1 where the true class is among the <paramref name="k"/> most probable (the first of equals first), else 0.</summary>
    public static Func<Target, Predictions, double[]> TopK(int k) => (y, p) => Each(y.Count, row =>
    {
        var outputs = p.Row(row);
        var truth = y.Labels[row];
        var ahead = 0;
        for (var j = 0; j < outputs.Length; j++)
        {
            if (outputs[j] > outputs[truth] || (outputs[j] == outputs[truth] && j < truth))
            {
                ahead++;
            }
        }

        return ahead < k ? 1 : 0;
    });

    /// <summary>1 where every label of the row is right, else 0.</summary>
    public static double[] SubsetAccuracy(Target y, Predictions p) =>
        Each(y.Count, row => WrongLabels(y, p, row) == 0 ? 1 : 0);

    /// <summary>Share of the row's labels that are wrong.</summary>
    public static double[] HammingLoss(Target y, Predictions p) =>
        Each(y.Count, row => (double)WrongLabels(y, p, row) / p.Width);

    /// <summary>
    /// Label-ranking average precision of one row: over its true labels, the share of true labels among those ranked at least as high
    /// (Tsoumakas, Katakis and Vlahavas 2010, "Mining multi-label data", 3.3.2). A row with no label or all labels scores 1.
    /// </summary>
    public static double[] RankingPrecision(Target y, Predictions p) => Each(y.Count, row =>
    {
        var scores = p.Row(row);
        var truth = y.Indicators.AsSpan(row * p.Width, p.Width);
        var relevant = truth.Count(true);
        if (relevant == 0 || relevant == p.Width)
        {
            return 1;
        }

        var keys = scores.ToArray();
        var isTrue = truth.ToArray();
        Array.Sort(keys, isTrue);
        var sum = 0.0;
        var ranked = 0;
        var trueRanked = 0;
        for (var end = keys.Length - 1; end >= 0;)
        {
            var start = end;
            var inGroup = 0;
            for (; start >= 0 && keys[start] == keys[end]; start--)
            {
                inGroup += isTrue[start] ? 1 : 0;
            }

            if (start == end)
            {
                return double.NaN; // a score that is not a number
            }

            ranked += end - start;
            trueRanked += inGroup;
            sum += (double)inGroup * trueRanked / ranked;
            end = start;
        }

        return sum / relevant;
    });

    public static double[] AbsoluteError(Target y, Predictions p) => Each(y.Count, row => Math.Abs(y.Values[row] - p.Values[row]));

    public static double[] SquaredError(Target y, Predictions p) => Each(y.Count, row =>
    {
        var error = y.Values[row] - p.Values[row];
        return error * error;
    });

    /// <summary>Absolute error relative to the true value, whose size is kept from zero by machine epsilon.</summary>
    public static double[] RelativeError(Target y, Predictions p) =>
        Each(y.Count, row => Math.Abs(y.Values[row] - p.Values[row]) / Math.Max(Math.Abs(y.Values[row]), Epsilon));

    /// <summary>Pinball loss at quantile <paramref name="q"/> (Koenker and Bassett 1978).</summary>
    public static Func<Target, Predictions, double[]> Pinball(double q) => (y, p) => Each(y.Count, row =>
    {
        var error = y.Values[row] - p.Values[row];
        return error >= 0 ? q * error : (q - 1) * error;
    });

    private static int WrongLabels(Target y, Predictions p, int row)
    {
        var wrong = 0;
        for (var k = 0; k < p.Width; k++)
        {
            wrong += y.Indicators[row * p.Width + k] == p.Has(row, k) ? 0 : 1;
        }

        return wrong;
    }

    private static double[] Each(int rows, Func<int, double> value)
    {
        var values = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            values[row] = value(row);
        }

        return values;
    }
}
