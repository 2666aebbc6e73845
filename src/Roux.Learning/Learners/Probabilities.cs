namespace Roux.Learning.Learners;

/// <summary>Scores to probabilities, without overflow.</summary>
internal static class Probabilities
{
    /// <summary>Replaces scores by exp(score) scaled to sum to 1. Scores of minus infinity get 0; if all are, the probabilities are equal.</summary>
    public static void Softmax(Span<double> scores)
    {
        var largest = double.NegativeInfinity;
        foreach (var score in scores)
        {
            largest = Math.Max(largest, score);
        }

        if (double.IsNegativeInfinity(largest))
        {
            scores.Fill(1.0 / scores.Length);
            return;
        }

        var sum = 0.0;
        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] = Math.Exp(scores[k] - largest);
            sum += scores[k];
        }

        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] /= sum;
        }
    }

    /// <summary>1 / (1 + exp(score)) and 1 / (1 + exp(-score)).</summary>
    public static (double Zero, double One) Logistic(double score)
    {
        var e = Math.Exp(-Math.Abs(score));
        var (small, large) = (e / (1 + e), 1 / (1 + e));
        return score >= 0 ? (small, large) : (large, small);
    }
}
