using System.Globalization;
using System.Text.Json;

namespace Roux.Tracking.Remote;

/// <summary>Reads fields of answers that may be missing, null, or of another type than they should be. Numbers may come as texts, as protobuf writes them.</summary>
internal static class RemoteJson
{
    /// <summary>The object of a name; an empty value where there is none.</summary>
    public static JsonElement Part(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var part) ? part : default;

    /// <summary>The items of a list; none where there is no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Part(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>A text; empty where there is none.</summary>
    public static string Text(this JsonElement element, string name) => element.Part(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => "",
    };

    /// <summary>A whole number; null where there is none.</summary>
    public static long? Whole(this JsonElement element, string name) => element.Part(name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var whole) => whole,
        { ValueKind: JsonValueKind.String } text when long.TryParse(text.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) => whole,
        _ => null,
    };

    /// <summary>A number; NaN where there is none.</summary>
    public static double Real(this JsonElement element, string name) => element.Part(name) switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        { ValueKind: JsonValueKind.String } text => text.GetString() switch
        {
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var digits => double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : double.NaN,
        },
        _ => double.NaN,
    };

    /// <summary>A time in milliseconds since 1970; null where there is none.</summary>
    public static DateTimeOffset? Moment(this JsonElement element, string name) =>
        element.Whole(name) is { } milliseconds and > 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    /// <summary>Keys and values of a list of pairs, the last of a key standing.</summary>
    public static Dictionary<string, string> Pairs(this JsonElement element, string name)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in element.Items(name))
        {
            pairs[pair.Text("key")] = pair.Text("value");
        }

        return pairs;
    }
}
