using System.Globalization;

namespace Roux.Cli;

/// <summary>Times as people write them: 90, 90s, 5m, 1.5h, 30d.</summary>
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

    /// <summary>How long ago something was: 0, 12h, 30d, 8w.</summary>
    public static TimeSpan Age(string option, string text)
    {
        var trimmed = text.Trim();
        var (number, unit) = trimmed.Length > 0 && char.IsLetter(trimmed[^1]) ? (trimmed[..^1], trimmed[^1]) : (trimmed, trimmed == "0" ? 'd' : '?');
        var hours = unit switch { 'm' => 1 / 60.0, 'h' => 1.0, 'd' => 24.0, 'w' => 7 * 24.0, _ => double.NaN };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count * hours is >= 0 and <= 100 * 366 * 24.0
            ? TimeSpan.FromHours(count * hours)
            : throw new UsageException($"{option} '{text}': an age with its unit (m, h, d or w), such as 12h, 30d or 8w");
    }
}
