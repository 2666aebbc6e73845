using Roux.Debugging.Checks.Training;
using Roux.Debugging.Signals;

namespace Roux.Debugging.Checks;

/// <summary>A training to be judged: by its curves, and by its network where that is at hand.</summary>
public sealed record TrainingSubject
{
    /// <summary>Its curves.</summary>
    public TrainingSignals Signals { get; init; } = new();

    /// <summary>The network with loss, optimiser and data, to try things on copies of it; <c>null</c> where only curves are known.</summary>
    public ITrainable? Network { get; init; }

    /// <summary>What is known besides: of the network where it is at hand, with what the run says.</summary>
    public TrainingFacts Facts => Network is null ? Signals.Facts : Network.Facts with
    {
        Loss = Network.Facts.Loss == LossKind.Unknown ? Signals.Facts.Loss : Network.Facts.Loss,
        Classes = Network.Facts.Classes ?? Signals.Facts.Classes,
        BaselineLoss = Network.Facts.BaselineLoss ?? Signals.Facts.BaselineLoss,
        IsGame = Signals.Facts.IsGame,
        IsPretrained = Signals.Facts.IsPretrained || Network.Facts.IsPretrained,
    };
}
