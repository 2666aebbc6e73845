using System.Text.Json.Nodes;
using Roux.Tracking.Registry;

namespace Roux.Tracking;

/// <summary>What a model takes and what it gives: read from its own files when a version is registered, and never changed after.</summary>
/// <param name="Inputs">Columns or tensors that it takes.</param>
/// <param name="Outputs">Columns or tensors that it gives.</param>
public sealed record ModelSignature(IReadOnlyList<SignatureField> Inputs, IReadOnlyList<SignatureField> Outputs)
{
    /// <summary>As JSON: <c>{"inputs": [{"name": …, "type": …, "required": true}], "outputs": […]}</c>.</summary>
    public JsonObject ToJson() => new() { ["inputs"] = Write(Inputs), ["outputs"] = Write(Outputs) };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    internal static ModelSignature Parse(string json) => StoredJson.Read(json, document => new ModelSignature(Read(document["inputs"]), Read(document["outputs"])));

    private static JsonArray Write(IReadOnlyList<SignatureField> fields) => new([.. fields.Select(field => new JsonObject
    {
        ["name"] = field.Name, ["type"] = field.Type, ["required"] = field.Required,
    })]);

    private static SignatureField[] Read(JsonNode? fields) =>
        [.. StoredJson.Need(fields).AsArray().Select(field => new SignatureField(
            StoredJson.Need(field)["name"]?.GetValue<string>(), StoredJson.Need(field!["type"]).GetValue<string>(), StoredJson.Need(field["required"]).GetValue<bool>()))];
}

/// <summary>A column or tensor of a signature.</summary>
/// <param name="Name">Its name; <c>null</c> where it has none.</param>
/// <param name="Type">Its type: for Roux models <c>Number</c>, <c>Text</c>, …; for others as they say, e.g. <c>double</c> or <c>tensor(float32, [-1, 28, 28])</c>.</param>
/// <param name="Required">Whether it must be given.</param>
public sealed record SignatureField(string? Name, string Type, bool Required = true);
