using Roux.Learning.Data;

namespace Roux.Learning.Learners.Boosting;

/// <summary>The loss on held-out rows by which early stopping decides: mean logarithmic loss, or the root of the mean squared (or the mean absolute) error in the answers' own unit.</summary>
internal sealed class ValidationLoss
{
    private const double Smallest = 1e-15;

    private readonly TaskKind task;
    private readonly int width;
    private readonly int[] labels;
    private readonly double[] values;
    private readonly double[] weights;
    private readonly double weightSum;
    private readonly RegressionScale scale;
    private readonly bool absolute;

    /// <param name="y">All answers.</param>
    /// <param name="weights">One per answer, or <c>null</c>.</param>
    /// <param name="rows">The held-out rows.</param>
    /// <param name="scale">For regression: from the unit the booster works in to that of the answers.</param>
    /// <param name="absolute">For regression: absolute instead of squared errors.</param>
    public ValidationLoss(Target y, float[]? weights, int[] rows, RegressionScale scale, bool absolute)
    {
        (task, width, this.scale, this.absolute) = (y.Task, y.Classes.Length, scale, absolute);
        labels = task == TaskKind.Regression ? [] : Array.ConvertAll(rows, row => y.Labels[row]);
        values = task == TaskKind.Regression ? Array.ConvertAll(rows, row => y.Values[row]) : [];
        this.weights = Array.ConvertAll(rows, row => weights is null ? 1.0 : weights[row]);
        weightSum = Math.Max(this.weights.Sum(), double.Epsilon);
    }

    /// <summary>The loss of predictions.</summary>
    /// <param name="predictions">Binary: the probability of class 1 per row. Multiclass: the probability of every class. Regression: one per row, in the booster's unit.</param>
    /// <param name="byClass">Multiclass: classes x rows instead of rows x classes.</param>
    public double Of(ReadOnlySpan<double> predictions, bool byClass)
    {
        var (rowStep, classStep) = byClass ? (1, weights.Length) : (width, 1);
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * task switch
            {
                TaskKind.Binary => -Math.Log(Math.Max(Smallest, labels[i] == 1 ? predictions[i] : 1 - predictions[i])),
                TaskKind.Multiclass => -Math.Log(Math.Max(Smallest, predictions[i * rowStep + labels[i] * classStep])),
                _ when absolute => Math.Abs(values[i] - scale.ToAnswer(predictions[i])),
                _ => Square(values[i] - scale.ToAnswer(predictions[i])),
            };
        }

        return task == TaskKind.Regression && !absolute ? Math.Sqrt(sum / weightSum) : sum / weightSum;
    }

    private static double Square(double x) => x * x;
}
