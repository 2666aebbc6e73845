namespace Roux.Torch.Training;

/// <summary>
/// Is told how a training goes; every call may be left out. Without observers the loop does nothing for them. An observer changes neither
/// weights nor gradients, and what it draws at random must come from a generator of its own.
/// </summary>
public interface ITrainingObserver
{
    /// <summary>Before the first step. Hooks on layers are set here.</summary>
    void Started(TrainingStep step)
    {
    }

    /// <summary>Before a batch goes through the network; step, epoch and batch are set. With accumulation, once a batch.</summary>
    void StepStarting(TrainingStep step)
    {
    }

    /// <summary>All gradients of the step are there, not yet clipped; the weights are still the old ones. Outputs and loss are those of the last batch.</summary>
    void GradientsReady(TrainingStep step)
    {
    }

    /// <summary>The weights are the new ones; the gradients are still there, clipped.</summary>
    void StepDone(TrainingStep step)
    {
    }

    /// <summary>After a pass and its validation.</summary>
    void EpochDone(TrainingStep step, EpochSummary epoch)
    {
    }

    /// <summary>After the last step, whatever ended the training, also when something was thrown. Hooks are taken off here.</summary>
    void Ended(TrainingStep step)
    {
    }
}
