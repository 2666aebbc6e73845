namespace Roux.Learning.Evaluation;

/// <summary>Maps values to pixels along one axis. Values beyond the ends land on them.</summary>
internal sealed class Scale
{
    private readonly double from;
    private readonly double to;

    /// <param name="low">Value at <paramref name="from"/>.</param>
    /// <param name="high">Value at <paramref name="to"/>, above <paramref name="low"/>.</param>
    /// <param name="from">Pixel of the low end.</param>
    /// <param name="to">Pixel of the high end.</param>
    /// <param name="logarithmic">Equal ratios take equal space; needs a positive low end.</param>
    public Scale(double low, double high, double from, double to, bool logarithmic = false)
    {
        (Low, High, this.from, this.to) = (low, high, from, to);
        Logarithmic = logarithmic && low > 0;
    }

    public double Low { get; }

    public double High { get; }

    public bool Logarithmic { get; }

    public double this[double value]
    {
        get
        {
            var share = Logarithmic ? Math.Log(Math.Max(value, Low) / Low) / Math.Log(High / Low) : (value - Low) / (High - Low);
            return from + Math.Clamp(double.IsNaN(share) ? 0 : share, 0, 1) * (to - from);
        }
    }

    public double[] TickValues(int about) => Logarithmic ? Ticks.Log(Low, High) : Ticks.Linear(Low, High, about);
}
