using Roux.Torch.Training.Schedules;
using TorchSharp;

namespace Roux.Torch.Training;

/// <summary>All that changes while training goes on, besides module, optimiser and random state: what a checkpoint must hold, so that the rest follows.</summary>
internal sealed class TrainingProgress : IDisposable
{
    /// <summary>The pass under way, from 0.</summary>
    public int Epoch { get; set; }

    /// <summary>Batches of it that are done.</summary>
    public int Batch { get; set; }

    /// <summary>Steps of the optimiser so far.</summary>
    public long Step { get; set; }

    /// <summary>Sum of the losses of the pass's batches, each times its rows.</summary>
    public double LossSum { get; set; }

    /// <summary>Rows of those batches.</summary>
    public long LossRows { get; set; }

    /// <summary>The whole passes.</summary>
    public List<EpochSummary> Epochs { get; } = [];

    /// <summary>The pass with the lowest validation loss; −1 for none.</summary>
    public int BestEpoch { get; set; } = -1;

    /// <summary>The lowest validation loss.</summary>
    public double BestLoss { get; set; } = double.PositiveInfinity;

    /// <summary>The loss that one must beat by some margin to count as better for early stopping and plateaus.</summary>
    public double AnchorLoss { get; set; } = double.PositiveInfinity;

    /// <summary>Passes since the anchor.</summary>
    public int Waited { get; set; }

    /// <summary>Passes since the anchor or the last cut of a plateau.</summary>
    public int PlateauWaited { get; set; }

    /// <summary>What plateaus made of the learning rate.</summary>
    public double PlateauFactor { get; set; } = 1;

    /// <summary>The module as it was after the best pass.</summary>
    public ModuleState? Best { get; set; }

    /// <summary>Takes note of a whole pass.</summary>
    public EpochSummary Finish(double validation, double rate, torch.nn.Module module, TrainingOptions options)
    {
        var summary = new EpochSummary(Epoch, LossSum / Math.Max(1, LossRows), validation, rate);
        Epochs.Add(summary);
        if (validation < BestLoss)
        {
            (BestEpoch, BestLoss) = (Epoch, validation);
            if (Best is null)
            {
                Best = ModuleState.Of(module);
            }
            else
            {
                Best.CopyFrom(module);
            }
        }

        var judged = double.IsNaN(validation) ? summary.TrainingLoss : validation;
        var better = judged < AnchorLoss - options.MinImprovement * Math.Abs(AnchorLoss) || (double.IsPositiveInfinity(AnchorLoss) && double.IsFinite(judged));
        (AnchorLoss, Waited, PlateauWaited) = better ? (judged, 0, 0) : (AnchorLoss, Waited + 1, PlateauWaited + 1);
        if (options.Schedule is PlateauSchedule plateau && PlateauWaited >= plateau.Patience)
        {
            (PlateauFactor, PlateauWaited) = (Math.Max(plateau.Floor, PlateauFactor * plateau.Cut), 0);
        }

        (Epoch, Batch, LossSum, LossRows) = (Epoch + 1, 0, 0, 0);
        return summary;
    }

    public void Dispose() => Best?.Dispose();
}
