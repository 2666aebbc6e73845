namespace Roux.Debugging.Checks.Models;

/// <summary>All checks of a fitted model and its evaluation.</summary>
public static class ModelChecks
{
    /// <summary>Every check, those that explain others first.</summary>
    public static IReadOnlyList<Check<ModelSubject>> All { get; } =
    [
        new InvalidPredictions(),
        new OrderSensitivity(),
        new ClassesSwapped(),
        new TargetScale(),
        new PredictionCollapse(),
        new WorseThanBaseline(),
        new OverfitGap(),
        new HighBias(),
        new IgnoredColumns(),
        new FeatureDominates(),
        new TreeDepth(),
        new NoiseSensitivity(),
        new Miscalibrated(),
        new ConfusedPair(),
        new MetricMismatch(),
        new DecisionThreshold(),
        new UnstableFolds(),
        new UnstableSeeds(),
        new SmallTestSet(),
        new WeakSlices(),
        new BehaviourTests(),
    ];
}
