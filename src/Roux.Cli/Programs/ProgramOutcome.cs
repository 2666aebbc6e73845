using Roux.Tracking;

namespace Roux.Cli.Programs;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number where a signal ended it.</param>
/// <param name="Status">What that makes of its run.</param>
/// <param name="Reason">Why, for one that did not end well.</param>
internal sealed record ProgramOutcome(int ExitCode, RunStatus Status, string? Reason)
{
    /// <summary>Whether it was ended because it took longer than it was given.</summary>
    public bool IsLate { get; init; }

    /// <summary>Whether its run holds all of it.</summary>
    public bool Recorded { get; init; } = true;

    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "SIGHUP", [2] = "SIGINT", [3] = "SIGQUIT", [4] = "SIGILL", [6] = "SIGABRT", [7] = "SIGBUS", [8] = "SIGFPE", [9] = "SIGKILL", [11] = "SIGSEGV", [13] = "SIGPIPE", [14] = "SIGALRM", [15] = "SIGTERM",
    };

    /// <summary>Judges an exit code.</summary>
    /// <param name="exitCode">As a shell reports it.</param>
    /// <param name="errorTail">The end of what the program wrote to standard error.</param>
    public static ProgramOutcome Of(int exitCode, string errorTail)
    {
        if (exitCode == 0)
        {
            return new ProgramOutcome(0, RunStatus.Finished, null);
        }

        var tail = errorTail.Trim();
        var after = tail.Length == 0 ? "" : "\n" + tail;
        if (exitCode > 128 && Signals.TryGetValue(exitCode - 128, out var signal))
        {
            // A crash of the program itself is a failure; the others come from outside.
            var crash = signal is "SIGILL" or "SIGABRT" or "SIGBUS" or "SIGFPE" or "SIGSEGV";
            var hint = signal == "SIGKILL" ? " (by the system when memory runs out, or by someone)" : "";
            return new ProgramOutcome(exitCode, crash ? RunStatus.Failed : RunStatus.Killed, $"ended by {signal}{hint}{after}");
        }

        return new ProgramOutcome(exitCode, RunStatus.Failed, $"exit code {exitCode}{after}");
    }
}
