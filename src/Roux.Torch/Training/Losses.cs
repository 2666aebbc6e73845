using TorchSharp;
using static TorchSharp.torch.nn;

namespace Roux.Torch.Training;

/// <summary>The mean loss of a batch as a scalar tensor.</summary>
/// <param name="outputs">What the network answered, [rows, outputs].</param>
/// <param name="batch">The rows; their weights, if any, weigh the mean.</param>
public delegate torch.Tensor Loss(torch.Tensor outputs, Batch batch);

/// <summary>The usual losses.</summary>
public static class Losses
{
    /// <summary>Mean −log of the probability of the right class, from scores before the softmax (logits) [rows, classes] and class numbers [rows].</summary>
    /// <param name="labelSmoothing">Share of the probability, in [0, 1), that is spread evenly over all classes (Szegedy and others, Rethinking the Inception Architecture, CVPR 2016).</param>
    /// <param name="classWeights">One non-negative weight a class, or <c>null</c>; the mean is weighed by them.</param>
    public static Loss CrossEntropy(double labelSmoothing = 0, torch.Tensor? classWeights = null)
    {
        if (!(labelSmoothing is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(labelSmoothing), labelSmoothing, "label smoothing is a share from 0 to below 1");
        }

        return (outputs, batch) =>
        {
            if (batch.Weights is null)
            {
                return functional.cross_entropy(outputs, batch.Targets, classWeights, label_smoothing: labelSmoothing);
            }

            var each = functional.cross_entropy(outputs, batch.Targets, null, reduction: Reduction.None, label_smoothing: labelSmoothing);
            return Mean(each, classWeights is null ? batch.Weights : batch.Weights * classWeights.index_select(0, batch.Targets));
        };
    }

    /// <summary>Mean −log of the probability of the answer, from one score before the sigmoid per row or label, [rows] or [rows, labels], and answers 0 or 1 (float32) of the same shape.</summary>
    /// <param name="labelSmoothing">Answers are moved so far towards one half, in [0, 1).</param>
    public static Loss BinaryCrossEntropy(double labelSmoothing = 0)
    {
        var (share, half) = ((1 - labelSmoothing).ToScalar(), (labelSmoothing / 2).ToScalar());
        return (outputs, batch) => BinaryCrossEntropy(outputs, batch, labelSmoothing == 0 ? batch.Targets : batch.Targets.mul(share).add(half));
    }

    private static torch.Tensor BinaryCrossEntropy(torch.Tensor outputs, Batch batch, torch.Tensor answers)
    {
        var scores = outputs.reshape(batch.Targets.shape);
        return batch.Weights is null
            ? functional.binary_cross_entropy_with_logits(scores, answers)
            : Mean(functional.binary_cross_entropy_with_logits(scores, answers, reduction: Reduction.None), batch.Weights);
    }

    /// <summary>Mean squared error of numbers.</summary>
    public static Loss SquaredError() => (outputs, batch) =>
    {
        var answers = outputs.reshape(batch.Targets.shape);
        return batch.Weights is null
            ? functional.mse_loss(answers, batch.Targets)
            : Mean(functional.mse_loss(answers, batch.Targets, Reduction.None), batch.Weights);
    };

    /// <summary>Mean of squared errors that are small and of absolute ones that are large (Huber, Robust Estimation of a Location Parameter, 1964).</summary>
    /// <param name="delta">Where the one passes into the other, above 0.</param>
    public static Loss Huber(double delta = 1) => (outputs, batch) =>
    {
        var answers = outputs.reshape(batch.Targets.shape);
        return batch.Weights is null
            ? functional.huber_loss(answers, batch.Targets, delta)
            : Mean(functional.huber_loss(answers, batch.Targets, delta, Reduction.None), batch.Weights);
    };

    /// <summary>Keeps the mean of a batch without weight finite. Held here, since TorchSharp hands the address of a scalar to libtorch without keeping the scalar from being collected meanwhile.</summary>
    private static readonly Scalar Smallest = 1e-12.ToScalar();

    private static torch.Tensor Mean(torch.Tensor each, torch.Tensor weights)
    {
        var perRow = each.dim() > 1 ? each.mean([1]) : each;
        return (perRow * weights).sum() / weights.sum().clamp_min(Smallest);
    }
}
