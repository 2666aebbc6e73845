using TorchSharp;

namespace Roux.Torch.Training;

/// <summary>Where a training is. One object for the whole training, which the loop moves on: an observer reads it during a call and keeps nothing of it.</summary>
public sealed class TrainingStep
{
    internal TrainingStep(torch.nn.Module module, torch.optim.Optimizer optimizer) => (Module, Optimizer) = (module, optimizer);

    /// <summary>The network.</summary>
    public torch.nn.Module Module { get; }

    /// <summary>The optimiser; its groups tell the learning rate.</summary>
    public torch.optim.Optimizer Optimizer { get; }

    /// <summary>Steps of the optimiser, this one included: from 1.</summary>
    public long Step { get; internal set; }

    /// <summary>The pass, from 0.</summary>
    public int Epoch { get; internal set; }

    /// <summary>The (last) batch of the step.</summary>
    public Batch? Batch { get; internal set; }

    /// <summary>What the network answered to it; <c>null</c> before.</summary>
    public torch.Tensor? Outputs { get; internal set; }

    /// <summary>The mean loss of the step as a tensor; <c>null</c> before. Lives until the step ends.</summary>
    public torch.Tensor? Loss { get; internal set; }

    /// <summary>The loss as a number; NaN before.</summary>
    public double LossValue => Loss is null ? double.NaN : Loss.item<float>();

    /// <summary>The learning rate of this step.</summary>
    public double LearningRate { get; internal set; }

    /// <summary>Length of the gradient of all parameters together before it was clipped; NaN where it is not clipped, or before.</summary>
    public double GradientNorm { get; internal set; } = double.NaN;
}
