using System.Globalization;
using Roux.Server.Components.Widgets;

namespace Roux.Server.Components.Charts;

/// <summary>Where values lie on an axis of some pixels.</summary>
internal sealed record Scale(double Low, double High, double From, double To, bool IsLog)
{
    private double Start => IsLog ? Math.Log10(Low) : Low;

    private double End => IsLog ? Math.Log10(High) : High;

    /// <summary>A scale over all of some values with a margin; values that are not finite, or on a logarithmic scale not positive, do not count.</summary>
    public static Scale Over(IEnumerable<double> values, double from, double to, bool isLog, double margin)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (double.IsFinite(value) && (!isLog || value > 0))
            {
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }
        }

        if (low > high)
        {
            (low, high) = isLog ? (1, 10) : (0, 1);
        }

        if (isLog)
        {
            var room = Math.Pow(high / low, margin);
            return low == high ? new Scale(low / 2, high * 2, from, to, true) : new Scale(low / room, high * room, from, to, true);
        }

        var space = high > low ? (high - low) * margin : margin == 0 ? 0.5 : Math.Max(Math.Abs(low) * 0.05, 1e-12);
        return new Scale(low - space, high + space, from, to, false);
    }

    /// <summary>The pixel of a value.</summary>
    public double Place(double value) => From + (((IsLog ? Math.Log10(Math.Max(value, double.Epsilon)) : value) - Start) / (End - Start) * (To - From));

    /// <summary>The value of a pixel.</summary>
    public double Value(double place)
    {
        var at = Start + ((place - From) / (To - From) * (End - Start));
        return IsLog ? Math.Pow(10, at) : at;
    }

    /// <summary>Round values inside, about so many.</summary>
    public List<double> Ticks(int about)
    {
        var ticks = new List<double>();
        if (IsLog && End - Start >= 1)
        {
            var stride = Math.Max(1, (int)Math.Ceiling((End - Start) / about));
            for (var power = (int)Math.Ceiling(Start - 1e-9); power <= End + 1e-9; power += stride)
            {
                ticks.Add(Math.Pow(10, power));
            }

            if (ticks.Count > 1)
            {
                return ticks;
            }

            ticks.Clear();
        }

        var step = Step((High - Low) / Math.Max(1, about));
        for (var tick = Math.Ceiling((Low / step) - 1e-9) * step; tick <= High + (step * 1e-9) && ticks.Count < 40; tick += step)
        {
            ticks.Add(Math.Abs(tick) < step * 1e-9 ? 0 : tick);
        }

        return ticks;
    }

    /// <summary>Times inside, about so many: whole seconds, minutes, hours or days.</summary>
    public List<double> TimeTicks(int about)
    {
        double[] steps = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 2592000, 7776000, 31536000];
        var step = 1000 * steps.FirstOrDefault(seconds => (High - Low) / (seconds * 1000) <= about, steps[^1]);
        var ticks = new List<double>();
        for (var tick = Math.Ceiling(Low / step) * step; tick <= High && ticks.Count < 20; tick += step)
        {
            ticks.Add(tick);
        }

        return ticks;
    }

    /// <summary>A time as a tick shows it.</summary>
    public static string Clock(double milliseconds, double range)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Clamp(milliseconds, -6e13, 2.5e14)).UtcDateTime;
        return time.ToString(range > 2 * 86_400_000.0 ? "MM-dd" : range > 600_000 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>A number as a tick shows it.</summary>
    public static string Short(double value)
    {
        var size = Math.Abs(value);
        return size >= 1e9 ? Format.Number(value / 1e9) + "G" : size >= 1e6 ? Format.Number(value / 1e6) + "M" : size >= 1e4 ? Format.Number(value / 1e3) + "k" : Format.Number(value);
    }

    private static double Step(double raw)
    {
        if (!(raw > 0) || double.IsInfinity(raw))
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return (raw / power) switch { <= 1 => power, <= 2 => 2 * power, <= 2.5 => 2.5 * power, <= 5 => 5 * power, _ => 10 * power };
    }
}
