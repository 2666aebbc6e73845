using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>
/// Receiver operating characteristic: one point per distinct score, from (0, 0) to (1, 1), none left out.
/// </summary>
/// <param name="FalsePositiveRate">Share of negatives with at least the threshold's score; NaN throughout when there is no negative row.</param>
/// <param name="TruePositiveRate">Share of positives with at least the threshold's score; NaN throughout when there is no positive row.</param>
/// <param name="Thresholds">Falling; the first is infinite: no row is called positive.</param>
public sealed record RocCurve(double[] FalsePositiveRate, double[] TruePositiveRate, double[] Thresholds)
{
    /// <summary>The curve of one class against the rest.</summary>
    /// <param name="y">Binary, multiclass or multilabel answers.</param>
    /// <param name="p">Probabilities for the same rows; none may be NaN.</param>
    /// <param name="output">Index of the class that counts as positive.</param>
    public static RocCurve Of(Target y, Predictions p, int output = 1)
    {
        var steps = ThresholdCounts.Of(y, p, output);
        double positives = steps.Positives, negatives = steps.Negatives;
        return new RocCurve(
            [0 / negatives, .. steps.FalsePositives.Select(count => count / negatives)],
            [0 / positives, .. steps.TruePositives.Select(count => count / positives)],
            [double.PositiveInfinity, .. steps.Thresholds]);
    }
}

/// <summary>Precision and recall: one point per distinct score in rising order, and then (recall 0, precision 1), which has no threshold.</summary>
/// <param name="Precision">Share of positives among the rows with at least the threshold's score.</param>
/// <param name="Recall">Share of the positives that have at least the threshold's score; 1 throughout, but for the last point, when there is no positive row.</param>
/// <param name="Thresholds">Rising; one fewer than points.</param>
public sealed record PrecisionRecallCurve(double[] Precision, double[] Recall, double[] Thresholds)
{
    /// <summary>The curve of one class against the rest.</summary>
    /// <param name="y">Binary, multiclass or multilabel answers.</param>
    /// <param name="p">Probabilities for the same rows; none may be NaN.</param>
    /// <param name="output">Index of the class that counts as positive.</param>
    public static PrecisionRecallCurve Of(Target y, Predictions p, int output = 1)
    {
        var steps = ThresholdCounts.Of(y, p, output);
        var points = steps.Thresholds.Length;
        var precision = new double[points + 1];
        var recall = new double[points + 1];
        var thresholds = new double[points];
        for (var i = 0; i < points; i++)
        {
            var from = points - 1 - i;
            double hits = steps.TruePositives[from];
            precision[i] = hits / (hits + steps.FalsePositives[from]);
            recall[i] = steps.Positives == 0 ? 1 : hits / steps.Positives;
            thresholds[i] = steps.Thresholds[from];
        }

        (precision[points], recall[points]) = (1, 0);
        return new PrecisionRecallCurve(precision, recall, thresholds);
    }
}

/// <summary>For each distinct score, falling: how many positive and negative rows have at least this score.</summary>
internal sealed record ThresholdCounts(double[] Thresholds, int[] TruePositives, int[] FalsePositives)
{
    public int Positives => TruePositives.Length == 0 ? 0 : TruePositives[^1];

    public int Negatives => FalsePositives.Length == 0 ? 0 : FalsePositives[^1];

    public static ThresholdCounts Of(Target y, Predictions p, int output)
    {
        if (y.Task == TaskKind.Regression || y.Count != p.Rows || y.Width != p.Width)
        {
            throw new ArgumentException($"a threshold curve needs classes and matching rows: given a {Metrics.Describe(y.Task)} target of {y.Count} rows and predictions of {p.Rows} rows");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, p.Width);
        var ranking = Ranking.Of(p, output) ?? throw new ArgumentException($"a threshold curve needs scores that are numbers: output {output} holds NaN");
        var thresholds = new List<double>();
        var hits = new List<int>();
        var misses = new List<int>();
        var (hit, miss) = (0, 0);
        for (var i = 0; i < ranking.Rows.Length; i++)
        {
            var row = ranking.Rows[i];
            var positive = y.Task == TaskKind.Multilabel ? y.Indicators[row * p.Width + output] : y.Labels[row] == output;
            hit += positive ? 1 : 0;
            miss += positive ? 0 : 1;
            if (i + 1 == ranking.Rows.Length || !ranking.Tied[i + 1])
            {
                thresholds.Add(p.Values[row * p.Width + output]);
                hits.Add(hit);
                misses.Add(miss);
            }
        }

        return new ThresholdCounts([.. thresholds], [.. hits], [.. misses]);
    }
}
