namespace Roux.Debugging.Checks.Pipelines;

/// <summary>All checks of what a learner receives.</summary>
public static class InputChecks
{
    /// <summary>Every check, those that explain others first.</summary>
    public static IReadOnlyList<Check<InputSubject>> All { get; } =
    [
        new InputNotFinite(),
        new InputConstant(),
        new TokenSequences(),
        new OneHotBroken(),
        new InputShift(),
        new InputScale(),
        new LabelsMisaligned(),
        new SortedBatches(),
    ];
}
