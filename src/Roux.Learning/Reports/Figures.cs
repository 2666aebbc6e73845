using System.Globalization;

namespace Roux.Learning.Reports;

/// <summary>Numbers as a reader wants them: no more digits than mean something, invariant, with a true minus sign.</summary>
internal static class Figures
{
    private static readonly string[] ByteUnits = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>A count with thousands set apart.</summary>
    public static string Count(long count) => Sign(count.ToString("N0", CultureInfo.InvariantCulture));

    /// <summary>A share of 1 as a percentage; what is not quite nothing or not quite all is not rounded to it.</summary>
    public static string Percent(double share)
    {
        if (double.IsNaN(share))
        {
            return "–";
        }

        var percent = share * 100;
        return percent switch
        {
            0 => "0%",
            > 0 and < 0.1 => "<0.1%",
            > 99.9 and < 100 => ">99.9%",
            100 => "100%",
            _ => Sign(percent.ToString(Math.Abs(percent) < 10 ? "0.0" : "0", CultureInfo.InvariantCulture)) + "%",
        };
    }

    /// <summary>A measured value to four significant digits; whole numbers in full up to a thousand billions.</summary>
    public static string Value(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
        }

        var size = Math.Abs(value);
        if (size == Math.Floor(size) && size < 1e15)
        {
            return Sign(value.ToString(size < 10_000 ? "0" : "N0", CultureInfo.InvariantCulture));
        }

        return Sign(size switch
        {
            >= 1e15 or < 1e-4 => value.ToString("0.###e+0", CultureInfo.InvariantCulture),
            >= 10_000 => value.ToString("N0", CultureInfo.InvariantCulture),
            >= 1_000 => value.ToString("0", CultureInfo.InvariantCulture),
            _ => value.ToString("0." + new string('#', Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 1, 8)), CultureInfo.InvariantCulture),
        });
    }

    /// <summary>A span of time in the unit that suits it.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        double.NaN => "–",
        <= 0 => "0 s",
        < 0.001 => (seconds * 1e6).ToString("0", CultureInfo.InvariantCulture) + " µs",
        < 0.1 => (seconds * 1e3).ToString(seconds < 0.01 ? "0.0" : "0", CultureInfo.InvariantCulture) + " ms",
        < 100 when seconds >= 1 && seconds == Math.Floor(seconds) => seconds.ToString("0", CultureInfo.InvariantCulture) + " s",
        < 10 => seconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
        < 100 => seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)} min {(int)(seconds % 60)} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 3600)} h {(int)(seconds % 3600 / 60)} min"),
    };

    /// <summary>Microseconds to two significant digits or whole.</summary>
    public static string Microseconds(double microseconds) => microseconds switch
    {
        double.NaN => "–",
        < 0.1 => "<0.1",
        < 10 => microseconds.ToString("0.0", CultureInfo.InvariantCulture),
        _ => microseconds.ToString("N0", CultureInfo.InvariantCulture),
    };

    /// <summary>A size in decimal units.</summary>
    public static string Bytes(double bytes)
    {
        var unit = 0;
        while (bytes >= 999.5 && unit < ByteUnits.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }

        return bytes.ToString(unit > 0 && bytes < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + ByteUnits[unit];
    }

    /// <summary>A p-value after its sign: <c>= 0.034</c> or <c>&lt; 0.001</c>.</summary>
    public static string PValue(double p) => double.IsNaN(p) ? "–" : p < 0.001 ? "<\u00A00.001" : p.ToString(p < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>How many times more, such as <c>12×</c>; for less than once, the share.</summary>
    public static string Times(double ratio) => !double.IsFinite(ratio) ? "–" : ratio switch
    {
        >= 9.95 => ratio.ToString("N0", CultureInfo.InvariantCulture) + "×",
        >= 0.1 => ratio.ToString("0.0", CultureInfo.InvariantCulture) + "×",
        _ => ratio.ToString("0.00", CultureInfo.InvariantCulture) + "×",
    };

    /// <summary>A moment to the minute, in universal time.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Text cut to a number of characters, with an ellipsis where something is missing; never in the middle of a pair.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = Math.Max(1, length - 1);
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }

    internal static string Sign(string number) => number.Replace('-', '−');
}
