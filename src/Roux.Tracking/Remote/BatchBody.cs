using System.Buffers;
using System.Text.Json;

namespace Roux.Tracking.Remote;

/// <summary>The JSON of <c>runs/log-batch</c>.</summary>
internal static class BatchBody
{
    /// <summary>Most things in a batch, of which most may be points.</summary>
    public const int Most = 1000;

    /// <summary>Most params in a batch, and most tags.</summary>
    public const int MostTexts = 100;

    /// <summary>Longest value of a param or tag that every server takes.</summary>
    public const int LongestParam = 6000;

    /// <summary>Longest value of a tag that every server takes.</summary>
    public const int LongestTag = 5000;

    private static readonly JsonEncodedText Key = JsonEncodedText.Encode("key");
    private static readonly JsonEncodedText Value = JsonEncodedText.Encode("value");
    private static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText Step = JsonEncodedText.Encode("step");

    public static ReadOnlyMemory<byte> Write(string runId, ReadOnlySpan<BatchItem> items, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("run_id", runId);
            WriteList(json, "metrics", ItemKind.Metric, items);
            WriteList(json, "params", ItemKind.Param, items);
            WriteList(json, "tags", ItemKind.Tag, items);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>A value as it is sent: cut where it is longer than servers take; the whole of it goes along as an artifact.</summary>
    public static string Sent(ItemKind kind, string text)
    {
        var most = kind == ItemKind.Param ? LongestParam : LongestTag;
        return text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1), "…");
    }

    private static void WriteList(Utf8JsonWriter json, string name, ItemKind kind, ReadOnlySpan<BatchItem> items)
    {
        var any = false;
        foreach (ref readonly var item in items)
        {
            if (item.Kind != kind)
            {
                continue;
            }

            if (!any)
            {
                json.WriteStartArray(name);
                any = true;
            }

            json.WriteStartObject();
            json.WriteString(Key, item.Key);
            if (kind == ItemKind.Metric)
            {
                WritePoint(json, item);
            }
            else
            {
                json.WriteString(Value, Sent(kind, item.Text));
            }

            json.WriteEndObject();
        }

        if (any)
        {
            json.WriteEndArray();
        }
    }

    private static void WritePoint(Utf8JsonWriter json, in BatchItem point)
    {
        // Protobuf's JSON, which MLflow reads by, has these as texts.
        if (double.IsFinite(point.Value))
        {
            json.WriteNumber(Value, point.Value);
        }
        else
        {
            json.WriteString(Value, double.IsNaN(point.Value) ? "NaN" : point.Value > 0 ? "Infinity" : "-Infinity");
        }

        json.WriteNumber(Timestamp, point.Time);
        json.WriteNumber(Step, point.Step);
    }
}
