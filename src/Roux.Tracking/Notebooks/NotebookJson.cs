using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Notebooks;

/// <summary>Writes notebooks just as nbformat does (keys sorted, indented by one space, letters as they are), so that a rewritten file differs from the old one only where its content does.</summary>
public static class NotebookJson
{
    /// <summary>The document of a notebook.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="outputs">Whether results and execution numbers are kept.</param>
    public static string Write(Notebook notebook, bool outputs = true)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var cells = new JsonArray();
        foreach (var cell in notebook.Cells)
        {
            var json = new JsonObject { ["cell_type"] = cell.Kind.ToString().ToLowerInvariant(), ["metadata"] = cell.Metadata.DeepClone(), ["source"] = Lines(cell.Source) };
            if (cell.Id is { } id && notebook.Minor >= 5)
            {
                json["id"] = id;
            }

            if (cell.Attachments is { } attachments)
            {
                json["attachments"] = attachments.DeepClone();
            }

            if (cell.Kind == CellKind.Code)
            {
                json["execution_count"] = outputs ? cell.ExecutionCount : null;
                json["outputs"] = outputs ? cell.Outputs.DeepClone() : new JsonArray();
            }

            cells.Add(json);
        }

        var root = new JsonObject { ["cells"] = cells, ["metadata"] = notebook.Metadata.DeepClone(), ["nbformat"] = 4, ["nbformat_minor"] = notebook.Minor };
        var text = new StringBuilder();
        Append(text, root, 0);
        return text.Append('\n').ToString();
    }

    /// <summary>A value in one line, as Python's <c>json.dumps</c> spaces it.</summary>
    internal static string OneLine(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node, -1);
        return text.ToString();
    }

    // nbformat keeps a source line by line, each with its end.
    private static JsonArray Lines(string source)
    {
        var lines = new JsonArray();
        for (var at = 0; at < source.Length;)
        {
            var end = source.IndexOf('\n', at);
            end = end < 0 ? source.Length : end + 1;
            lines.Add(source[at..end]);
            at = end;
        }

        return lines;
    }

    // A negative indent writes everything in one line.
    private static void Append(StringBuilder text, JsonNode? node, int indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('{');
                AppendItems(text, map.OrderBy(p => p.Key, StringComparer.Ordinal), indent, pair =>
                {
                    AppendString(text, pair.Key);
                    text.Append(": ");
                    Append(text, pair.Value, indent < 0 ? indent : indent + 1);
                });
                text.Append('}');
                break;
            case JsonObject:
                text.Append("{}");
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('[');
                AppendItems(text, list, indent, item => Append(text, item, indent < 0 ? indent : indent + 1));
                text.Append(']');
                break;
            case JsonArray:
                text.Append("[]");
                break;
            case JsonValue value when value.TryGetValue(out string? words):
                AppendString(text, words);
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static void AppendItems<T>(StringBuilder text, IEnumerable<T> items, int indent, Action<T> append)
    {
        var first = true;
        foreach (var item in items)
        {
            text.Append(first ? "" : indent < 0 ? ", " : ",");
            first = false;
            NewLine(text, indent < 0 ? indent : indent + 1);
            append(item);
        }

        NewLine(text, indent);
    }

    private static void NewLine(StringBuilder text, int indent)
    {
        if (indent >= 0)
        {
            text.Append('\n').Append(' ', indent);
        }
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
