using Roux.Debugging.Checks.Theory;

namespace Roux.Debugging.Checks;

/// <summary>The checks of a learner beside its data.</summary>
public static class LearnerChecks
{
    /// <summary>Every check of what a learner takes for granted.</summary>
    public static IReadOnlyList<Check<LearnerSubject>> All { get; } =
    [
        new UnscaledFeaturesCheck(),
        new OneHotLevelsCheck(),
        new ExtrapolationCheck(),
        new LinearityCheck(),
        new DependentFeaturesCheck(),
        new NotNormalCheck(),
        new TooFewRowsCheck(),
        new MulticollinearityCheck(),
        new SeparableClassesCheck(),
        new DistancesCheck(),
        new DependentRowsCheck(),
    ];
}
