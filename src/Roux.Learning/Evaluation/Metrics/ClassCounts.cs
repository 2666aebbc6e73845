namespace Roux.Learning.Evaluation;

/// <summary>Per class how often it was predicted, how often it was true and how often both: all that most classification metrics need.</summary>
/// <param name="Both">Rows where the class was predicted and true.</param>
/// <param name="Actual">Rows where the class was true.</param>
/// <param name="Predicted">Rows where the class was predicted.</param>
/// <param name="Total">Number of rows.</param>
/// <param name="AverageAbsent">Whether a class that occurs in neither counts (as zero) in macro averages: so for multilabel, not for one class a row, as in scikit-learn.</param>
internal sealed record ClassCounts(long[] Both, long[] Actual, long[] Predicted, long Total, bool AverageAbsent)
{
    private int Classes => Both.Length;

    public double Accuracy => (double)Both.Sum() / Total;

    /// <summary>Mean recall of the classes that occur.</summary>
    public double BalancedAccuracy => Mean(k => Recall(k), k => Actual[k] > 0);

    public double MicroPrecision => Ratio(Both.Sum(), Predicted.Sum());

    public double MicroRecall => Ratio(Both.Sum(), Actual.Sum());

    public double MicroF1 => Ratio(2 * Both.Sum(), Predicted.Sum() + Actual.Sum());

    public double Macro(Func<int, double> score) => Mean(score, k => AverageAbsent || Actual[k] + Predicted[k] > 0);

    /// <summary>Mean of the classes' scores, each weighted by how often the class is true.</summary>
    public double Weighted(Func<int, double> score)
    {
        var sum = 0.0;
        var weight = 0L;
        for (var k = 0; k < Classes; k++)
        {
            if (Actual[k] > 0)
            {
                sum += Actual[k] * score(k);
                weight += Actual[k];
            }
        }

        return weight == 0 ? 0 : sum / weight;
    }

    public double Precision(int k) => Ratio(Both[k], Predicted[k]);

    public double Recall(int k) => Ratio(Both[k], Actual[k]);

    public double F1(int k) => Ratio(2 * Both[k], Predicted[k] + Actual[k]);

    /// <summary>Binary: the share of true negatives among negatives.</summary>
    public double Specificity => Recall(0);

    /// <summary>Matthews's correlation for any number of classes (Gorodkin 2004); 0 where a margin has no spread.</summary>
    public double Mcc
    {
        get
        {
            double n = Total, cross = 0, actual = 0, predicted = 0;
            for (var k = 0; k < Classes; k++)
            {
                cross += (double)Actual[k] * Predicted[k];
                actual += (double)Actual[k] * Actual[k];
                predicted += (double)Predicted[k] * Predicted[k];
            }

            var spread = (n * n - actual) * (n * n - predicted);
            return spread <= 0 ? 0 : (Both.Sum() * n - cross) / Math.Sqrt(spread);
        }
    }

    /// <summary>Cohen's kappa (Cohen 1960); NaN where one class is all there is on both sides.</summary>
    public double CohenKappa
    {
        get
        {
            double cross = 0;
            for (var k = 0; k < Classes; k++)
            {
                cross += (double)Actual[k] * Predicted[k];
            }

            double n = Total;
            return 1 - (n - Both.Sum()) / (n - cross / n);
        }
    }

    private double Mean(Func<int, double> score, Func<int, bool> counts)
    {
        var sum = 0.0;
        var n = 0;
        for (var k = 0; k < Classes; k++)
        {
            if (counts(k))
            {
                sum += score(k);
                n++;
            }
        }

        return sum / n;
    }

    /// <summary>A ratio of counts, zero where there is nothing to divide by.</summary>
    private static double Ratio(long numerator, long denominator) => denominator == 0 ? 0 : (double)numerator / denominator;
}
