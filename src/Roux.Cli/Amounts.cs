using System.Globalization;

namespace Roux.Cli;

/// <summary>Amounts with units as people write them: 2ms, 5MB, 10.</summary>
internal static class Amounts
{
    private static readonly (string Unit, double Factor)[] Times = [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("μs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("min", 60), ("h", 3600)];

    private static readonly (string Unit, double Factor)[] Sizes =
        [("B", 1), ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("KiB", 1024), ("MiB", 1024 * 1024), ("GiB", 1024 * 1024 * 1024)];

    /// <summary>A time in seconds.</summary>
    /// <exception cref="UsageException">It is no such time, is not above 0, or has no unit.</exception>
    public static double? Seconds(string option, string? text) => Read(option, text, Times, "a time with its unit (us, ms, s, m or h), such as 500us, 2ms or 30s");

    /// <summary>A size in bytes.</summary>
    /// <exception cref="UsageException">It is no such size, is not above 0, or has no unit.</exception>
    public static double? Bytes(string option, string? text) => Read(option, text, Sizes, "a size with its unit (B, kB, MB, GB, KiB, MiB or GiB), such as 500kB or 5MB");

    /// <summary>An amount without a unit.</summary>
    /// <exception cref="UsageException">It is no number from 0 up.</exception>
    public static double? Plain(string option, double? number) => number is null or (>= 0 and < double.PositiveInfinity) ? number
        : throw new UsageException($"{option} {number.Value.ToString(CultureInfo.InvariantCulture)}: a number from 0 up");

    private static double? Read(string option, string? text, (string Unit, double Factor)[] units, string wanted)
    {
        if (text is null)
        {
            return null;
        }

        var trimmed = text.Trim();
        var number = trimmed.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        var unit = trimmed[number..].Trim();
        var known = units.Where(pair => pair.Unit.Equals(unit, StringComparison.OrdinalIgnoreCase)).ToArray();
        return known.Length > 0 && double.TryParse(trimmed.AsSpan(0, number), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count * known[0].Factor
            : throw new UsageException($"{option} '{text}': {wanted}");
    }
}
