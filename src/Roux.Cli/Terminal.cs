using System.Text;
using Spectre.Console;

namespace Roux.Cli;

/// <summary>The two consoles: results go to stdout, progress and remarks to stderr. Both are plain when they are not a terminal.</summary>
internal static class Terminal
{
    /// <summary>Results.</summary>
    public static IAnsiConsole Out => AnsiConsole.Console;

    /// <summary>Progress and remarks.</summary>
    public static IAnsiConsole Error { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Text from data or users made safe to print: no control characters, no escape sequences, no markup.</summary>
    public static string Safe(string text) => Markup.Escape(Clean(text));

    /// <summary>Text on one line, without control characters.</summary>
    public static string OneLine(string text) => Clean(text.ReplaceLineEndings(" "));

    /// <summary>Text cut to a width, with an ellipsis where something is missing.</summary>
    public static string Cut(string text, int width) => text.Length <= width ? text : string.Concat(text.AsSpan(0, Math.Max(0, width - 1)), "…");

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            clean.Append(char.IsControl(c) && c != '\n' ? '\uFFFD' : c);
        }

        return clean.ToString();
    }
}
