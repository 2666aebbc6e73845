namespace Roux.Tracking.Notebooks;

/// <summary>How a language's scripts carry cells: what a comment begins with, and which lines of a notebook are no code of the language.</summary>
/// <param name="Comment">Begins a comment, with the space behind it.</param>
/// <param name="Extension">Ending of scripts.</param>
/// <param name="Language">As notebooks name it.</param>
/// <param name="Magics">What lines begin with that only a notebook's kernel understands; they are comments in the script.</param>
internal sealed record ScriptDialect(string Comment, string Extension, string Language, IReadOnlyList<string> Magics)
{
    private const string Marker = "%%";

    private static readonly ScriptDialect[] All =
    [
        new("# ", ".py", "python", ["%", "!"]),
        new("// ", ".cs", "csharp", ["#!", "#r ", "#i ", "#load ", "%%"]),
        new("// ", ".fs", "fsharp", ["#!", "#r ", "#i ", "#load ", "%%"]),
        new("# ", ".r", "r", ["%"]),
        new("# ", ".jl", "julia", ["%"]),
    ];

    /// <summary>Whether scripts name their packages at the top, for <c>dotnet run</c>.</summary>
    public bool HasDirectives => Extension == ".cs";

    /// <summary>That of a notebook's language, or null where there is none.</summary>
    public static ScriptDialect? OfLanguage(string language) => All.FirstOrDefault(d => d.Language.Equals(language, StringComparison.OrdinalIgnoreCase) || (d.Language == "python" && language.StartsWith("python", StringComparison.OrdinalIgnoreCase)));

    /// <summary>That of a script by its ending, or null.</summary>
    public static ScriptDialect? OfFile(string path) => All.FirstOrDefault(d => path.EndsWith(d.Extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>Languages that are paired.</summary>
    public static string Languages => string.Join(", ", All.Select(d => d.Language));

    /// <summary>What a line of a script says where it begins a cell, or null.</summary>
    public string? CellHead(string line) => line.StartsWith(Comment + Marker, StringComparison.Ordinal) && IsMarker(line.AsSpan(Comment.Length)) ? line[(Comment.Length + Marker.Length)..].Trim() : null;

    /// <summary>The line that begins a cell.</summary>
    public string Head(string text) => Comment + Marker + (text.Length == 0 ? "" : " " + text);

    /// <summary>A line of code as it stands in the script: a magic becomes a comment, and what looks like such a comment or like the head of a cell gets one more.</summary>
    /// <remarks>By the number of comment signs before it, every line comes back as it was: see <see cref="CodeBack"/>.</remarks>
    public string Code(string line)
    {
        var (white, rest, _) = Split(line);
        return IsMarker(rest) ? white + Comment + Comment + line[white.Length..] : IsMagic(rest) ? white + Comment + line[white.Length..] : line;
    }

    /// <summary>The line of code that a line of the script stands for.</summary>
    public string CodeBack(string line)
    {
        var (white, rest, comments) = Split(line);
        var less = IsMarker(rest) ? Math.Min(2, comments) : IsMagic(rest) ? Math.Min(1, comments) : 0;
        return white + line[(white.Length + (less * Comment.Length))..];
    }

    /// <summary>A line of text as a comment.</summary>
    public string Text(string line)
    {
        var (white, rest, _) = Split(line);
        return line.Length == 0 ? Comment.TrimEnd() : white.Length == 0 && IsMarker(rest) ? Comment + Comment + line : Comment + line;
    }

    /// <summary>The line of text that a comment stands for.</summary>
    public string TextBack(string line)
    {
        if (!line.StartsWith(Comment, StringComparison.Ordinal))
        {
            return line == Comment.TrimEnd() ? "" : line;
        }

        var (white, rest, comments) = Split(line);
        return line[((white.Length == 0 && comments >= 2 && IsMarker(rest) ? 2 : 1) * Comment.Length)..];
    }

    // White space, the rest behind any number of comment signs, and that number.
    private (string White, string Words, int Comments) Split(string line)
    {
        var white = line[..(line.Length - line.TrimStart(' ', '\t').Length)];
        var at = white.Length;
        var comments = 0;
        while (line.AsSpan(at).StartsWith(Comment, StringComparison.Ordinal))
        {
            at += Comment.Length;
            comments++;
        }

        return (white, line[at..], comments);
    }

    private static bool IsMarker(ReadOnlySpan<char> text) => text.StartsWith(Marker, StringComparison.Ordinal) && (text.Length == Marker.Length || text[Marker.Length] is ' ' or '\t' or '[' or '\r');

    private bool IsMagic(string text) => Magics.Any(m => text.StartsWith(m, StringComparison.Ordinal));
}
