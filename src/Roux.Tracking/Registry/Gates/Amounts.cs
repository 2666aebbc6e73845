using System.Globalization;
using Roux.Tracking.Service;

namespace Roux.Tracking.Registry;

/// <summary>Times and sizes as people write them in rules.</summary>
internal static class Amounts
{
    private static readonly Dictionary<string, double> Seconds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["us"] = 1e-6, ["µs"] = 1e-6, ["ms"] = 1e-3, ["s"] = 1, ["m"] = 60, ["min"] = 60, ["h"] = 3600, ["d"] = 86_400,
    };

    private static readonly Dictionary<string, double> Bytes = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = 1, ["b"] = 1, ["kb"] = 1e3, ["mb"] = 1e6, ["gb"] = 1e9, ["kib"] = 1 << 10, ["mib"] = 1 << 20, ["gib"] = 1 << 30,
    };

    public static TimeSpan Time(string text, string source) => TimeSpan.FromSeconds(Math.Min(Of(text, Seconds, source, "5ms, 2s or 7d"), 1e9));

    /// <summary>Microseconds.</summary>
    public static double Microseconds(string text, string source) => Of(text, Seconds, source, "250us, 5ms or 0.2s") * 1e6;

    public static long Size(string text, string source) => (long)Math.Min(Of(text, Bytes, source, "500 kB, 20 MB or 1.5 GiB"), long.MaxValue / 2.0);

    private static double Of(string text, Dictionary<string, double> units, string source, string examples)
    {
        var digits = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZµ").Length;
        return double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var number)
            && units.TryGetValue(text[digits..], out var unit) && double.IsFinite(number)
                ? number * unit
                : throw ServiceException.Invalid($"{source} '{(text.Length <= 60 ? text : text[..60] + "…")}': give it such as {examples}");
    }
}
