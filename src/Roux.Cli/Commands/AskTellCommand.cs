using System.CommandLine;
using Roux.Tuning;

namespace Roux.Cli.Commands;

/// <summary><c>roux ask-tell</c>: the tuning engine over JSON lines, until the end of the input.</summary>
internal static class AskTellCommand
{
    public static Command Create()
    {
        var command = new Command("ask-tell", "The tuning engine over JSON lines on stdin and stdout, for any language.");
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        var protocol = new AskTellProtocol(call.GetValue(CommonOptions.Seed));
        using var input = new StreamReader(Console.OpenStandardInput());
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        while (input.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                output.WriteLine(protocol.Answer(line));
            }
        }

        return 0;
    }
}
