using System.Globalization;
using System.Text;

namespace Roux.Cli.Printing;

/// <summary>A table of plain text: columns in line, cells cut where the width is not enough, one row a line, so that it can be read as well as piped.</summary>
/// <param name="width">Columns of characters that a line may take.</param>
internal sealed class TextTable(int width)
{
    private const string Gap = "  ";
    private readonly List<(string Heading, bool Right, int Least)> _columns = [];
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a column.</summary>
    /// <param name="heading">Its heading.</param>
    /// <param name="right">Whether cells stand at the right, as numbers do.</param>
    /// <param name="least">Characters that it keeps when others give way; 0 for one that is never cut.</param>
    public TextTable Column(string heading, bool right = false, int least = 0)
    {
        _columns.Add((Terminal.OneLine(heading), right, least));
        return this;
    }

    /// <summary>Adds a row of as many cells as there are columns.</summary>
    public TextTable Row(params string[] cells)
    {
        _rows.Add([.. cells.Select(Terminal.OneLine)]);
        return this;
    }

    /// <summary>The table as text, without a line break at the end.</summary>
    public override string ToString()
    {
        var widths = Widths();
        var text = new StringBuilder();
        if (_columns.Any(c => c.Heading.Length > 0))
        {
            Line(text, [.. _columns.Select(c => c.Heading)], widths);
        }

        foreach (var row in _rows)
        {
            Line(text, row, widths);
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>Characters that a text takes on a terminal: two for wide letters, none for combining ones.</summary>
    public static int WidthOf(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += WidthOf(rune);
        }

        return width;
    }

    /// <summary>A text cut to a width, with an ellipsis where something is missing.</summary>
    public static string Cut(string text, int width)
    {
        if (WidthOf(text) <= width)
        {
            return text;
        }

        var cut = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            used += WidthOf(rune);
            if (used > width - 1)
            {
                break;
            }

            cut.Append(rune);
        }

        return width <= 0 ? "" : cut.Append('…').ToString();
    }

    private static int WidthOf(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
        {
            return 0;
        }

        // East Asian wide and fullwidth ranges and pictographs (Unicode Standard Annex 11), coarsely.
        return rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF and not 0x303F) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1;
    }

    private int[] Widths()
    {
        var widths = _columns.Select((c, i) => _rows.Select(r => WidthOf(r[i])).Append(WidthOf(c.Heading)).Max()).ToArray();
        var over = widths.Sum() + Gap.Length * (widths.Length - 1) - width;
        while (over > 0)
        {
            // The widest of those that may give way gives one.
            var widest = -1;
            for (var i = 0; i < widths.Length; i++)
            {
                if (_columns[i].Least > 0 && widths[i] > _columns[i].Least && (widest < 0 || widths[i] > widths[widest]))
                {
                    widest = i;
                }
            }

            if (widest < 0)
            {
                break;
            }

            widths[widest]--;
            over--;
        }

        return widths;
    }

    private void Line(StringBuilder text, string[] cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            var cell = Cut(cells[i], widths[i]);
            var pad = new string(' ', Math.Max(0, widths[i] - WidthOf(cell)));
            line.Append(i == 0 ? "" : Gap).Append(_columns[i].Right ? pad + cell : cell + pad);
        }

        text.Append(line.ToString().TrimEnd()).Append('\n');
    }
}
