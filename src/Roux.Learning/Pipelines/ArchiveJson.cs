using System.Text.Json.Nodes;

namespace Roux.Learning.Pipelines;

/// <summary>Reads fields of untrusted JSON; whatever is not as it should be becomes an <see cref="InvalidDataException"/> that names the field.</summary>
internal static class ArchiveJson
{
    /// <summary>The node as an object.</summary>
    public static JsonObject AsObjectOf(this JsonNode? node, string what) =>
        node as JsonObject ?? throw new InvalidDataException($"{what} is not a JSON object");

    /// <summary>A field, which must be there.</summary>
    public static JsonNode Field(this JsonNode node, string name)
    {
        try
        {
            return node.AsObjectOf($"what holds '{name}'")[name] ?? throw new InvalidDataException($"field '{name}' is missing");
        }
        catch (ArgumentException e) // a name that occurs twice shows on first access
        {
            throw new InvalidDataException($"the object that holds '{name}' names a field twice", e);
        }
    }

    /// <summary>Whether a field is there and not null.</summary>
    public static bool HasField(this JsonNode node, string name) => node is JsonObject found && found.TryGetPropertyValue(name, out var value) && value is not null;

    /// <summary>A whole number within bounds.</summary>
    public static int Int(this JsonNode node, string name, int low = 0, int high = int.MaxValue) =>
        node.Field(name) is JsonValue value && value.TryGetValue(out int number) && number >= low && number <= high ? number
            : throw new InvalidDataException($"field '{name}' is not a whole number from {low} to {high}");

    /// <summary>A finite number.</summary>
    public static double Double(this JsonNode node, string name) =>
        node.Field(name) is JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number) ? number
            : throw new InvalidDataException($"field '{name}' is not a finite number");

    /// <summary>A truth value.</summary>
    public static bool Bool(this JsonNode node, string name) =>
        node.Field(name) is JsonValue value && value.TryGetValue(out bool flag) ? flag
            : throw new InvalidDataException($"field '{name}' is not true or false");

    /// <summary>A text.</summary>
    public static string Text(this JsonNode node, string name) => TextOf(node.Field(name), name);

    /// <summary>A list.</summary>
    public static JsonArray List(this JsonNode node, string name) =>
        node.Field(name) as JsonArray ?? throw new InvalidDataException($"field '{name}' is not a list");

    /// <summary>A list of texts.</summary>
    public static string[] Texts(this JsonNode node, string name) => TextsOf(node.Field(name), name);

    /// <summary>A node that must be a list of texts.</summary>
    public static string[] TextsOf(JsonNode node, string name) =>
        node is JsonArray list ? [.. list.Select(item => TextOf(item, name))] : throw new InvalidDataException($"'{name}' is not a list of texts");

    /// <summary>The name of one of an enumeration's values, or of several joined by commas where it is a set of flags.</summary>
    public static T Named<T>(this JsonNode node, string name) where T : struct, Enum
    {
        var text = node.Text(name);
        var known = Enum.TryParse<T>(text, out var value) && value.ToString() == text; // refuses plain numbers
        return known ? value : throw new InvalidDataException($"field '{name}' is '{text}', not one of {string.Join(", ", Enum.GetNames<T>())}");
    }

    /// <summary>A list of texts as JSON.</summary>
    public static JsonArray ToJson(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    /// <summary>Checks a fact about what was read.</summary>
    public static void Require(bool fact, string message)
    {
        if (!fact)
        {
            throw new InvalidDataException(message);
        }
    }

    private static string TextOf(JsonNode? node, string name) =>
        node is JsonValue value && value.TryGetValue(out string? text) && text is not null ? text
            : throw new InvalidDataException($"field '{name}' is not a text");
}
