using System.Globalization;
using Roux.Tracking;

namespace Roux.Server.Components.Widgets;

/// <summary>Numbers, times and sizes as people read them.</summary>
internal static class Format
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>A number in five significant digits.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "∞" : "−∞";
        }

        var size = Math.Abs(value);
        var text = size == 0 ? "0" : size is >= 1e-4 and < 1e7
            ? value.ToString(size >= 1e5 ? "#,0" : size >= 1000 ? "#,0.#" : "0." + new string('#', Math.Clamp(4 - (int)Math.Floor(Math.Log10(size)), 0, 8)), Plain)
            : value.ToString("0.###e+0", Plain).Replace("e+", "e", StringComparison.Ordinal);
        return text.Replace('-', '−');
    }

    /// <summary>A number, whole, for lists of values to copy.</summary>
    public static string Exact(double value) => value.ToString("R", Plain);

    public static string Count(long value) => value.ToString("#,0", Plain);

    /// <summary>A number with its noun.</summary>
    public static string Count(long value, string noun) => $"{Count(value)} {noun}{(value == 1 ? "" : "s")}";

    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1 << 20 => string.Create(Plain, $"{bytes / 1024.0:0.#} KB"),
        < 1 << 30 => string.Create(Plain, $"{bytes / 1048576.0:0.#} MB"),
        _ => string.Create(Plain, $"{bytes / 1073741824.0:0.##} GB"),
    };

    public static string Span(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 1000 } => string.Create(Plain, $"{Math.Max(0, span.TotalMilliseconds):0} ms"),
        { TotalSeconds: < 60 } => string.Create(Plain, $"{span.TotalSeconds:0.#} s"),
        { TotalMinutes: < 60 } => string.Create(Plain, $"{(int)span.TotalMinutes} min {span.Seconds} s"),
        { TotalHours: < 48 } => string.Create(Plain, $"{(int)span.TotalHours} h {span.Minutes} min"),
        _ => string.Create(Plain, $"{(int)span.TotalDays} d {span.Hours} h"),
    };

    /// <summary>How long ago, in one unit.</summary>
    public static string Ago(DateTimeOffset time, DateTimeOffset now)
    {
        var past = now - time;
        return past switch
        {
            { TotalSeconds: < 5 } and { TotalSeconds: > -5 } => "now",
            { TotalSeconds: < 0 } => Moment(time),
            { TotalSeconds: < 60 } => $"{(int)past.TotalSeconds} s ago",
            { TotalMinutes: < 60 } => $"{(int)past.TotalMinutes} min ago",
            { TotalHours: < 24 } => $"{(int)past.TotalHours} h ago",
            { TotalDays: < 30 } => $"{(int)past.TotalDays} d ago",
            _ => time.UtcDateTime.ToString("yyyy-MM-dd", Plain),
        };
    }

    /// <summary>A point in time, to the second, in UTC.</summary>
    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", Plain) + " UTC";

    public static string Status(RunStatus status) => status switch
    {
        RunStatus.Running => "Running",
        RunStatus.Scheduled => "Scheduled",
        RunStatus.Finished => "Finished",
        RunStatus.Failed => "Failed",
        _ => "Killed",
    };

    /// <summary>A text for one line, its end cut off where it is too long.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");
}
