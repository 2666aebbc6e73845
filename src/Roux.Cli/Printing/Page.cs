using Spectre.Console;

namespace Roux.Cli.Printing;

/// <summary>Writes results for people to stdout: headings, lists and tables as wide as the terminal, 80 columns when there is none.</summary>
internal sealed class Page
{
    private const int PlainWidth = 80;
    private const int Widest = 200;
    private readonly TextWriter _out = Console.Out;
    private readonly bool _styled = !Console.IsOutputRedirected && Terminal.Out.Profile.Capabilities.Ansi && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    /// <summary>Characters in a line.</summary>
    public int Width { get; } = Console.IsOutputRedirected ? PlainWidth : Math.Clamp(Terminal.Out.Profile.Width, 40, Widest);

    /// <summary>A table that fits.</summary>
    /// <param name="indent">Spaces that will stand before it.</param>
    public TextTable Table(int indent = 0) => new(Width - indent);

    /// <summary>Writes a line.</summary>
    /// <param name="text">Made safe to print.</param>
    public Page Line(string text = "")
    {
        _out.WriteLine(Terminal.OneLine(text));
        return this;
    }

    /// <summary>Writes a line that is cut to the width.</summary>
    public Page CutLine(string text)
    {
        _out.WriteLine(TextTable.Cut(Terminal.OneLine(text), Width));
        return this;
    }

    /// <summary>Writes a heading after a blank line.</summary>
    public Page Heading(string text)
    {
        _out.WriteLine();
        var safe = TextTable.Cut(Terminal.OneLine(text), Width);
        _out.WriteLine(_styled ? $"\u001b[1m{safe}\u001b[0m" : safe);
        return this;
    }

    /// <summary>Writes a table, with its headings dimmed on a terminal.</summary>
    /// <param name="table">The table.</param>
    /// <param name="indent">Spaces before each line.</param>
    /// <param name="headings">Whether its first line holds headings.</param>
    public Page Write(TextTable table, int indent = 0, bool headings = true)
    {
        var pad = new string(' ', indent);
        var first = headings;
        foreach (var line in table.ToString().Split('\n'))
        {
            _out.WriteLine(pad + (first && _styled ? $"\u001b[2m{line}\u001b[0m" : line));
            first = false;
        }

        return this;
    }

    /// <summary>Writes text that is there to be copied: never cut, and the lines of a script stay lines.</summary>
    /// <param name="text">Made safe to print.</param>
    /// <param name="indent">Spaces before the first line; those after it may not move.</param>
    public Page Verbatim(string text, int indent)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').Select(Terminal.OneLine);
        _out.WriteLine(new string(' ', indent) + string.Join('\n', lines));
        return this;
    }

    /// <summary>Writes text broken between words, its first line after a lead and the others in line with it.</summary>
    /// <param name="lead">Such as a name and blanks; not broken.</param>
    /// <param name="text">Made safe to print.</param>
    public Page Hanging(string lead, string text)
    {
        var indent = TextTable.WidthOf(lead);
        var lines = new List<string>();
        Break(text, Width - indent, lines.Add);
        for (var i = 0; i < lines.Count; i++)
        {
            _out.WriteLine((i == 0 ? lead : new string(' ', indent)) + lines[i]);
        }

        return this;
    }

    /// <summary>Writes text of several lines, broken between words to fit the width.</summary>
    /// <param name="text">Made safe to print.</param>
    /// <param name="indent">Spaces before each line.</param>
    public Page Paragraph(string text, int indent = 0)
    {
        var pad = new string(' ', indent);
        Break(text, Width - indent, line => _out.WriteLine(pad + line));
        return this;
    }

    private static void Break(string text, int width, Action<string> write)
    {
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = "";
            foreach (var word in Terminal.OneLine(paragraph).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > 0 && TextTable.WidthOf(line) + TextTable.WidthOf(word) + 1 > width)
                {
                    write(line);
                    line = "";
                }

                line = line.Length == 0 ? word : line + " " + word;
            }

            write(line);
        }
    }
}
