using System.Globalization;

namespace Roux.Cli.Printing;

/// <summary>Times, sizes and numbers as people say them.</summary>
internal static class HumanText
{
    /// <summary>How long ago something was: <c>3 min ago</c>; a date from a month on.</summary>
    public static string Ago(DateTimeOffset time, DateTimeOffset now)
    {
        var span = now - time;
        return span.TotalSeconds switch
        {
            < -60 => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            < 5 => "just now",
            < 60 => Format($"{span.TotalSeconds:0} s ago"),
            < 3600 => Format($"{Math.Floor(span.TotalMinutes):0} min ago"),
            < 86400 => Format($"{Math.Floor(span.TotalHours):0} h ago"),
            < 30 * 86400 => Format($"{Math.Floor(span.TotalDays):0} d ago"),
            _ => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A length of time: <c>340 ms</c>, <c>4.2 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Span(TimeSpan span) => span.TotalSeconds switch
    {
        < 1 => Format($"{Math.Max(0, span.TotalMilliseconds):0} ms"),
        < 59.95 => Format($"{span.TotalSeconds:0.0} s"),
        < 3600 => Format($"{Math.Floor(span.TotalMinutes):0} min {span.Seconds} s"),
        < 86400 => Format($"{Math.Floor(span.TotalHours):0} h {span.Minutes} min"),
        _ => Format($"{Math.Floor(span.TotalDays):0} d {span.Hours} h"),
    };

    /// <summary>A size: <c>512 B</c>, <c>1.5 kB</c>, <c>20 MB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => Format($"{bytes} B"),
        < 1_000_000 => Format($"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => Format($"{bytes / 1e6:0.#} MB"),
        _ => Format($"{bytes / 1e9:0.#} GB"),
    };

    /// <summary>A number with up to six significant digits, or as a format says.</summary>
    public static string Number(double value, string format = "G6") => value switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "-∞",
        _ => value.ToString(format, CultureInfo.InvariantCulture),
    };

    /// <summary>A count with its noun: <c>1 run</c>, <c>2 runs</c>.</summary>
    public static string Count(long count, string noun) => Format($"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
