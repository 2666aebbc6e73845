using System.Globalization;

namespace Roux.Cli;

/// <summary>Times as people write them: 90, 90s, 5m, 1.5h.</summary>
internal static class Duration
{
    public static TimeSpan Parse(string option, string text)
    {
        var trimmed = text.Trim();
        var (number, unit) = trimmed.Length > 0 && char.IsLetter(trimmed[^1]) ? (trimmed[..^1], trimmed[^1]) : (trimmed, 's');
        var seconds = unit switch { 's' => 1.0, 'm' => 60.0, 'h' => 3600.0, _ => double.NaN };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count * seconds is >= 1 and <= 30 * 86400.0
            ? TimeSpan.FromSeconds(count * seconds)
            : throw new UsageException($"{option} '{text}': a time of at least a second, such as 60s, 5m or 1h");
    }
}
