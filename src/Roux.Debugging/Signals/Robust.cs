namespace Roux.Debugging.Signals;

/// <summary>Location, spread and trend of noisy values, not led astray by a few wild ones.</summary>
public static class Robust
{
    /// <summary>The middle value; NaN of none.</summary>
    public static double Median(ReadOnlySpan<double> values) => Quantile(values, 0.5);

    /// <summary>The value with a share <paramref name="at"/> (0 to 1) below it, interpolated (type 7); NaN of none.</summary>
    public static double Quantile(ReadOnlySpan<double> values, double at)
    {
        if (values.IsEmpty)
        {
            return double.NaN;
        }

        var sorted = values.ToArray();
        Array.Sort(sorted);
        var place = at * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        return sorted[below] + (below + 1 < sorted.Length ? (place - below) * (sorted[below + 1] - sorted[below]) : 0);
    }

    /// <summary>Standard deviation of the noise around a slowly moving level: from the median absolute difference of neighbours, scaled for normal noise.</summary>
    public static double Noise(ReadOnlySpan<double> values)
    {
        if (values.Length < 3)
        {
            return 0;
        }

        var differences = new double[values.Length - 1];
        for (var index = 0; index < differences.Length; index++)
        {
            differences[index] = Math.Abs(values[index + 1] - values[index]);
        }

        return 1.4826 * Median(differences) / Math.Sqrt(2);
    }

    /// <summary>
    /// Whether values rise or fall: Mann-Kendall (Mann 1945; Kendall 1975) with correction for ties, slope by Theil and Sen (Sen 1968).
    /// Long series go in as medians of at most 60 blocks, which also takes away most of the correlation between neighbours.
    /// </summary>
    public static Trend TrendOf(ReadOnlySpan<double> values)
    {
        var blocks = Blocks(values, 60);
        var n = blocks.Length;
        if (n < 4)
        {
            return new Trend(1, 1, 0);
        }

        var score = 0;
        var slopes = new double[n * (n - 1) / 2];
        var next = 0;
        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++)
            {
                score += Math.Sign(blocks[j] - blocks[i]);
                slopes[next++] = (blocks[j] - blocks[i]) / (j - i);
            }
        }

        var ties = blocks.GroupBy(value => value).Sum(group => (double)group.Count() * (group.Count() - 1) * (2 * group.Count() + 5));
        var variance = ((double)n * (n - 1) * (2 * n + 5) - ties) / 18;
        var z = variance <= 0 ? 0 : (score - Math.Sign(score)) / Math.Sqrt(variance);
        return new Trend(Above(z), Above(-z), Median(slopes) * (n - 1));
    }

    /// <summary>Medians of consecutive blocks of nearly equal size.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="most">The most blocks; fewer values stay as they are.</param>
    public static double[] Blocks(ReadOnlySpan<double> values, int most)
    {
        if (values.Length <= most)
        {
            return values.ToArray();
        }

        var blocks = new double[most];
        for (var block = 0; block < most; block++)
        {
            var first = (int)((long)block * values.Length / most);
            var last = (int)((long)(block + 1) * values.Length / most);
            blocks[block] = Median(values[first..last]);
        }

        return blocks;
    }

    private static double Above(double z) => 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(z / Math.Sqrt(2));
}

/// <summary>The direction of a series.</summary>
/// <param name="RiseP">P-value of "it does not rise" (one-sided): small where it rises.</param>
/// <param name="FallP">P-value of "it does not fall" (one-sided): small where it falls.</param>
/// <param name="Change">Change from the first to the last value along the middle slope.</param>
public readonly record struct Trend(double RiseP, double FallP, double Change);
