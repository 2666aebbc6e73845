using Roux.Debugging.Checks.Reproducibility;

namespace Roux.Debugging.Checks;

/// <summary>The checks of a way of learning and scoring.</summary>
public static class ProcedureChecks
{
    /// <summary>Every check on made-up tasks.</summary>
    public static IReadOnlyList<Check<ProcedureSubject>> All { get; } = [new KnownAnswerCheck(), new LearnsFromNothingCheck()];
}
