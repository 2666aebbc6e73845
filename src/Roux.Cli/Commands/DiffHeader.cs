using System.Text;

namespace Roux.Cli.Commands;

/// <summary>Reads the path from a line such as <c>diff --git a/x b/x</c>; git puts paths with letters beyond ASCII in quotes, byte by byte in octal.</summary>
internal static class DiffHeader
{
    private const string Start = "diff --git ";

    /// <summary>The path after the change.</summary>
    public static string Path(string line)
    {
        var paths = line[Start.Length..];
        if (!paths.EndsWith('"'))
        {
            var at = paths.LastIndexOf(" b/", StringComparison.Ordinal);
            return at > 0 ? paths[(at + 3)..] : paths;
        }

        var quote = paths.LastIndexOf(" \"", StringComparison.Ordinal);
        var path = Unquoted(quote < 0 ? paths.Trim('"') : paths[(quote + 2)..^1]);
        return path.StartsWith("b/", StringComparison.Ordinal) ? path[2..] : path;
    }

    private static string Unquoted(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
            }
            else if (i + 3 < text.Length && text.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                bytes.Add((byte)(((text[i + 1] - '0') * 64) + ((text[i + 2] - '0') * 8) + (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                i++;
                bytes.Add((byte)(text[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other }));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
