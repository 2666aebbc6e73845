using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Notebooks;

/// <summary>A notebook: Jupyter's <c>.ipynb</c> of nbformat 4, or a Polyglot <c>.dib</c>. Reading one runs nothing.</summary>
public sealed class Notebook
{
    /// <summary>Bytes of a file that is still read.</summary>
    public const long LargestFile = 128L << 20;

    /// <summary>Cells of a notebook at most.</summary>
    public const int MostCells = 50_000;

    private const int Deepest = 100;

    /// <summary>Cells from top to bottom.</summary>
    public required IReadOnlyList<NotebookCell> Cells { get; init; }

    /// <summary>Settings of the notebook: kernel, language, ….</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Minor version of nbformat 4: from 5 on, cells have ids.</summary>
    public int Minor { get; init; } = 5;

    /// <summary>Language of its code, lower case: that of the kernel; <c>python</c> where nothing says.</summary>
    public string Language => (Text(Metadata, "language_info", "name") ?? Text(Metadata, "kernelspec", "language")) switch
    {
        null => Text(Metadata, "kernelspec", "name") is { } name && name.Contains("csharp", StringComparison.OrdinalIgnoreCase) ? "csharp" : "python",
        "C#" => "csharp",
        "F#" => "fsharp",
        var other => other.ToLowerInvariant(),
    };

    /// <summary>The same notebook with other cells.</summary>
    public Notebook With(IReadOnlyList<NotebookCell> cells) => new() { Cells = cells, Metadata = Metadata, Minor = Minor };

    /// <summary>Whether a path is that of a notebook, by its ending.</summary>
    public static bool IsNotebook(string path) => path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".dib", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a file.</summary>
    /// <exception cref="TrackingException">It is missing, too large, no JSON, no notebook, or of another version; the message says which and what to do.</exception>
    public static Notebook Load(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new TrackingException($"'{path}': no such notebook");
            }

            if (file.Length > LargestFile)
            {
                throw new TrackingException($"'{path}' is larger than {LargestFile >> 20} MiB; clear its outputs first");
            }

            var bytes = File.ReadAllBytes(path);
            return path.EndsWith(".dib", StringComparison.OrdinalIgnoreCase) ? DibReader.Parse(Encoding.UTF8.GetString(bytes), path) : Parse(bytes, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrackingException($"'{path}' could not be read: {error.Message}", error);
        }
    }

    /// <summary>Reads an <c>.ipynb</c> document.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="TrackingException">It is no notebook of nbformat 4.</exception>
    public static Notebook Parse(ReadOnlySpan<byte> json, string name)
    {
        if (json.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        JsonObject root;
        try
        {
            root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = Deepest, AllowDuplicateProperties = false }) as JsonObject
                ?? throw new TrackingException($"'{name}' is JSON but no notebook: its top is not an object");
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            var place = error is JsonException { LineNumber: { } line } ? $" (line {line + 1}, byte {((JsonException)error).BytePositionInLine + 1})" : "";
            throw new TrackingException($"'{name}' is not JSON, so no notebook{place}: {Reason(json, error)}", error);
        }

        try
        {
            return Read(root, name);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new TrackingException($"'{name}' is JSON but no notebook of nbformat 4: {error.Message}", error);
        }
    }

    private static Notebook Read(JsonObject root, string name)
    {
        var version = root["nbformat"] is JsonValue value && value.TryGetValue(out int major) ? major
            : throw new TrackingException($"'{name}' is JSON but no notebook: it has no number 'nbformat'");
        if (version != 4)
        {
            throw new TrackingException($"'{name}' is a notebook of nbformat {version}; version 4 is read. Convert it with: jupyter nbconvert --to notebook --nbformat 4 '{name}'");
        }

        var cells = root["cells"] as JsonArray ?? throw new TrackingException($"'{name}' is JSON but no notebook: it has no list 'cells'");
        if (cells.Count > MostCells)
        {
            throw new TrackingException($"'{name}' has {cells.Count} cells; {MostCells} are read at most");
        }

        return new Notebook
        {
            Cells = [.. cells.Select((c, i) => Cell(c as JsonObject ?? throw new TrackingException($"'{name}': cell {i + 1} is not an object"), i, name))],
            Metadata = root["metadata"]?.DeepClone() as JsonObject ?? [],
            Minor = root["nbformat_minor"] is JsonValue minor && minor.TryGetValue(out int number) ? number : 0,
        };
    }

    private static NotebookCell Cell(JsonObject cell, int index, string name)
    {
        var kind = cell["cell_type"] is JsonValue type && type.TryGetValue(out string? word) ? word : null;
        var source = cell["source"] switch
        {
            JsonArray lines => string.Concat(lines.Select(l => (string?)l)),
            JsonValue text when text.TryGetValue(out string? whole) => whole,
            null => "",
            _ => throw new TrackingException($"'{name}': the source of cell {index + 1} is no text"),
        };
        var metadata = cell["metadata"]?.DeepClone() as JsonObject ?? [];
        return new NotebookCell(kind switch
        {
            "code" => CellKind.Code,
            "markdown" => CellKind.Markdown,
            "raw" => CellKind.Raw,
            _ => throw new TrackingException($"'{name}': cell {index + 1} is of type '{kind}'; known are code, markdown and raw"),
        }, source)
        {
            Id = cell["id"] is JsonValue id && id.TryGetValue(out string? own) ? own : null,
            ExecutionCount = cell["execution_count"] is JsonValue count && count.TryGetValue(out long number) ? number : null,
            Language = Text(metadata, "polyglot_notebook", "kernelName") ?? Text(metadata, "dotnet_interactive", "language") ?? Text(metadata, "vscode", "languageId"),
            Metadata = metadata,
            Outputs = cell["outputs"]?.DeepClone() as JsonArray ?? [],
            Attachments = cell["attachments"]?.DeepClone() as JsonObject,
        };
    }

    /// <summary>A text inside objects; null where there is none.</summary>
    internal static string? Text(JsonNode? node, params string[] path)
    {
        foreach (var part in path)
        {
            node = node is JsonObject parent ? parent[part] : null;
        }

        return node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
    }

    private static string Reason(ReadOnlySpan<byte> json, Exception error)
    {
        var start = Encoding.UTF8.GetString(json[..Math.Min(json.Length, 200)]).TrimStart();
        return start.Length == 0 ? "it is empty"
            : start.StartsWith("<<<<<<<", StringComparison.Ordinal) || json.IndexOf("\n<<<<<<< "u8) >= 0 ? "it holds the marks of a merge conflict"
            : start.StartsWith('<') ? "it looks like a web page"
            : start.StartsWith("version https://git-lfs", StringComparison.Ordinal) ? "it is a pointer of Git LFS; run: git lfs pull"
            : error.Message.Split(". ")[0].ReplaceLineEndings(" ");
    }
}
