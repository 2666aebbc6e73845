using Roux.Debugging.Checks.Studies;

namespace Roux.Debugging.Checks;

/// <summary>The checks of a search over settings.</summary>
public static class StudyChecks
{
    /// <summary>Every check of a study.</summary>
    public static IReadOnlyList<Check<StudySubject>> All { get; } = [new FailingTrialsCheck(), new SameValueCheck(), new EdgeOfSpaceCheck()];
}
