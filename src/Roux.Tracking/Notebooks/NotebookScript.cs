using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Tracking.Capture.Lineage;

namespace Roux.Tracking.Notebooks;

/// <summary>
/// A notebook as a script and back: the percent format of Jupytext (<c># %%</c>, in C# <c>// %%</c>), which editors run cell by cell and git compares line by line.
/// Sources, types, ids and settings of cells and of the notebook come back as they were; results are not in a script and are taken from the notebook that it is paired with.
/// </summary>
public static class NotebookScript
{
    private const string Fence = "---";

    /// <summary>Ending of the script of a notebook, such as <c>.py</c>.</summary>
    /// <exception cref="TrackingException">Its language has no such scripts.</exception>
    public static string ExtensionOf(Notebook notebook) => Dialect(notebook).Extension;

    /// <summary>Whether a file can be one side of a pair by its ending.</summary>
    public static bool IsScript(string path) => ScriptDialect.OfFile(path) is not null;

    /// <summary>The script of a notebook.</summary>
    /// <exception cref="TrackingException">Its language has no such scripts.</exception>
    public static string Write(Notebook notebook)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var dialect = Dialect(notebook);
        var text = new StringBuilder();
        if (dialect.HasDirectives && FileDirectives.Of(notebook) is { Count: > 0 } directives)
        {
            text.AppendJoin('\n', directives).Append("\n\n");
        }

        WriteSettings(text, notebook, dialect);
        for (var i = 0; i < notebook.Cells.Count; i++)
        {
            var cell = notebook.Cells[i];
            var foreign = cell.Kind == CellKind.Code && cell.Language is { } language && language != notebook.Language;
            text.Append(dialect.Head(new CellHead(cell.Kind, cell.Id, foreign ? cell.Language : null, cell.Metadata).Write())).Append('\n');
            if (cell.Source.Length > 0)
            {
                foreach (var line in cell.Source.Split('\n'))
                {
                    text.Append(cell.Kind == CellKind.Code && !foreign ? dialect.Code(line) : dialect.Text(line)).Append('\n');
                }
            }

            text.Append(i < notebook.Cells.Count - 1 ? "\n" : "");
        }

        return text.ToString();
    }

    /// <summary>The notebook of a script.</summary>
    /// <param name="script">Text; one without heads of cells becomes a single cell.</param>
    /// <param name="path">Of the script: its ending says the language.</param>
    /// <param name="before">The notebook that it is paired with: cells of the same id, or of the same source, keep their results and embedded files; null for none.</param>
    /// <exception cref="TrackingException">The ending is not known, or the settings at the top cannot be read.</exception>
    public static Notebook Read(string script, string path, Notebook? before = null)
    {
        ArgumentNullException.ThrowIfNull(script);
        var dialect = ScriptDialect.OfFile(path) ?? throw new TrackingException($"'{path}': no script that a notebook can be made of; known are .py, .cs, .fs, .r and .jl");
        var text = script.TrimStart('\uFEFF');
        if (text.Contains("\r\n", StringComparison.Ordinal) && text.Count(c => c == '\n') == text.Split("\r\n").Length - 1)
        {
            text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        }

        var lines = text.Split('\n').ToList();
        if (lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        var (directives, top) = dialect.HasDirectives ? FileDirectives.Read(lines) : ([], 0);
        lines.RemoveRange(0, top);
        var (start, settings) = ReadSettings(lines, dialect, path);
        var minor = settings?["nbformat_minor"] is JsonValue number && number.TryGetValue(out long given) ? (int)given : before?.Minor ?? 5;
        settings?.Remove("nbformat_minor");
        var cells = new Pairing(before, minor).Merge(ReadCells(lines, start, dialect));
        var metadata = settings ?? before?.Metadata.DeepClone() as JsonObject ?? Kernel(dialect);
        metadata.Remove(FileDirectives.Key);
        if (FileDirectives.Extra(directives, cells) is { Count: > 0 } extra)
        {
            metadata[FileDirectives.Key] = new JsonArray([.. extra.Select(l => (JsonNode)l)]);
        }

        return new Notebook { Cells = cells, Minor = minor, Metadata = metadata };
    }

    private static ScriptDialect Dialect(Notebook notebook) => ScriptDialect.OfLanguage(notebook.Language)
        ?? throw new TrackingException($"a notebook in '{notebook.Language}' has no script form; known languages are {ScriptDialect.Languages}");

    private static JsonObject Kernel(ScriptDialect dialect) => new()
    {
        ["kernelspec"] = dialect.Language switch
        {
            "python" => new JsonObject { ["display_name"] = "Python 3", ["language"] = "python", ["name"] = "python3" },
            "csharp" or "fsharp" => new JsonObject { ["display_name"] = $".NET ({(dialect.Language == "csharp" ? "C#" : "F#")})", ["language"] = dialect.Language, ["name"] = ".net-" + dialect.Language },
            _ => new JsonObject { ["display_name"] = dialect.Language, ["language"] = dialect.Language, ["name"] = dialect.Language },
        },
    };

    // YAML in comments, as Jupytext has it; each value is JSON in one line, which is YAML as well.
    private static void WriteSettings(StringBuilder text, Notebook notebook, ScriptDialect dialect)
    {
        text.Append(dialect.Comment).Append(Fence).Append('\n').Append(dialect.Comment).Append("jupyter:\n");
        foreach (var (key, value) in notebook.Metadata.Where(p => !(dialect.HasDirectives && p.Key == FileDirectives.Key)).Append(KeyValuePair.Create("nbformat_minor", (JsonNode?)JsonValue.Create(notebook.Minor))))
        {
            var plain = key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? key : NotebookJson.OneLine(JsonValue.Create(key));
            text.Append(dialect.Comment).Append("  ").Append(plain).Append(": ").Append(NotebookJson.OneLine(value)).Append('\n');
        }

        text.Append(dialect.Comment).Append(Fence).Append("\n\n");
    }

    private static (int Start, JsonObject? Settings) ReadSettings(List<string> lines, ScriptDialect dialect, string path)
    {
        var first = lines.FindIndex(l => l.Trim().Length > 0);
        if (first < 0 || lines[first].TrimEnd() != dialect.Comment + Fence)
        {
            return (0, null);
        }

        var last = lines.FindIndex(first + 1, l => l.TrimEnd() == dialect.Comment + Fence);
        if (last < 0)
        {
            throw new TrackingException($"'{path}': the settings at the top are not closed; a line '{dialect.Comment}{Fence}' ends them");
        }

        try
        {
            var yaml = string.Join('\n', lines.Skip(first + 1).Take(last - first - 1).Select(dialect.TextBack));
            var after = last + 1 < lines.Count && lines[last + 1].Length == 0 ? last + 2 : last + 1;
            return (after, (YamlSubset.Parse(yaml, typed: true) as JsonObject)?["jupyter"]?.DeepClone() as JsonObject);
        }
        catch (FormatException error)
        {
            throw new TrackingException($"'{path}': the settings at the top could not be read: {error.Message}", error);
        }
    }

    private static List<NotebookCell> ReadCells(List<string> lines, int start, ScriptDialect dialect)
    {
        var cells = new List<NotebookCell>();
        CellHead? head = null;
        var body = new List<string>();
        for (var i = start; i < lines.Count; i++)
        {
            if (dialect.CellHead(lines[i]) is { } text)
            {
                // The empty line before a head belongs to neither cell.
                Close(last: false);
                head = CellHead.Parse(text);
            }
            else
            {
                body.Add(lines[i]);
            }
        }

        Close(last: true);
        return cells;

        void Close(bool last)
        {
            if (!last && body.Count > 0 && body[^1].Length == 0)
            {
                body.RemoveAt(body.Count - 1);
            }

            if (head is not null || body.Any(l => !string.IsNullOrWhiteSpace(l)))
            {
                var from = head ?? new CellHead(CellKind.Code, null, null, []);
                var code = from.Kind == CellKind.Code && from.Language is null;
                cells.Add(new NotebookCell(from.Kind, string.Join('\n', body.Select(l => code ? dialect.CodeBack(l) : dialect.TextBack(l)))) { Id = from.Id, Language = from.Language, Metadata = from.Metadata });
            }

            body.Clear();
        }
    }

    /// <summary>Gives cells of a script what only the notebook before it had.</summary>
    private sealed class Pairing(Notebook? before, int minor)
    {
        private readonly HashSet<int> _used = [];
        private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

        public List<NotebookCell> Merge(List<NotebookCell> cells)
        {
            var merged = new List<NotebookCell>(cells.Count);
            for (var i = 0; i < cells.Count; i++)
            {
                var cell = cells[i];
                if (Find(cell) is { } old)
                {
                    var same = old.Source == cell.Source && old.Kind == cell.Kind;
                    cell = cell with
                    {
                        Id = cell.Id ?? old.Id, Attachments = cell.Kind == CellKind.Code ? null : old.Attachments, Outputs = same ? old.Outputs : [], ExecutionCount = same ? old.ExecutionCount : null,
                    };
                }

                merged.Add(minor < 5 ? cell with { Id = null } : cell with { Id = Unique(cell.Id, i, cell.Source) });
            }

            return merged;
        }

        private NotebookCell? Find(NotebookCell cell)
        {
            for (var i = 0; i < (before?.Cells.Count ?? 0); i++)
            {
                var old = before!.Cells[i];
                if (!_used.Contains(i) && (cell.Id is not null && old.Id is not null ? cell.Id == old.Id : cell.Kind == old.Kind && cell.Source == old.Source))
                {
                    _used.Add(i);
                    return old;
                }
            }

            return null;
        }

        // A copied cell keeps its head, and with it the id of the first; ids made up come from place and text, so that doing it again gives the same.
        private string Unique(string? id, int index, string source)
        {
            for (var attempt = 0; ; attempt++)
            {
                var candidate = attempt == 0 && id is not null ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{index}:{attempt}:{source}"))))[..8];
                if (_ids.Add(candidate))
                {
                    return candidate;
                }
            }
        }
    }
}
