namespace Roux.Learning.Reports.Charts;

/// <summary>Maps values to places along one side of a drawing.</summary>
/// <param name="Low">Value at <paramref name="From"/>.</param>
/// <param name="High">Value at <paramref name="To"/>, above <paramref name="Low"/>.</param>
/// <param name="From">Coordinate of the low end.</param>
/// <param name="To">Coordinate of the high end; may be smaller, as heights grow downwards.</param>
internal sealed record Axis(double Low, double High, double From, double To)
{
    /// <summary>Whether equal ratios take equal space.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>An axis over given values on which equal ratios take equal space; an ordinary one where a value is not above 0.</summary>
    public static Axis OverRatios(IEnumerable<double> values, double from, double to, double air = 0.04)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0 || finite.Min() <= 0 || finite.Max() < 2 * finite.Min())
        {
            return Over(finite, from, to, air);
        }

        var powers = Over(finite.Select(Math.Log10), from, to, air);
        return new Axis(Math.Pow(10, powers.Low), Math.Pow(10, powers.High), from, to) { Logarithmic = true };
    }

    /// <summary>An axis over given values, widened where they are all alike, with a little air.</summary>
    public static Axis Over(IEnumerable<double> values, double from, double to, double air = 0.04)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(double.IsFinite))
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (low > high)
        {
            (low, high) = (0, 1);
        }

        // Halves, so that the span of the widest doubles stays finite.
        low = Math.Clamp(low, double.MinValue / 4, double.MaxValue / 4);
        high = Math.Clamp(high, double.MinValue / 4, double.MaxValue / 4);

        // Values that differ in their last digits only count as alike: no tick could tell them apart.
        var size = Math.Max(Math.Abs(low), Math.Abs(high));
        var margin = high - low > size * 1e-9 ? (high - low) * air : Math.Max(size * 0.05, 1e-9);
        return new Axis(low - margin, high + margin, from, to);
    }

    /// <summary>The coordinate of a value; values outside lie on the edge.</summary>
    public double At(double value) => From + Math.Clamp(
        Logarithmic ? Math.Log(Math.Max(value, Low) / Low) / Math.Log(High / Low) : (value - Low) / (High - Low), 0, 1) * (To - From);

    /// <summary>Whether a value lies on the axis.</summary>
    public bool Holds(double value) => value >= Low && value <= High;

    /// <summary>Round values within the axis, about as many as wished: steps of 1, 2 or 5 times a power of ten.</summary>
    public IReadOnlyList<double> Ticks(int wished = 5)
    {
        if (Logarithmic)
        {
            return RatioTicks(wished);
        }

        var raw = (High - Low) / Math.Max(1, wished);
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = power * (raw / power) switch { <= 1.5 => 1, <= 3.5 => 2, <= 7.5 => 5, _ => 10 };
        var ticks = new List<double>();
        if (!(step > 0) || !double.IsFinite(step))
        {
            return ticks;
        }

        for (var i = Math.Ceiling(Low / step - 1e-9); i * step <= High + step * 1e-9 && ticks.Count < 20; i++)
        {
            ticks.Add(i * step);
        }

        return ticks;
    }

    private List<double> RatioTicks(int wished)
    {
        // Powers of ten, thinned where there are many; with few of them, doubles and fives as well.
        var (first, last) = ((int)Math.Floor(Math.Log10(Low)), (int)Math.Ceiling(Math.Log10(High)));
        var between = last - first <= 3 ? new[] { 1.0, 2, 5 } : [1.0];
        var every = Math.Max(1, (int)Math.Ceiling((last - first) / (double)Math.Max(2, wished + 1)));
        return [.. Enumerable.Range(first, last - first + 1).Where(power => (power - first) % every == 0).SelectMany(power => between.Select(factor => factor * Math.Pow(10, power))).Where(Holds)];
    }

    /// <summary>The label of a tick where equal ratios take equal space.</summary>
    public static string RatioLabel(double tick) => Math.Abs(tick) >= 1e4 ? Short(tick) : Figures.Value(tick);

    /// <summary>The label of a tick: as many decimals as its step needs.</summary>
    public static string Label(double tick, IReadOnlyList<double> ticks)
    {
        var step = ticks.Count > 1 ? ticks[1] - ticks[0] : Math.Abs(tick);
        var size = ticks.Count == 0 ? 0 : ticks.Max(Math.Abs);
        if (step <= 0 || size == 0)
        {
            return Figures.Value(tick);
        }

        if (size >= 1e6 || size < 1e-3)
        {
            return Short(tick);
        }

        var decimals = Math.Clamp(-(int)Math.Floor(Math.Log10(step) + 1e-9), 0, 8);
        var rounded = Math.Round(tick, decimals) + 0.0;
        return Figures.Sign(rounded.ToString((size >= 10_000 ? "#,0" : "0") + (decimals > 0 ? "." + new string('0', decimals) : ""), System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string Short(double value) => Figures.Sign(Math.Abs(value) switch
    {
        0 => "0",
        >= 1e15 or < 1e-3 => value.ToString("0.##e+0", System.Globalization.CultureInfo.InvariantCulture),
        >= 1e12 => (value / 1e12).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture) + "T",
        >= 1e9 => (value / 1e9).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture) + "G",
        >= 1e6 => (value / 1e6).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture) + "M",
        >= 1e3 => (value / 1e3).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture),
    });
}
