using Roux.Debugging.Signals;
using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Torch.Training;
using static TorchSharp.torch;

namespace Roux.Torch;

/// <summary>
/// The answers that a network learns: one class (cross-entropy), several labels at once (cross-entropy of each), or a number, scaled to mean 0 and
/// deviation 1 (squared error).
/// </summary>
internal sealed class NetworkAnswers
{
    private readonly Target y;
    private readonly double[] weights;

    private NetworkAnswers(Target y, double[] weights, double mean, double deviation) => (this.y, this.weights, Mean, Deviation) = (y, weights, mean, deviation);

    /// <summary>For regression: weighted mean of the answers; else 0.</summary>
    public double Mean { get; }

    /// <summary>For regression: their weighted standard deviation, or 1 where they are all the same; else 1.</summary>
    public double Deviation { get; }

    /// <summary>The loss that fits them.</summary>
    public Loss Loss => y.Task switch
    {
        TaskKind.Regression => Losses.SquaredError(),
        TaskKind.Multilabel => Losses.BinaryCrossEntropy(),
        _ => Losses.CrossEntropy(),
    };

    /// <summary>The loss in words that checks understand.</summary>
    public TrainingFacts Facts => y.Task switch
    {
        TaskKind.Regression => new TrainingFacts { Loss = LossKind.Squared, BaselineLoss = 1 },
        TaskKind.Multilabel => new TrainingFacts { Loss = LossKind.BinaryCrossEntropy },
        _ => new TrainingFacts { Loss = LossKind.CrossEntropy, Classes = y.Width },
    };

    /// <param name="y">The answers.</param>
    /// <param name="weights">One a row, not all 0.</param>
    public static NetworkAnswers Of(Target y, double[] weights)
    {
        var total = weights.Sum();
        if (y.Task != TaskKind.Regression)
        {
            return new NetworkAnswers(y, weights, 0, 1);
        }

        var mean = y.Values.Zip(weights, (value, weight) => value * weight).Sum() / total;
        var deviation = Math.Sqrt(y.Values.Zip(weights, (value, weight) => (value - mean) * (value - mean) * weight).Sum() / total);
        return new NetworkAnswers(y, weights, mean, deviation > 0 ? deviation : 1);
    }

    /// <summary>The batch of some rows, given what the network reads.</summary>
    public Batch Batch(int[] rows, Device device, params Tensor[] inputs)
    {
        // A pass over rows of weight 0 alone has no mean; the least weight keeps it a number and changes nothing else.
        var weight = Array.TrueForAll(weights, one => one == weights[0]) ? null : tensor(Array.ConvertAll(rows, row => (float)weights[row]));
        return new Batch([.. inputs.Select(input => input.to(device))], Targets(rows).to(device), rows, weight?.to(device));
    }

    /// <summary>Turns the scores of one row into what a model predicts.</summary>
    /// <param name="task">The kind of task.</param>
    /// <param name="outputs">Scores; replaced by probabilities, or the number in its own scale.</param>
    /// <param name="mean">As learned.</param>
    /// <param name="deviation">As learned.</param>
    public static void Finish(TaskKind task, Span<double> outputs, double mean, double deviation)
    {
        switch (task)
        {
            case TaskKind.Regression:
                outputs[0] = outputs[0] * deviation + mean;
                break;
            case TaskKind.Multilabel:
                for (var k = 0; k < outputs.Length; k++)
                {
                    outputs[k] = Probabilities.Logistic(outputs[k]).One;
                }

                break;
            default:
                Probabilities.Softmax(outputs);
                break;
        }
    }

    private Tensor Targets(int[] rows)
    {
        switch (y.Task)
        {
            case TaskKind.Regression:
                return tensor(Array.ConvertAll(rows, row => (float)((y.Values[row] - Mean) / Deviation)));
            case TaskKind.Multilabel:
                var width = y.Classes.Length;
                var labels = new float[rows.Length * width];
                for (var i = 0; i < labels.Length; i++)
                {
                    labels[i] = y.Indicators[rows[i / width] * width + i % width] ? 1 : 0;
                }

                return tensor(labels, [rows.Length, width]);
            default:
                return tensor(Array.ConvertAll(rows, row => (long)y.Labels[row]));
        }
    }
}
