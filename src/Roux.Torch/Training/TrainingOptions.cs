using Roux.Learning.Learners;
using Roux.Torch.Training.Optimizers;
using Roux.Torch.Training.Schedules;
using TorchSharp;

namespace Roux.Torch.Training;

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Most passes over the rows, at least 1.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Rows a batch, at least 1. The rows are cut into as few batches as that allows, whose sizes differ by one at most, so that none is left tiny.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Batches whose gradients are averaged before a step, at least 1.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>The optimiser.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamWOptions();

    /// <summary>How its learning rate goes.</summary>
    public Schedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>Longest gradient of all parameters together; 0 leaves it as it is.</summary>
    public double ClipNorm { get; init; }

    /// <summary>Passes without a better validation loss after which training ends; 0 never ends early. In any case the weights of the best pass are kept.</summary>
    public int Patience { get; init; }

    /// <summary>Share of the best validation loss by which one must be lower to count as better for <see cref="Patience"/>.</summary>
    public double MinImprovement { get; init; }

    /// <summary>Where it is trained; <c>null</c> leaves the module where it is.</summary>
    public torch.Device? Device { get; init; }

    /// <summary>File to which the state is saved, so that a later run of the same training goes on where it was; <c>null</c> saves nothing.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Steps between two saves, besides one at the end of each pass and one when asked to stop; 0 for those only.</summary>
    public int CheckpointEvery { get; init; }

    /// <exception cref="LearnerException">A number is out of range.</exception>
    internal void Check()
    {
        if (Epochs < 1 || BatchSize < 1 || Accumulation < 1 || Patience < 0 || CheckpointEvery < 0 || !(ClipNorm >= 0) || !(MinImprovement >= 0))
        {
            throw new LearnerException($"epochs {Epochs}, batch size {BatchSize} and accumulation {Accumulation} are at least 1; patience {Patience}, clip norm {ClipNorm}, steps between checkpoints {CheckpointEvery} and least improvement {MinImprovement} at least 0");
        }
    }
}
