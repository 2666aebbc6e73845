using System.Text.Json.Nodes;

namespace Roux.Tracking.Reproduction;

/// <summary>The environments of a run and of its repetition side by side.</summary>
/// <param name="Differences">Packages, and versions of language and runtime up to the minor one: what may well change results.</param>
/// <param name="Remarks">Machine, system, patch versions: what should not change them.</param>
public sealed record EnvironmentComparison(IReadOnlyList<Difference> Differences, IReadOnlyList<Difference> Remarks)
{
    private const int MostPackages = 50;

    /// <summary>Compares two documents <c>environment.json</c>.</summary>
    /// <param name="first">Of the first run.</param>
    /// <param name="again">Of the repetition.</param>
    public static EnvironmentComparison Of(JsonObject first, JsonObject again)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(again);
        var differences = new List<Difference>();
        var remarks = new List<Difference>();
        var python = first["python"] is JsonObject || again["python"] is JsonObject;
        Version("Python", Text(first, "python", "version"), Text(again, "python", "version"), "run it with that Python, or: roux reproduce RUN --install");
        if (first["python"] is JsonObject before && again["python"] is JsonObject after)
        {
            Packages(before["packages"], after["packages"], "Python package", "pip install '{0}=={1}', or let roux do it in an environment of its own: --install");
        }
        else if (!python)
        {
            Packages(first["packages"], again["packages"], "package", "pin it with a lock file (RestorePackagesWithLockFile); version {1} of {0} was used");
            Version(".NET", Text(first, "dotnet", "runtime"), Text(again, "dotnet", "runtime"), "install that version of .NET");
        }

        Remark("Roux", "roux");
        Remark("operating system", "os", "name");
        Remark("kernel", "os", "kernel");
        Remark("architecture", "os", "architecture");
        Remark("processor", "cpu", "model");
        Remark("cores", "cpu", "available_cores");
        Remark("vector instructions", "dotnet", "simd");
        Remark("container", "container");
        Remark("container image", "container_details", "image");
        RemarkTexts("graphics processors", Gpus(first), Gpus(again));
        return new EnvironmentComparison(differences, remarks);

        void Version(string what, string? a, string? b, string fix)
        {
            if (a is not null && a != b)
            {
                (Minor(a) == Minor(b) ? remarks : differences).Add(new Difference(DifferenceKind.Environment, what, a, b, fix));
            }
        }

        void Packages(JsonNode? a, JsonNode? b, string what, string fix)
        {
            var (old, now) = (List(a), List(b));
            if (old.Count > 0 && now.Count == 0)
            {
                remarks.Add(new Difference(DifferenceKind.Environment, $"{what}s", $"{old.Count}", "not recorded", ""));
                return;
            }

            foreach (var name in old.Keys.Union(now.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase))
            {
                var (x, y) = (old.GetValueOrDefault(name), now.GetValueOrDefault(name));
                // One that only came along, and that nothing asked for then, changes nothing by being there.
                if (x != y && differences.Count < MostPackages)
                {
                    (x is null ? remarks : differences).Add(new Difference(DifferenceKind.Environment, $"{what} {name}", x, y, x is null ? "" : string.Format(System.Globalization.CultureInfo.InvariantCulture, fix, name, x)));
                }
            }
        }

        void Remark(string what, params string[] path) => RemarkTexts(what, Text(first, path), Text(again, path));

        void RemarkTexts(string what, string? a, string? b)
        {
            if (a != b)
            {
                remarks.Add(new Difference(DifferenceKind.Environment, what, a, b, ""));
            }
        }
    }

    private static Dictionary<string, string> List(JsonNode? node)
    {
        var packages = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var package in node is JsonArray array ? array.OfType<JsonObject>() : [])
        {
            if (package["name"]?.ToString() is { } name)
            {
                packages[name] = package["version"]?.ToString() ?? "";
            }
        }

        return packages;
    }

    private static string Gpus(JsonObject environment) => environment["gpus"] is JsonArray gpus ? string.Join(", ", gpus.OfType<JsonObject>().Select(g => g["name"]?.ToString())) : "";

    // ".NET 10.0.12" and "3.11.7" up to the second number.
    private static string? Minor(string? version) => version is null ? null : string.Join('.', version.Split('.').Where(p => p.Length > 0).Take(2));

    private static string? Text(JsonObject environment, params string[] path)
    {
        JsonNode? node = environment;
        foreach (var part in path)
        {
            node = (node as JsonObject)?[part];
        }

        return node is JsonValue value ? value.ToString() : null;
    }
}
