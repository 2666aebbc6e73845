using System.Text;

namespace Roux.Tracking.Capture;

/// <summary>How a program was started.</summary>
/// <param name="Arguments">Program and arguments, secrets masked.</param>
/// <param name="WorkingDirectory">Absolute path.</param>
/// <param name="User">Name of the account.</param>
/// <param name="Host">Name of the machine.</param>
/// <param name="ProcessId">Id of the recording process.</param>
internal sealed record CommandLineRecord(string[] Arguments, string WorkingDirectory, string User, string Host, int ProcessId)
{
    /// <summary>The command as one would type it into a POSIX shell.</summary>
    public string Text => string.Join(' ', Arguments.Select(CommandLineCapture.ShellQuote));
}

/// <summary>Reads the command line of this process, or takes that of a program to be run.</summary>
internal static class CommandLineCapture
{
    /// <summary>Describes a command.</summary>
    /// <param name="command">Program and arguments; null for those of this process.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    public static CommandLineRecord Capture(IReadOnlyList<string>? command, string workingDirectory) =>
        new(SecretMask.Arguments(command ?? Environment.GetCommandLineArgs()), Path.GetFullPath(workingDirectory), Environment.UserName, Environment.MachineName, Environment.ProcessId);

    /// <summary>One argument, quoted for a POSIX shell where it needs to be.</summary>
    public static string ShellQuote(string argument)
    {
        if (argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "@%+=:,./-_*".Contains(c, StringComparison.Ordinal))
            && (argument == SecretMask.Mask || argument.EndsWith("=" + SecretMask.Mask, StringComparison.Ordinal) || !argument.Contains('*', StringComparison.Ordinal)))
        {
            return argument;
        }

        return new StringBuilder(argument.Length + 2).Append('\'').Append(argument.Replace("'", "'\\''", StringComparison.Ordinal)).Append('\'').ToString();
    }
}
