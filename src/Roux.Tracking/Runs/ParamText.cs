using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace Roux.Tracking.Runs;

/// <summary>The text that stands for a param's value: invariant, numbers so that they read back to the same number.</summary>
internal static class ParamText
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool truth => truth ? "true" : "false",
        Enum name => name.ToString(),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => "[" + string.Join(", ", items.Cast<object?>().Select(item => item is string text ? JsonSerializer.Serialize(text) : Of(item))) + "]",
        _ => value.ToString() ?? "",
    };
}
