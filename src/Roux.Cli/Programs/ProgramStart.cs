namespace Roux.Cli.Programs;

/// <summary>A program to be run as a tracked run.</summary>
/// <param name="Path">Full path of it.</param>
/// <param name="Command">Name and arguments.</param>
internal sealed record ProgramStart(string Path, IReadOnlyList<string> Command)
{
    /// <summary>Where it runs.</summary>
    public string Folder { get; init; } = Environment.CurrentDirectory;

    /// <summary>Data files that it reads, beside those that its arguments name.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Environment variables beside those of this process; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether its standard output goes to standard error.</summary>
    public bool OutputToError { get; init; }

    /// <summary>Variables whose values are recorded beside those of the allow list.</summary>
    public IReadOnlyList<string> KeepVariables { get; init; } = [];

    /// <summary>A seed for a program that wants one, in <c>ROUX_SEED</c>; null for none.</summary>
    public int? Seed { get; init; }

    /// <summary>A metric that it tells by what it prints, as a trial of a study does; null for none.</summary>
    public string? Metric { get; init; }

    /// <summary>Time after which it is ended; null for none.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>The command as recorded, where that is not the one run; null for the same.</summary>
    public IReadOnlyList<string>? Recorded { get; init; }
}
