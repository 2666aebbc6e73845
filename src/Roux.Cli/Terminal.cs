using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Roux.Cli;

/// <summary>The two consoles: results go to stdout, progress and remarks to stderr. Both are plain when they are not a terminal.</summary>
internal static partial class Terminal
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

    // Escape sequences go whole, so that no half of one is left to read; other control characters, and those that turn the direction
    // of text around, become visible.
    private static string Clean(string text)
    {
        var plain = text.Contains('\u001b', StringComparison.Ordinal) || text.Contains('\u009b', StringComparison.Ordinal) ? EscapeSequence().Replace(text, "") : text;
        var clean = new StringBuilder(plain.Length);
        foreach (var c in plain)
        {
            var hidden = (char.IsControl(c) && c != '\n') || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f';
            clean.Append(c == '\t' ? ' ' : hidden ? '\uFFFD' : c);
        }

        return clean.ToString();
    }

    // ECMA-48: control sequences, and strings such as titles and links up to their end.
    [GeneratedRegex("(?:\u001b\\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?|\u001b[ -/]*[0-~]?", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex EscapeSequence();
}
