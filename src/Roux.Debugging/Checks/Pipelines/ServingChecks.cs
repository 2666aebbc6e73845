namespace Roux.Debugging.Checks.Pipelines;

/// <summary>All checks of a model in use against the one that was trained.</summary>
public static class ServingChecks
{
    /// <summary>Every check.</summary>
    public static IReadOnlyList<Check<ServingSubject>> All { get; } = [new TrainServeSkew(), new ServingColumns()];
}
