namespace Roux.Tracking.Capture.Programs;

/// <summary>Reads what a file-based C# program (.NET 10: <c>dotnet run app.cs</c>) asks for in its <c>#:</c> lines.</summary>
internal static class FileBasedProgram
{
    private const int MostDirectives = 500;

    /// <summary>The C# file that this process was started from by <c>dotnet run app.cs</c>, or null.</summary>
    public static string? OwnEntry() => AppContext.GetData("EntryPointFilePath") is string { Length: > 0 } path && File.Exists(path) ? path : null;

    /// <summary>The <c>#:</c> lines of a program: they stand above its first line of code, among comments.</summary>
    /// <param name="lines">The file.</param>
    public static IReadOnlyList<Directive> Directives(IEnumerable<string> lines)
    {
        var found = new List<Directive>();
        var comment = false;
        foreach (var raw in lines)
        {
            var line = raw.Trim().TrimStart('\uFEFF');
            if (comment)
            {
                comment = !line.Contains("*/", StringComparison.Ordinal);
            }
            else if (line.StartsWith("/*", StringComparison.Ordinal))
            {
                comment = !line.Contains("*/", StringComparison.Ordinal);
            }
            else if (line.StartsWith("#:", StringComparison.Ordinal) && found.Count < MostDirectives)
            {
                if (Parse(line[2..]) is { } directive)
                {
                    found.Add(directive);
                }
            }
            else if (line.Length > 0 && line[0] != '#' && !line.StartsWith("//", StringComparison.Ordinal))
            {
                break;
            }
        }

        return found;
    }

    private static Directive? Parse(string text)
    {
        var space = text.IndexOfAny([' ', '\t']);
        if (space <= 0)
        {
            return null;
        }

        var kind = text[..space];
        var rest = text[space..].Trim();
        // "@" stands before a version, "=" before the value of a property; previews of .NET 10 wrote a space.
        var cut = kind switch { "package" or "sdk" => rest.IndexOfAny(['@', ' ']), "property" => rest.IndexOfAny(['=', ' ']), _ => -1 };
        return rest.Length == 0 ? null : cut <= 0 ? new Directive(kind, rest, null) : new Directive(kind, rest[..cut].Trim(), rest[(cut + 1)..].Trim());
    }
}
