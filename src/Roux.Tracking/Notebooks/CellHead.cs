using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Notebooks;

/// <summary>What stands behind <c>%%</c> at the head of a cell: a title, the type in brackets, and settings as <c>key=JSON</c>, as Jupytext's percent format has them.</summary>
/// <param name="Kind">Type of the cell.</param>
/// <param name="Id">Its id, or null.</param>
/// <param name="Language">Its language where it is not the script's, or null.</param>
/// <param name="Metadata">Its settings.</param>
internal sealed record CellHead(CellKind Kind, string? Id, string? Language, JsonObject Metadata)
{
    // Keys that mean something else at the head of a cell.
    private static readonly string[] Reserved = ["id", "language", "metadata", "title"];

    /// <summary>The text behind <c>%%</c>.</summary>
    public string Write()
    {
        var text = new StringBuilder(Kind switch { CellKind.Markdown => "[markdown]", CellKind.Raw => "[raw]", _ => "" });
        Add("id", Id);
        Add("language", Language);
        if (Metadata.All(p => IsKey(p.Key) && !Reserved.Contains(p.Key)))
        {
            foreach (var (key, value) in Metadata)
            {
                AddNode(key, value);
            }
        }
        else
        {
            AddNode("metadata", Metadata);
        }

        return text.ToString();

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                AddNode(key, JsonValue.Create(value));
            }
        }

        void AddNode(string key, JsonNode? value) => text.Append(text.Length == 0 ? "" : " ").Append(key).Append('=').Append(NotebookJson.OneLine(value));
    }

    /// <summary>Reads the text behind <c>%%</c>; what it does not understand is taken for a title.</summary>
    public static CellHead Parse(string text)
    {
        var kind = CellKind.Code;
        var title = new StringBuilder();
        var settings = new JsonObject();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == ' ')
            {
                at++;
            }
            else if (Type(text, at) is { } type && settings.Count == 0)
            {
                kind = type.Kind;
                at += type.Length;
            }
            else if (Setting(text, at) is { } setting)
            {
                settings[setting.Key] = setting.Value;
                at = setting.End;
            }
            else
            {
                var end = text.IndexOf(' ', at);
                end = end < 0 ? text.Length : end;
                title.Append(title.Length == 0 ? "" : " ").Append(text.AsSpan(at, end - at));
                at = end;
            }
        }

        var (id, language) = (Take("id"), Take("language"));
        var metadata = settings["metadata"] is JsonObject whole && settings.Remove("metadata") ? whole : settings;
        if (title.Length > 0)
        {
            metadata["title"] = title.ToString();
        }

        return new CellHead(kind, id, language, metadata);

        string? Take(string key) => settings[key] is JsonValue value && value.TryGetValue(out string? word) && settings.Remove(key) ? word : null;
    }

    private static (CellKind Kind, int Length)? Type(string text, int at)
    {
        return Is("[markdown]") ? (CellKind.Markdown, 10) : Is("[md]") ? (CellKind.Markdown, 4) : Is("[raw]") ? (CellKind.Raw, 5) : Is("[code]") ? (CellKind.Code, 6) : null;

        bool Is(string word) => text.AsSpan(at).StartsWith(word, StringComparison.OrdinalIgnoreCase);
    }

    private static (string Key, JsonNode? Value, int End)? Setting(string text, int at)
    {
        var equals = at;
        while (equals < text.Length && (char.IsAsciiLetterOrDigit(text[equals]) || text[equals] is '_' or '-' or '.'))
        {
            equals++;
        }

        if (equals == at || equals >= text.Length || text[equals] != '=' || !IsKey(text[at..equals]))
        {
            return null;
        }

        try
        {
            var bytes = Encoding.UTF8.GetBytes(text[(equals + 1)..]);
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 64, AllowMultipleValues = true });
            var value = JsonNode.Parse(ref reader);
            return (text[at..equals], value, equals + 1 + Encoding.UTF8.GetCharCount(bytes, 0, (int)reader.BytesConsumed));
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsKey(string key) => key.Length > 0 && (char.IsAsciiLetter(key[0]) || key[0] == '_') && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
