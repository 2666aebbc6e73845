namespace Roux.Debugging.Checks.Models;

/// <summary>All checks of a fitted model and its evaluation.</summary>
public static class ModelChecks
{
    /// <summary>Every check, those that explain others first.</summary>
    public static IReadOnlyList<Check<ModelSubject>> All { get; } =
    [
        new InvalidPredictions(),
        new OrderSensitivity(),
        new LabelsShuffled(),
        new ClassesSwapped(),
        new TargetScale(),
        new PredictionCollapse(),
        new TreeDepth(),
        new OverfitGap(),
        new HighBias(),
        new BehaviourTests(),
        new WorseThanBaseline(),
        new IgnoredColumns(),
        new FeatureDominates(),
        new NoiseSensitivity(),
        new ConfusedPair(),
        new Miscalibrated(),
        new MetricMismatch(),
        new DecisionThreshold(),
        new UnstableFolds(),
        new UnstableSeeds(),
        new SmallTestSet(),
        new WeakSlices(),
    ];
}
