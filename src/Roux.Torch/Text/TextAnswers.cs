using Roux.Learning.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>The answers to learn, and the loss of scores against them: cross-entropy of one class or of several labels, or the squared error of a number scaled to mean 0 and deviation 1.</summary>
internal sealed class TextAnswers
{
    private readonly Target y;
    private readonly double[] weights;

    private TextAnswers(Target y, double[] weights, double mean, double deviation) => (this.y, this.weights, Mean, Deviation) = (y, weights, mean, deviation);

    /// <summary>For regression: weighted mean of the answers; else 0.</summary>
    public double Mean { get; }

    /// <summary>For regression: their weighted standard deviation, or 1 where they are all the same; else 1.</summary>
    public double Deviation { get; }

    /// <param name="y">The answers.</param>
    /// <param name="weights">One a row, not all 0.</param>
    public static TextAnswers Of(Target y, double[] weights)
    {
        var total = weights.Sum();
        var scaled = Array.ConvertAll(weights, weight => weight / total * weights.Length);
        if (y.Task != TaskKind.Regression)
        {
            return new TextAnswers(y, scaled, 0, 1);
        }

        var mean = y.Values.Zip(scaled, (value, weight) => value * weight).Sum() / weights.Length;
        var deviation = Math.Sqrt(y.Values.Zip(scaled, (value, weight) => (value - mean) * (value - mean) * weight).Sum() / weights.Length);
        return new TextAnswers(y, scaled, mean, deviation > 0 ? deviation : 1);
    }

    /// <summary>The mean loss of some rows.</summary>
    /// <param name="scores">Rows x outputs.</param>
    /// <param name="rows">The rows.</param>
    public Tensor Loss(Tensor scores, int[] rows)
    {
        var weight = tensor(Array.ConvertAll(rows, row => (float)weights[row]));
        return (Each(scores, rows) * weight).mean();
    }

    private Tensor Each(Tensor scores, int[] rows)
    {
        switch (y.Task)
        {
            case TaskKind.Regression:
                return (scores.squeeze(1) - tensor(Array.ConvertAll(rows, row => (float)((y.Values[row] - Mean) / Deviation)))).square();
            case TaskKind.Multilabel:
                var labels = new float[rows.Length * y.Classes.Length];
                for (var i = 0; i < labels.Length; i++)
                {
                    labels[i] = y.Indicators[rows[i / y.Classes.Length] * y.Classes.Length + i % y.Classes.Length] ? 1 : 0;
                }

                return nn.functional.binary_cross_entropy_with_logits(scores, tensor(labels, scores.shape), reduction: nn.Reduction.None).mean([1]);
            default:
                return nn.functional.cross_entropy(scores, tensor(Array.ConvertAll(rows, row => (long)y.Labels[row])), reduction: nn.Reduction.None);
        }
    }
}
