using Roux.Debugging.Checks.Reproducibility;

namespace Roux.Debugging.Checks;

/// <summary>The checks of a training that is done again.</summary>
public static class RepeatChecks
{
    /// <summary>Every check of repetitions.</summary>
    public static IReadOnlyList<Check<RepeatSubject>> All { get; } = [new NotReproducibleCheck(), new DependsOnThreadsCheck()];
}
