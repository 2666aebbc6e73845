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
        new(SecretMask.Arguments(command ?? OwnCommand()), Path.GetFullPath(workingDirectory), Environment.UserName, Environment.MachineName, Environment.ProcessId);

    /// <summary>What people would call the program: the script of an interpreter, the module of <c>python -m</c>, else the program itself.</summary>
    public static string SourceName(IReadOnlyList<string> command)
    {
        if (command.Count == 0)
        {
            return "";
        }

        var program = Path.GetFileNameWithoutExtension(command[0]);
        var interpreter = PythonEnvironment.IsPython(command[0]) || program is "dotnet" or "Rscript" or "julia" or "node" or "ruby" or "perl" or "java" or "bash" or "sh" or "zsh" or "pwsh" or "env" or "uv" or "poetry" or "torchrun";
        if (!interpreter)
        {
            return Path.GetFileName(command[0]);
        }

        for (var i = 1; i < command.Count; i++)
        {
            if (command[i] == "-m" && i + 1 < command.Count)
            {
                return command[i + 1];
            }

            if (command[i] is "-c" or "-e")
            {
                break;
            }

            if (command[i].Length > 0 && command[i][0] != '-' && command[i] is not ("run" or "exec") && !PythonEnvironment.IsPython(command[i]) && !command[i].Contains('=', StringComparison.Ordinal))
            {
                return command[i];
            }
        }

        return Path.GetFileName(command[0]);
    }

    /// <summary>The command line of this process where it is a program of somebody else's; null for that of Roux, whose verbs say themselves what they read.</summary>
    public static IReadOnlyList<string>? OfProgram() => OwnCommand() is var command && command is ["roux", ..] ? null : command;

    // The first argument that .NET reports is the assembly; what was started is the host of it.
    private static string[] OwnCommand()
    {
        var arguments = Environment.GetCommandLineArgs();
        if (Environment.ProcessPath is not { } host || arguments.Length == 0)
        {
            return arguments;
        }

        // The command line of Roux is called by its name, whatever launcher or build stands behind it.
        if (System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name is "roux" or "roux-tool")
        {
            return ["roux", .. arguments[1..]];
        }

        return Path.GetFileNameWithoutExtension(host) == "dotnet" ? ["dotnet", .. arguments] : [host, .. arguments[1..]];
    }

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
