namespace Roux.Tracking.Reproduction;

/// <summary>Where a run and its repetition differ, or what is missing to repeat it.</summary>
/// <param name="Kind">One of <see cref="DifferenceKind"/>.</param>
/// <param name="What">What it is about, in a few words.</param>
/// <param name="Expected">As the first run has it; null where that says nothing.</param>
/// <param name="Found">As it is now; null for nothing.</param>
/// <param name="Fix">What to do.</param>
public sealed record Difference(string Kind, string What, string? Expected, string? Found, string Fix);

/// <summary>The kinds of <see cref="Difference"/>, as they stand in JSON.</summary>
public static class DifferenceKind
{
    /// <summary>Commit, uncommitted changes, submodules, a script.</summary>
    public const string Code = "code";

    /// <summary>A data file.</summary>
    public const string Data = "data";

    /// <summary>Packages, runtime, interpreter, machine.</summary>
    public const string Environment = "environment";

    /// <summary>Randomness that no seed fixes: two repetitions differ from each other.</summary>
    public const string Seed = "seed";

    /// <summary>The command line, such as a secret that was masked in it.</summary>
    public const string Command = "command";

    /// <summary>A metric.</summary>
    public const string Metric = "metric";

    /// <summary>What the program printed, or how it ended.</summary>
    public const string Output = "output";

    /// <summary>Something that differs between the runs though all recorded inputs are equal.</summary>
    public const string Unknown = "unknown";
}
