using Roux.Learning.Data;

namespace Roux.Debugging.Slices;

/// <summary>The loss of each row, and what it would be expected to be by how sure the model was.</summary>
/// <param name="Loss">Classes: 1 for a wrong answer, else 0 (several labels: 1 where any is wrong). Numbers: the absolute error.</param>
/// <param name="Expected">Mean loss of the rows for which the model was as sure; over all rows it sums to what <paramref name="Loss"/> does.</param>
/// <param name="Spread">Numbers: the standard deviation of the loss among those rows. Classes: empty.</param>
internal sealed record RowLosses(double[] Loss, double[] Expected, double[] Spread)
{
    /// <summary>So many rows tell a mean loss well enough: an error rate of one half to within 5 points.</summary>
    private const int RowsOfBin = 100;

    private const int MostBins = 20;

    /// <summary>Whether losses are counts of wrong answers.</summary>
    public bool AreCounts => Spread.Length == 0;

    /// <param name="y">The known answers.</param>
    /// <param name="p">Predictions for the same rows.</param>
    /// <param name="againstConfidence">Whether the expected loss depends on how sure the model was, or is the same for all rows.</param>
    public static RowLosses Of(Target y, Predictions p, bool againstConfidence)
    {
        var loss = Losses(y, p);
        var sureness = Sureness(y, p);
        var order = Enumerable.Range(0, loss.Length).OrderBy(row => sureness[row]).ToArray();
        var bins = againstConfidence ? Math.Clamp(loss.Length / RowsOfBin, 1, MostBins) : 1;
        var expected = new double[loss.Length];
        var spread = new double[y.Task == TaskKind.Regression ? loss.Length : 0];
        for (var (from, bin) = (0, 0); from < order.Length; bin++)
        {
            var to = Math.Max(from + 1, (int)((long)(bin + 1) * order.Length / bins));
            while (to < order.Length && sureness[order[to]] == sureness[order[to - 1]])
            {
                to++; // rows of equal sureness have equal expectations
            }

            var rows = order.AsSpan(from, to - from);
            var mean = 0.0;
            foreach (var row in rows)
            {
                mean += loss[row] / rows.Length;
            }

            var squares = 0.0;
            foreach (var row in rows)
            {
                squares += (loss[row] - mean) * (loss[row] - mean);
                expected[row] = mean;
            }

            for (var i = 0; i < rows.Length && spread.Length > 0; i++)
            {
                spread[rows[i]] = Math.Sqrt(squares / Math.Max(1, rows.Length - 1));
            }

            from = to;
        }

        return new RowLosses(loss, expected, spread);
    }

    /// <summary>The loss of each row; see <see cref="Loss"/>.</summary>
    public static double[] Losses(Target y, Predictions p)
    {
        var loss = new double[y.Count];
        var labels = y.Task is TaskKind.Binary or TaskKind.Multiclass ? p.Labels() : [];
        for (var row = 0; row < loss.Length; row++)
        {
            loss[row] = y.Task switch
            {
                TaskKind.Regression => Math.Abs(y.Values[row] - p.Values[row]),
                TaskKind.Multilabel => Enumerable.Range(0, y.Width).Any(k => p.Has(row, k) != y.Indicators[row * y.Width + k]) ? 1 : 0,
                _ => labels[row] == y.Labels[row] ? 0 : 1,
            };
        }

        return loss;
    }

    /// <summary>Classes: the probability that the answer given is right, if probabilities are right. Numbers: the prediction, since errors often grow with it.</summary>
    private static double[] Sureness(Target y, Predictions p)
    {
        var sureness = new double[y.Count];
        for (var row = 0; row < sureness.Length; row++)
        {
            var outputs = p.Row(row);
            var all = y.Task == TaskKind.Multilabel ? 1.0 : outputs[0];
            foreach (var output in outputs)
            {
                all = y.Task == TaskKind.Multilabel ? all * Math.Max(output, 1 - output) : Math.Max(all, output);
            }

            sureness[row] = double.IsNaN(all) ? double.NegativeInfinity : all;
        }

        return sureness;
    }
}
