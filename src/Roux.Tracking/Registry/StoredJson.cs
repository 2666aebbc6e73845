using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Registry;

/// <summary>JSON that this program wrote, and that may come back from elsewhere with an import.</summary>
internal static class StoredJson
{
    /// <summary>Reads a document.</summary>
    /// <exception cref="InvalidDataException">It is not of the form that is read.</exception>
    public static T Read<T>(string json, Func<JsonObject, T> read)
    {
        try
        {
            return read(Need(JsonNode.Parse(json)).AsObject());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("a document of the registry is not of the form that is read", exception);
        }
    }

    /// <summary>A member that must be there.</summary>
    public static JsonNode Need(JsonNode? node) => node ?? throw new FormatException("a member is missing");
}
