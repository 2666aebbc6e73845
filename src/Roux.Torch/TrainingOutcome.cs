using Roux.Learning.Learners;
using Roux.Torch.Training;

namespace Roux.Torch;

/// <summary>Says what a training that came to nothing came to.</summary>
internal static class TrainingOutcome
{
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="LearnerException">It diverged.</exception>
    public static void Check(TrainingResult result, FitContext context, TrainingOptions options)
    {
        if (result.End == TrainingEnd.Cancelled)
        {
            throw new OperationCanceledException(context.Cancellation);
        }

        if (result.End == TrainingEnd.Diverged)
        {
            throw new LearnerException($"the loss was no number any more after {result.Steps} steps: training diverges with lr {options.Optimizer.LearningRate:R}; take a smaller one");
        }
    }
}
