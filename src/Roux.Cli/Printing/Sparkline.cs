namespace Roux.Cli.Printing;

/// <summary>A series as a row of bars (Tufte, Beautiful Evidence, 2006).</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>Draws a series.</summary>
    /// <param name="values">In order; each bar is the mean of the finite values of its part, and a part without any is a blank.</param>
    /// <param name="width">Bars at most.</param>
    public static string Of(ReadOnlySpan<double> values, int width)
    {
        var count = Math.Min(width, values.Length);
        var means = new double[count];
        for (var i = 0; i < count; i++)
        {
            var part = values[(int)((long)i * values.Length / count)..(int)((long)(i + 1) * values.Length / count)];
            var (mean, finite) = (0.0, 0);
            foreach (var value in part)
            {
                if (double.IsFinite(value))
                {
                    mean += (value - mean) / ++finite;
                }
            }

            means[i] = finite == 0 ? double.NaN : mean;
        }

        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var mean in means)
        {
            if (!double.IsNaN(mean))
            {
                low = Math.Min(low, mean);
                high = Math.Max(high, mean);
            }
        }

        return string.Create(count, (means, low, high), static (text, state) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                var mean = state.means[i];
                // Halves first: the difference of two huge numbers may not fit.
                var place = state.high > state.low ? (mean / 2 - state.low / 2) / (state.high / 2 - state.low / 2) : 0.5;
                text[i] = double.IsNaN(mean) ? ' ' : Bars[Math.Clamp((int)(place * (Bars.Length - 1) + 0.5), 0, Bars.Length - 1)];
            }
        });
    }
}
