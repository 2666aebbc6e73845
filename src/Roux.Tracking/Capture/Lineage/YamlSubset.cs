using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Capture.Lineage;

/// <summary>Reads the part of YAML that DVC, conda and Jupytext write: block and flow collections, plain, quoted and block scalars, comments.</summary>
/// <remarks>Anchors, aliases, tags and several documents are refused with the line they stand in, never guessed at.</remarks>
internal sealed class YamlSubset
{
    private const int Deepest = 64;
    private const int MostLines = 200_000;
    private const int LongestFolded = 64 << 10;
    private readonly string[] _lines;
    private readonly bool _typed;
    private int _at;

    private YamlSubset(string[] lines, bool typed)
    {
        _lines = lines;
        _typed = typed;
    }

    /// <summary>Reads a document.</summary>
    /// <param name="text">The document.</param>
    /// <param name="typed">Whether plain scalars become numbers and truth values; otherwise every scalar is a string, as written, so that a hash of digits stays one.</param>
    /// <returns>Objects, arrays and values; null for an empty document.</returns>
    /// <exception cref="FormatException">It is not of the part of YAML that is read; the message names the line.</exception>
    public static JsonNode? Parse(string text, bool typed = false)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var reader = new YamlSubset(lines.Length <= MostLines ? lines : throw new FormatException($"more than {MostLines} lines"), typed);
        if (reader.Next() && reader.Line.StartsWith("---", StringComparison.Ordinal))
        {
            reader._at++;
        }

        if (!reader.Next())
        {
            return null;
        }

        var root = reader.Block(reader.Indent, 0);
        return reader.Next() && !reader.Line.StartsWith("...", StringComparison.Ordinal) ? throw reader.Wrong("is not expected here") : root;
    }

    private string Line => _lines[_at];

    private int Indent => Line.Length - Line.TrimStart(' ').Length;

    private FormatException Wrong(string what) => new($"line {Math.Min(_at, _lines.Length - 1) + 1}: '{_lines[Math.Min(_at, _lines.Length - 1)].Trim()}' {what}");

    // Moves to the next line that says something.
    private bool Next()
    {
        while (_at < _lines.Length && Line.AsSpan().TrimStart() is [] or ['#', ..])
        {
            _at++;
        }

        return _at < _lines.Length && (Line.TrimStart(' ')[0] != '\t' ? true : throw Wrong("is indented by a tab"));
    }

    private JsonNode? Block(int indent, int depth)
    {
        if (depth > Deepest)
        {
            throw Wrong($"is nested deeper than {Deepest} levels");
        }

        var text = Line[indent..];
        return IsItem(text) ? Sequence(indent, depth) : KeyEnd(text) > 0 ? Mapping(indent, depth) : Scalar(text, indent - 1);
    }

    private JsonArray Sequence(int indent, int depth)
    {
        var items = new JsonArray();
        while (Next() && Indent == indent && IsItem(Line[indent..]))
        {
            var rest = Line[(indent + 1)..];
            if (rest.Trim().Length == 0 || rest.TrimStart()[0] == '#')
            {
                _at++;
                items.Add(Next() && Indent > indent ? Block(Indent, depth + 1) : null);
                continue;
            }

            // What stands behind the dash is a block of its own, as deep as it begins.
            _lines[_at] = new string(' ', indent + 1) + rest;
            items.Add(Block(Indent, depth + 1));
        }

        return items;
    }

    private JsonObject Mapping(int indent, int depth)
    {
        var map = new JsonObject();
        while (Next() && Indent == indent && KeyEnd(Line[indent..]) is > 0 and var end)
        {
            var key = Unquoted(Line.Substring(indent, end).Trim());
            var rest = Line[(indent + end + 1)..].Trim();
            if (map.ContainsKey(key))
            {
                throw Wrong("names a key for the second time");
            }

            if (rest.Length > 0 && rest[0] != '#')
            {
                map[key] = rest[0] is '|' or '>' ? Literal(rest, indent) : Scalar(rest, indent);
                continue;
            }

            _at++;
            // A list under a key may stand as far left as the key itself.
            map[key] = Next() && (Indent > indent || (Indent == indent && IsItem(Line[indent..]))) ? Block(Indent, depth + 1) : null;
        }

        return Next() && Indent > indent ? throw Wrong("is indented deeper than what it belongs to") : map;
    }

    // A scalar or flow collection that begins with the given text of this line and may go on in deeper lines.
    private JsonNode? Scalar(string text, int parentIndent)
    {
        if (text[0] is '&' or '*' or '!' or '%' or '@' or '`')
        {
            throw Wrong("uses a part of YAML (anchors, aliases, tags) that is not read");
        }

        var whole = new StringBuilder(text);
        var quoted = text[0] is '"' or '\'' or '[' or '{';
        _at++;
        if (!quoted)
        {
            whole.Clear().Append(Uncommented(text));
            while (Next() && Indent > parentIndent && (parentIndent >= 0 || !IsItem(Line)))
            {
                if (KeyEnd(Line.Trim()) > 0)
                {
                    throw Wrong("is indented deeper than what it belongs to");
                }

                whole.Append(' ').Append(Uncommented(Line.Trim()));
                _at++;
            }

            return Plain(whole.ToString());
        }

        while (true)
        {
            try
            {
                var flow = new YamlFlow(whole.ToString(), this);
                var value = flow.Value(0);
                return flow.AtEnd ? value : throw Wrong("goes on after its value");
            }
            catch (EndOfStreamException)
            {
                if (_at >= _lines.Length || (whole.Length > LongestFolded && whole.Length > text.Length))
                {
                    _at = Math.Max(0, _at - 1);
                    throw Wrong("opens a quote or bracket that nothing closes");
                }

                var line = _lines[_at++].Trim();
                whole.Append(line.Length == 0 ? "\n" : whole[^1] == '\n' ? line : " " + line);
            }
        }
    }

    private JsonValue Literal(string header, int parentIndent)
    {
        var folded = header[0] == '>';
        var chomp = header.Contains('-', StringComparison.Ordinal) ? '-' : header.Contains('+', StringComparison.Ordinal) ? '+' : ' ';
        _at++;
        var lines = new List<string>();
        var indent = -1;
        for (; _at < _lines.Length; _at++)
        {
            var blank = string.IsNullOrWhiteSpace(Line);
            if (!blank && Indent <= parentIndent)
            {
                break;
            }

            indent = indent < 0 && !blank ? Indent : indent;
            lines.Add(blank || indent < 0 ? "" : Line.Length > indent ? Line[Math.Min(indent, Indent)..] : "");
        }

        var text = folded ? Fold(lines) : string.Join('\n', lines) + "\n";
        return JsonValue.Create(chomp switch { '-' => text.TrimEnd('\n'), '+' => text, _ => text.TrimEnd('\n') + (text.Trim('\n').Length > 0 ? "\n" : "") })!;
    }

    private static string Fold(List<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(line.Length == 0 ? "\n" : text.Length == 0 || text[^1] == '\n' ? line : " " + line);
        }

        return text.Append('\n').ToString();
    }

    /// <summary>A scalar without quotes.</summary>
    internal JsonNode? Plain(string text)
    {
        if (text is "" or "~" or "null")
        {
            return null;
        }

        if (_typed)
        {
            if (text is "true" or "false")
            {
                return JsonValue.Create(text == "true");
            }

            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            {
                return JsonValue.Create(whole);
            }

            if (text.Any(char.IsAsciiDigit) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            {
                return JsonValue.Create(number);
            }
        }

        return JsonValue.Create(text);
    }

    private static bool IsItem(string text) => text.Length > 0 && text[0] == '-' && (text.Length == 1 || text[1] == ' ');

    // Where the colon behind a key stands, or -1 where the text is no entry of a mapping.
    private static int KeyEnd(string text)
    {
        var at = 0;
        if (text[0] is '"' or '\'')
        {
            at = text.IndexOf(text[0], 1) + 1;
            return at > 0 && at < text.Length && text[at] == ':' && (at + 1 == text.Length || text[at + 1] == ' ') ? at : -1;
        }

        if (text[0] is '[' or '{' or '#' or '&' or '*' or '!')
        {
            return -1;
        }

        for (; at < text.Length; at++)
        {
            if (text[at] == ':' && (at + 1 == text.Length || text[at + 1] == ' '))
            {
                return at > 0 ? at : -1;
            }

            if (text[at] == '#' && at > 0 && text[at - 1] == ' ')
            {
                return -1;
            }
        }

        return -1;
    }

    private static string Unquoted(string key) => key.Length >= 2 && key[0] is '"' or '\'' && key[^1] == key[0] ? key[1..^1] : key;

    private static string Uncommented(string text)
    {
        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return (comment < 0 ? text : text[..comment]).TrimEnd();
    }
}
