using Roux.Learning.Learners;
using Roux.Tuning;

namespace Roux.Torch.Probes;

/// <summary>A learner whose network can be tried before it learns.</summary>
internal interface INetworkLearner
{
    /// <summary>The network as it is before its first step, with its loss, its optimiser and some batches of the rows. To be disposed.</summary>
    /// <exception cref="LearnerException">The data cannot be learned by this family.</exception>
    TorchTrainable Untrained(TrainingSet training, Configuration configuration, FitContext context);
}
