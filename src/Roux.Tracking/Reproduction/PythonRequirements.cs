using System.Text.Json.Nodes;

namespace Roux.Tracking.Reproduction;

/// <summary>Writes the installed Python packages of a run as requirements for pip.</summary>
public static class PythonRequirements
{
    private static readonly string[] Tools = ["pip", "setuptools", "wheel", "distribute", "pkg_resources", "pkg-resources"];

    /// <summary>Lines <c>name==version</c>, and names of packages that did not come from an index.</summary>
    /// <param name="environment">A document <c>environment.json</c>.</param>
    public static (IReadOnlyList<string> Pinned, IReadOnlyList<string> Other) Of(JsonObject environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var pinned = new List<string>();
        var other = new List<string>();
        foreach (var package in environment["python"]?["packages"] is JsonArray packages ? packages.OfType<JsonObject>() : [])
        {
            var (name, version, source) = (package["name"]?.ToString() ?? "", package["version"]?.ToString() ?? "", package["source"]?.ToString());
            if (Tools.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            // What a store says goes into a file that pip obeys: only names and versions of the known form (PEP 508, PEP 440).
            if (source is null && IsName(name) && IsVersion(version))
            {
                pinned.Add($"{name}=={version}");
            }
            else
            {
                other.Add(source is null ? name : $"{name} ({source})");
            }
        }

        return (pinned, other);
    }

    private static bool IsName(string text) => text.Length is > 0 and < 200 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static bool IsVersion(string text) => text.Length is > 0 and < 100 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+' or '!');
}
