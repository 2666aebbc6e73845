namespace Roux.Torch.Training;

/// <summary>One pass over the rows.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="TrainingLoss">Mean loss over its batches, measured while learning.</param>
/// <param name="ValidationLoss">Loss of the held-out rows after it; NaN where there are none.</param>
/// <param name="LearningRate">Of its last step.</param>
public sealed record EpochSummary(int Epoch, double TrainingLoss, double ValidationLoss, double LearningRate);

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All passes were done.</summary>
    Completed,

    /// <summary>The validation loss fell no more.</summary>
    Stopped,

    /// <summary>Asked to.</summary>
    Cancelled,

    /// <summary>The loss was no finite number any more.</summary>
    Diverged,
}

/// <summary>How a training went.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Steps">Steps of the optimiser.</param>
/// <param name="Epochs">The whole passes, in order, those before a resumption included.</param>
/// <param name="BestEpoch">The pass (from 0) whose weights the module now has; −1 where none was whole or nothing was held out: then they are the last.</param>
/// <param name="BestLoss">Its validation loss; NaN where there is none.</param>
public sealed record TrainingResult(TrainingEnd End, long Steps, IReadOnlyList<EpochSummary> Epochs, int BestEpoch, double BestLoss);
