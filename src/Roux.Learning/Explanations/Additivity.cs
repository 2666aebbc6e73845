using Roux.Learning.Data;
using Roux.Learning.Learners;

namespace Roux.Learning.Explanations;

/// <summary>Checks that values and expectation amount to what the model predicts.</summary>
internal static class Additivity
{
    /// <summary>Largest difference on the prediction's scale; for regression relative to the largest absolute prediction.</summary>
    public static double Gap(ShapValues shap, ScoreScale scale, Predictions predictions)
    {
        var (gap, size) = (0.0, 1.0);
        var outputs = shap.Outputs.Count;
        var scores = new double[outputs];
        for (var row = 0; row < shap.Rows; row++)
        {
            for (var k = 0; k < outputs; k++)
            {
                var score = shap.Score(row, k);
                scores[k] = scale switch
                {
                    ScoreScale.LogOdds => Probabilities.Logistic(score).One,
                    ScoreScale.LogValue => Math.Exp(score),
                    ScoreScale.Log1pValue => Math.Exp(score) - 1,
                    _ => score,
                };
            }

            if (scale == ScoreScale.ClassScore)
            {
                Probabilities.Softmax(scores);
            }

            for (var k = 0; k < outputs; k++)
            {
                var predicted = predictions.Values[row * predictions.Width + k + (predictions.Width - outputs)];
                gap = Math.Max(gap, Math.Abs(scores[k] - predicted));
                size = predictions.Task == TaskKind.Regression ? Math.Max(size, Math.Abs(predicted)) : 1;
            }
        }

        return gap / size;
    }
}
