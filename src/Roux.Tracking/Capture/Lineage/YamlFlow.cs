using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Capture.Lineage;

/// <summary>Reads quoted scalars and flow collections (<c>[a, "b"]</c>, <c>{k: v}</c>) of YAML; JSON is a part of it.</summary>
/// <param name="text">Begins with a quote or bracket.</param>
/// <param name="document">What it stands in: says what plain scalars mean.</param>
internal sealed class YamlFlow(string text, YamlSubset document)
{
    private const int Deepest = 64;
    private int _at;

    /// <summary>Whether only a comment is left.</summary>
    public bool AtEnd
    {
        get
        {
            Space();
            return _at == text.Length || text[_at] == '#';
        }
    }

    /// <summary>Reads one value.</summary>
    /// <exception cref="EndOfStreamException">The text ends within it: it goes on in the next line.</exception>
    /// <exception cref="FormatException">It is no value.</exception>
    public JsonNode? Value(int depth)
    {
        Space();
        return depth > Deepest ? throw new FormatException($"'{Start()}' is nested deeper than {Deepest} levels") : Here() switch
        {
            '[' => Sequence(depth),
            '{' => Mapping(depth),
            '"' => JsonValue.Create(DoubleQuoted()),
            '\'' => JsonValue.Create(SingleQuoted()),
            '&' or '*' or '!' => throw new FormatException($"'{Start()}' uses a part of YAML (anchors, aliases, tags) that is not read"),
            _ => document.Plain(PlainText()),
        };
    }

    private JsonArray Sequence(int depth)
    {
        var items = new JsonArray();
        _at++;
        while (!Closes(']'))
        {
            items.Add(Value(depth + 1));
            Separator(']');
        }

        return items;
    }

    private JsonObject Mapping(int depth)
    {
        var map = new JsonObject();
        _at++;
        while (!Closes('}'))
        {
            var key = Here() switch { '"' => DoubleQuoted(), '\'' => SingleQuoted(), _ => PlainText() };
            Space();
            if (Here() != ':')
            {
                throw new FormatException($"'{Start()}' has a key without a colon");
            }

            _at++;
            map[key] = Value(depth + 1);
            Separator('}');
        }

        return map;
    }

    private bool Closes(char bracket)
    {
        Space();
        if (Here() != bracket)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Separator(char bracket)
    {
        Space();
        if (Here() == ',')
        {
            _at++;
        }
        else if (Here() != bracket)
        {
            throw new FormatException($"'{Start()}' has neither a comma nor '{bracket}' after a value");
        }
    }

    private string PlainText()
    {
        var start = _at;
        while (_at < text.Length && text[_at] is not (',' or ']' or '}' or '[' or '{') && !(text[_at] == ':' && (_at + 1 == text.Length || text[_at + 1] is ' ' or '\n')))
        {
            _at++;
        }

        return _at == start ? throw (_at == text.Length ? new EndOfStreamException() : new FormatException($"'{Start()}' has nothing where a value must stand")) : text[start.._at].Trim();
    }

    private string SingleQuoted()
    {
        var value = new StringBuilder();
        for (_at++; ; _at++)
        {
            if (Here() != '\'')
            {
                value.Append(text[_at]);
            }
            else if (_at + 1 < text.Length && text[_at + 1] == '\'')
            {
                value.Append('\'');
                _at++;
            }
            else
            {
                _at++;
                return value.ToString();
            }
        }
    }

    private string DoubleQuoted()
    {
        var value = new StringBuilder();
        for (_at++; Here() != '"'; _at++)
        {
            if (text[_at] != '\\')
            {
                value.Append(text[_at]);
                continue;
            }

            _at++;
            value.Append(Here() switch
            {
                'n' => "\n",
                't' => "\t",
                'r' => "\r",
                'b' => "\b",
                'f' => "\f",
                'e' => "\u001b",
                '0' => "\0",
                'x' => Code(2),
                'u' => Code(4),
                'U' => Code(8),
                // An escaped end of line: the next one goes on without a space.
                ' ' => "",
                var other => other.ToString(),
            });
        }

        _at++;
        return value.ToString();
    }

    private string Code(int digits)
    {
        if (_at + digits >= text.Length)
        {
            throw new EndOfStreamException();
        }

        if (!int.TryParse(text.AsSpan(_at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code > 0x10FFFF || code < 0)
        {
            throw new FormatException($"'{text.Substring(_at - 1, digits + 2)}' is no character");
        }

        _at += digits;
        // Half of a pair, as JSON writes characters beyond the first plane.
        return code is >= 0xD800 and <= 0xDFFF ? ((char)code).ToString() : char.ConvertFromUtf32(code);
    }

    private void Space()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private char Here() => _at < text.Length ? text[_at] : throw new EndOfStreamException();

    private string Start() => text.Length <= 60 ? text : text[..60] + "…";
}
