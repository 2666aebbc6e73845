using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Roux.Tracking.Service;

namespace Roux.Server.Protocol;

/// <summary>
/// The fields of a request, read as MLflow reads them: from the query of a GET, else from the JSON body; unknown ones are ignored, numbers
/// may be texts and texts numbers. A text never holds NUL, which not every database keeps.
/// </summary>
internal sealed class Fields
{
    private const int MostListed = 100_000;

    private readonly IQueryCollection? query;
    private readonly JsonElement body;

    /// <summary>Fields of a query.</summary>
    public Fields(IQueryCollection query) => this.query = query;

    /// <summary>Members of a JSON object.</summary>
    public Fields(JsonElement body) => this.body = body;

    /// <summary>The id of the run, under its new or its old name.</summary>
    public string RunId => Text("run_id") is { Length: > 0 } id ? id : Text("run_uuid") is { Length: > 0 } old ? old : throw ServiceException.Missing("run_id");

    /// <summary>A text; <c>null</c> where it is missing.</summary>
    public string? Text(string name)
    {
        if (query is not null)
        {
            return query.TryGetValue(name, out var values) && values.Count > 0 ? Sound(name, values[0] ?? "") : null;
        }

        return Member(name) is { } value ? TextOf(name, value) : null;
    }

    /// <summary>A text that must be there and not empty.</summary>
    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw ServiceException.Missing(name);

    /// <summary>A text that must be there; it may be empty.</summary>
    public string Given(string name) => Text(name) ?? throw ServiceException.Missing(name);

    /// <summary>A whole number; <c>null</c> where it is missing.</summary>
    public long? Whole(string name)
    {
        if (query is not null)
        {
            return query.TryGetValue(name, out var values) && values.Count > 0 && values[0] is { Length: > 0 } text
                ? long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid(name, text, "a whole number")
                : null;
        }

        return Member(name) is { } value ? WholeOf(name, value) : null;
    }

    /// <summary>A number that must be there, NaN and infinities as texts included.</summary>
    public double Number(string name) => Member(name) is { } value ? NumberOf(name, value) : throw ServiceException.Missing(name);

    /// <summary>Whether a flag is set.</summary>
    public bool Flag(string name)
    {
        if (query is not null)
        {
            return bool.TryParse(query[name], out var set) && set;
        }

        return Member(name) is { } value && value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when bool.TryParse(TextOf(name, value), out var set) => set,
            _ => throw Invalid(name, value.GetRawText(), "true or false"),
        };
    }

    /// <summary>A list of texts; empty where it is missing. A single text counts as a list of one.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (query is not null)
        {
            return [.. query[name].Select(text => Sound(name, text ?? ""))];
        }

        return Member(name) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } list => [.. Listed(name, list).Select(item => TextOf(name, item))],
            { } single => [TextOf(name, single)],
        };
    }

    /// <summary>A list of objects, each as fields of its own; empty where it is missing.</summary>
    public IReadOnlyList<Fields> Objects(string name) => (query is null ? Member(name) : null) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. Listed(name, list).Select(item => item.ValueKind == JsonValueKind.Object
            ? new Fields(item)
            : throw Invalid(name, item.GetRawText(), "a list of objects"))],
        { } other => throw Invalid(name, other.GetRawText(), "a list of objects"),
    };

    /// <summary>A member that is an object; <c>null</c> where it is missing.</summary>
    public Fields? Object(string name) => (query is null ? Member(name) : null) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new Fields(value),
        { } other => throw Invalid(name, other.GetRawText(), "an object"),
    };

    /// <summary>A member of any kind; <c>null</c> where it is missing.</summary>
    public JsonNode? Node(string name) => query is null && Member(name) is { } value ? JsonNode.Parse(value.GetRawText()) : null;

    /// <summary>A list of <c>{"key": …, "value": …}</c>; empty where it is missing.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(string name) =>
        [.. Objects(name).Select(pair => KeyValuePair.Create(pair.Required("key"), pair.Text("value") ?? ""))];

    /// <summary>Which of live and deleted things are asked for.</summary>
    public View View(string name) => Text(name) switch
    {
        null or "" or "ACTIVE_ONLY" => Tracking.Service.View.ActiveOnly,
        "DELETED_ONLY" => Tracking.Service.View.DeletedOnly,
        "ALL" => Tracking.Service.View.All,
        var other => throw Invalid(name, other, "one of ACTIVE_ONLY, DELETED_ONLY, ALL"),
    };

    /// <summary>How many results are asked for.</summary>
    public int MaxResults(int usual, int limit) => Limits.MaxResults(Whole("max_results") ?? usual, limit);

    /// <summary>Where a page begins.</summary>
    public long Offset => PageToken.Read(Text("page_token"));

    /// <summary>A text of a JSON value.</summary>
    internal static string TextOf(string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                try
                {
                    return Sound(name, value.GetString()!);
                }
                catch (InvalidOperationException)
                {
                    // Half of a surrogate pair: no text.
                    throw Invalid(name, "…", "text in Unicode");
                }

            case JsonValueKind.Number:
                return value.GetRawText();
            default:
                throw Invalid(name, value.GetRawText(), "a text");
        }
    }

    /// <summary>A number of a JSON value.</summary>
    internal static double NumberOf(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => Numbers.TryParse(TextOf(name, value), out var number) ? number : throw Invalid(name, value.GetRawText(), "a number"),
        _ => throw Invalid(name, value.GetRawText(), "a number"),
    };

    internal static ServiceException Invalid(string name, string given, string allowed) =>
        ServiceException.Invalid($"Invalid value {(given.Length > 100 ? given[..100] + "…" : given)} for parameter '{name}' supplied: give {allowed}. See the API docs for more information about request parameters.");

    private static string Sound(string name, string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? throw Invalid(name, "with a NUL character", "text without it") : text;

    private static long WholeOf(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.Number when value.GetDouble() is var number && number == Math.Floor(number) && Math.Abs(number) < 1L << 53 => (long)number,
        JsonValueKind.String when long.TryParse(TextOf(name, value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        JsonValueKind.String when value.GetRawText() == "\"\"" => 0,
        _ => throw Invalid(name, value.GetRawText(), "a whole number"),
    };

    private static JsonElement.ArrayEnumerator Listed(string name, JsonElement list) => list.GetArrayLength() <= MostListed
        ? list.EnumerateArray()
        : throw Invalid(name, "of many", string.Create(CultureInfo.InvariantCulture, $"at most {MostListed} items"));

    private JsonElement? Member(string name)
    {
        try
        {
            return body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException)
        {
            // A member whose name holds half of a surrogate pair.
            throw new ServiceException(ServiceError.BadRequest, "The request body is not valid JSON: a name is no text in Unicode");
        }
    }
}
