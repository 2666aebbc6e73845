using System.Globalization;

namespace Roux.Learning.Evaluation;

/// <summary>Round numbers for axes (Heckbert 1990, "Nice numbers for graph labels").</summary>
internal static class Ticks
{
    /// <summary>Between 2 and about <paramref name="about"/> + 1 round numbers within the ends.</summary>
    public static double[] Linear(double low, double high, int about = 5)
    {
        var step = Step((high - low) / Math.Max(1, about));
        var first = Math.Ceiling(low / step - 1e-9);
        var last = Math.Floor(high / step + 1e-9);
        var ticks = new List<double>();
        for (var i = first; i <= last && ticks.Count < 50; i++)
        {
            ticks.Add(i == 0 ? 0 : i * step);
        }

        return [.. ticks];
    }

    /// <summary>Powers of ten within the ends, thinned to a handful; over less than two powers, also their doubles and fives.</summary>
    public static double[] Log(double low, double high)
    {
        var first = (int)Math.Ceiling(Math.Log10(low) - 1e-9);
        var last = (int)Math.Floor(Math.Log10(high) + 1e-9);
        if (last - first < 2)
        {
            double[] close = [.. Enumerable.Range(first - 1, last - first + 2)
                .SelectMany(power => new[] { 1, 2, 5 }.Select(factor => factor * Math.Pow(10, power)))
                .Where(tick => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9))];
            return close.Length >= 2 ? close : [.. Linear(low, high).Where(tick => tick > 0)];
        }

        var every = (last - first) / 6 + 1;
        return [.. Enumerable.Range(first, last - first + 1).Where(power => (power - first) % every == 0).Select(power => Math.Pow(10, power))];
    }

    /// <summary>Ends moved outwards to round numbers; a point becomes a range around it.</summary>
    public static (double Low, double High) Round(double low, double high, int about = 5)
    {
        if (!(high > low))
        {
            var around = Math.Max(Math.Abs(low) * 0.1, 1e-6);
            (low, high) = (low - around, low + around);
        }

        var step = Step((high - low) / about);
        return (Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step);
    }

    /// <summary>Labels for ticks, all with the same number of decimals, large and small numbers in short form.</summary>
    public static string[] Labels(double[] ticks)
    {
        var largest = ticks.Length == 0 ? 0 : ticks.Max(Math.Abs);
        var step = ticks.Length < 2 ? largest : Enumerable.Range(1, ticks.Length - 1).Min(i => ticks[i] - ticks[i - 1]);
        if (largest is >= 1e13 or (> 0 and < 1e-3))
        {
            var digits = Math.Clamp((int)Math.Ceiling(Math.Log10(largest / step)), 1, 15);
            return [.. ticks.Select(tick => tick == 0 ? "0" : Minus(tick.ToString($"0.{new string('#', digits)}e0", CultureInfo.InvariantCulture)))];
        }

        var (unit, suffix) = largest switch
        {
            >= 1e9 when step >= 1e7 => (1e9, "G"),
            >= 1e6 when step >= 1e4 => (1e6, "M"),
            >= 1e4 when step >= 1e1 => (1e3, "k"),
            _ => (1.0, ""),
        };
        var decimals = step > 0 ? Math.Clamp((int)Math.Ceiling(-Math.Log10(step / unit) - 1e-9), 0, 12) : 0;
        if (Math.Abs(step / unit * Math.Pow(10, decimals) - Math.Round(step / unit * Math.Pow(10, decimals))) > 1e-6)
        {
            decimals++; // a step of 2.5
        }

        return [.. ticks.Select(tick => Minus((tick / unit).ToString($"F{decimals}", CultureInfo.InvariantCulture)) + (tick == 0 ? "" : suffix))];
    }

    /// <summary>Numbers for a column: as <see cref="Short"/>, but all with the same decimals where their sizes are alike.</summary>
    public static string[] Column(IReadOnlyList<double> values)
    {
        var largest = values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var whole = values.All(value => !double.IsFinite(value) || value == Math.Round(value));
        if (largest is >= 1e6 or < 0.01)
        {
            return [.. values.Select(Short)];
        }

        var decimals = whole ? 0 : largest >= 1000 ? 0 : largest >= 100 ? 1 : largest >= 10 ? 2 : 3;
        return [.. values.Select(value => double.IsFinite(value) ? Minus(value.ToString($"F{decimals}", CultureInfo.InvariantCulture)) : Short(value))];
    }

    /// <summary>One number with about four significant digits.</summary>
    public static string Short(double value)
    {
        var size = Math.Abs(value);
        return !double.IsFinite(value) ? "–"
            : value == 0 ? "0"
            : size is >= 1e6 or < 1e-3 ? Minus(value.ToString("0.##e0", CultureInfo.InvariantCulture))
            : Minus(value.ToString(size >= 1000 ? "0" : size >= 100 ? "0.#" : size >= 10 ? "0.##" : "0.###", CultureInfo.InvariantCulture));
    }

    private static string Minus(string number) => number.Replace('-', '−');

    private static double Step(double rough)
    {
        if (!(rough > 0) || !double.IsFinite(rough))
        {
            return 1;
        }

        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var share = rough / magnitude;
        return magnitude * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 2.5 ? 2.5 : share <= 5 ? 5 : 10);
    }
}
