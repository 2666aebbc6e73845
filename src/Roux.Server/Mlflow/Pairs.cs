using System.Text.Json;

namespace Roux.Server.Mlflow;

/// <summary>Lists of <c>{"key": …, "value": …}</c>; empty ones are left out, as protobuf does.</summary>
internal static class Pairs
{
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var any = false;
        foreach (var (key, value) in pairs)
        {
            if (!any)
            {
                json.WriteStartArray(name);
                any = true;
            }

            json.WriteStartObject();
            json.WriteString("key"u8, key);
            json.WriteString("value"u8, value);
            json.WriteEndObject();
        }

        if (any)
        {
            json.WriteEndArray();
        }
    }
}
