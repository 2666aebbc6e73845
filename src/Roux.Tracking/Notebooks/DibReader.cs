using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Notebooks;

/// <summary>Reads <c>.dib</c>, the text format of Polyglot Notebooks: lines such as <c>#!csharp</c> begin a cell.</summary>
internal static class DibReader
{
    private static readonly Dictionary<string, string> Kernels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csharp"] = "csharp", ["c#"] = "csharp", ["cs"] = "csharp", ["fsharp"] = "fsharp", ["f#"] = "fsharp", ["fs"] = "fsharp", ["pwsh"] = "pwsh", ["powershell"] = "pwsh", ["javascript"] = "javascript", ["js"] = "javascript",
        ["html"] = "html", ["sql"] = "sql", ["kql"] = "kql", ["mermaid"] = "mermaid", ["http"] = "http", ["value"] = "value", ["python"] = "python", ["r"] = "r", ["markdown"] = "markdown", ["md"] = "markdown", ["raw"] = "raw",
    };

    /// <summary>Reads a document.</summary>
    /// <exception cref="TrackingException">Its settings are no JSON, or it has too many cells.</exception>
    public static Notebook Parse(string text, string name)
    {
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        var (start, meta) = Settings(lines, name);
        var language = Notebook.Text(meta, "kernelInfo", "defaultKernelName") ?? "csharp";
        var known = new Dictionary<string, string>(Kernels, StringComparer.OrdinalIgnoreCase);
        foreach (var item in (meta["kernelInfo"] as JsonObject)?["items"] as JsonArray ?? [])
        {
            if (Notebook.Text(item, "name") is { Length: > 0 } kernel)
            {
                known.TryAdd(kernel, kernel);
            }
        }

        var cells = new List<NotebookCell>();
        var current = language;
        var body = new List<string>();
        foreach (var line in lines.Skip(start))
        {
            if (line.StartsWith("#!", StringComparison.Ordinal) && known.TryGetValue(line[2..].Trim(), out var next))
            {
                Close();
                current = next;
                continue;
            }

            body.Add(line);
        }

        Close();
        return new Notebook
        {
            Cells = cells.Count <= Notebook.MostCells ? cells : throw new TrackingException($"'{name}' has {cells.Count} cells; {Notebook.MostCells} are read at most"),
            Metadata = new JsonObject { ["kernelspec"] = new JsonObject { ["display_name"] = $".NET ({language})", ["language"] = language, ["name"] = $".net-{language}" } },
        };

        void Close()
        {
            var source = string.Join('\n', body).Trim('\n');
            body.Clear();
            if (source.Length > 0)
            {
                var kind = current switch { "markdown" => CellKind.Markdown, "raw" => CellKind.Raw, _ => CellKind.Code };
                var other = kind == CellKind.Code && current != language ? current : null;
                cells.Add(new NotebookCell(kind, source)
                {
                    Language = other,
                    Metadata = other is null ? [] : new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = other } },
                });
            }
        }
    }

    // "#!meta" at the top, then a JSON object up to the first cell.
    private static (int Start, JsonObject Meta) Settings(string[] lines, string name)
    {
        var first = Array.FindIndex(lines, l => l.Trim().Length > 0);
        if (first < 0 || lines[first].Trim() != "#!meta")
        {
            return (0, []);
        }

        var end = Array.FindIndex(lines, first + 1, l => l.StartsWith("#!", StringComparison.Ordinal));
        end = end < 0 ? lines.Length : end;
        try
        {
            return (end, JsonNode.Parse(string.Join('\n', lines[(first + 1)..end])) as JsonObject ?? []);
        }
        catch (JsonException error)
        {
            throw new TrackingException($"'{name}': the settings under #!meta are not JSON: {error.Message}", error);
        }
    }
}
