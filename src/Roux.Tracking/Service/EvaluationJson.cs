using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Service;

/// <summary>The JSON inside evaluation datasets: one form for equal inputs, merging, and the schema of all records.</summary>
internal static class EvaluationJson
{
    /// <summary>SHA-256 of an object with the names of its members in order, whatever the order they came in.</summary>
    public static string Hash(JsonElement value)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            WriteOrdered(json, value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()));
    }

    /// <summary>The members of one object set over those of another.</summary>
    public static string? Merge(string? known, JsonElement? given)
    {
        if (given is not { ValueKind: JsonValueKind.Object } update)
        {
            return known;
        }

        var merged = (known is null ? null : JsonNode.Parse(known) as JsonObject) ?? [];
        foreach (var member in update.EnumerateObject())
        {
            merged[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        return merged.ToJsonString();
    }

    /// <summary>A schema with the members of a record added; the type that came first stays.</summary>
    public static JsonObject Extend(JsonObject schema, NewEvaluationRecord record)
    {
        Extend(schema, "inputs", record.Inputs);
        Extend(schema, "outputs", record.Outputs);
        Extend(schema, "expectations", record.Expectations);
        return schema;
    }

    /// <summary>A schema of no records yet.</summary>
    public static JsonObject EmptySchema() => new() { ["inputs"] = new JsonObject(), ["outputs"] = new JsonObject(), ["expectations"] = new JsonObject(), ["version"] = "1.0" };

    /// <summary>Eight hexadecimal digits that change with name and time.</summary>
    public static string Digest(string name, long time) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}:{time}"))))[..8];

    private static void Extend(JsonObject schema, string part, JsonElement? value)
    {
        if (value is { ValueKind: JsonValueKind.Object } members && schema[part] is JsonObject known)
        {
            foreach (var member in members.EnumerateObject())
            {
                known.TryAdd(member.Name, TypeOf(member.Value));
            }
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "float",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "null",
    };

    private static void WriteOrdered(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(member.Name);
                    WriteOrdered(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    WriteOrdered(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
