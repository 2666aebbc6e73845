using System.Globalization;
using System.Text.Json;

namespace Roux.Tracking.Transfer;

/// <summary>
/// Points of a series in the order logged. Its line is
/// <c>{"run_id": …, "key": …, "from": 0, "steps": […], "times": […], "values": […]}</c>; a value that is no number is a text: <c>"NaN"</c>,
/// <c>"Infinity"</c>, <c>"-Infinity"</c>, or <c>"nan:"</c> with the 16 hexadecimal digits of a NaN of other bits.
/// </summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The metric.</param>
/// <param name="From">How many points of the series come before.</param>
/// <param name="Steps">Steps.</param>
/// <param name="Times">Milliseconds since 1970.</param>
/// <param name="Values">Values.</param>
internal sealed record MetricItem(string RunId, string Key, long From, long[] Steps, long[] Times, double[] Values)
{
    private const string OtherNaN = "nan:";

    private static readonly long UsualNaN = BitConverter.DoubleToInt64Bits(double.NaN);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("run_id"u8, RunId);
        json.WriteString("key"u8, Key);
        json.WriteNumber("from"u8, From);
        WriteWhole(json, "steps"u8, Steps);
        WriteWhole(json, "times"u8, Times);
        json.WriteStartArray("values"u8);
        foreach (var value in Values)
        {
            if (double.IsFinite(value))
            {
                json.WriteNumberValue(value);
            }
            else
            {
                json.WriteStringValue(TextOf(value));
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <exception cref="FormatException">It is no such line.</exception>
    public static MetricItem Parse(JsonElement line)
    {
        var item = new MetricItem(
            line.GetProperty("run_id").GetString()!, line.GetProperty("key").GetString()!, line.GetProperty("from").GetInt64(),
            Whole(line.GetProperty("steps")), Whole(line.GetProperty("times")), [.. line.GetProperty("values").EnumerateArray().Select(ValueOf)]);
        return item.Steps.Length == item.Values.Length && item.Times.Length == item.Values.Length && item.Values.Length > 0 && item.From >= 0
            ? item
            : throw new FormatException("steps, times and values are not of equal length, or empty");
    }

    private static string TextOf(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        return double.IsPositiveInfinity(value) ? "Infinity"
            : double.IsNegativeInfinity(value) ? "-Infinity"
            : bits == UsualNaN ? "NaN"
            : OtherNaN + bits.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static double ValueOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.GetDouble();
        }

        var text = value.GetString();
        return text switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ when text is not null && text.StartsWith(OtherNaN, StringComparison.Ordinal)
                && long.TryParse(text.AsSpan(OtherNaN.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
                && double.IsNaN(BitConverter.Int64BitsToDouble(bits)) => BitConverter.Int64BitsToDouble(bits),
            _ => throw new FormatException($"'{text}' is no value"),
        };
    }

    private static long[] Whole(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt64())];

    private static void WriteWhole(Utf8JsonWriter json, ReadOnlySpan<byte> name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
