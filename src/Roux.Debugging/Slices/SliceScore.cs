namespace Roux.Debugging.Slices;

/// <summary>
/// How unlikely the losses of a slice are if they are as expected: a likelihood ratio as in scan statistics (Kulldorff, "A spatial scan
/// statistic", 1997), which is greatest at the very rows that differ, so that neither too wide nor too narrow a slice wins. Its exponent
/// bounds the chance of so bad a slice (Chernoff 1952; for counts with unequal chances Hoeffding 1956; for numbers Bernstein 1924).
/// </summary>
internal sealed class SliceScore
{
    /// <summary>Standard deviations beyond which an error counts no more.</summary>
    private const double Longest = 4;

    private readonly double[] excess; // counts: the losses; numbers: standardised excess losses
    private readonly double[] expected; // counts: expected losses; numbers: ones
    private readonly bool counts;
    private readonly double leastEffect;

    public SliceScore(RowLosses losses, double leastEffect)
    {
        (counts, this.leastEffect) = (losses.AreCounts, leastEffect);
        expected = counts ? losses.Expected : [.. losses.Expected.Select(_ => 1.0)];

        // Errors have long tails, and a few rows must not make a slice: at most 4 standard deviations count.
        excess = counts ? losses.Loss : [.. losses.Loss.Select((loss, row) => losses.Spread[row] > 0 ? Math.Clamp((loss - losses.Expected[row]) / losses.Spread[row], -Longest, Longest) : 0)];
    }

    /// <summary>What is summed over the rows of a slice, first.</summary>
    public double[] First => excess;

    /// <summary>What is summed over the rows of a slice, second.</summary>
    public double[] Second => expected;

    /// <summary>Logarithm of the likelihood ratio; 0 where the slice is no worse than expected, or too little worse to matter.</summary>
    /// <param name="first">Sum of <see cref="First"/> over the slice.</param>
    /// <param name="second">Sum of <see cref="Second"/> over the slice.</param>
    /// <param name="rows">Rows of the slice.</param>
    /// <param name="allFirst">Sum of <see cref="First"/> over all rows.</param>
    /// <param name="allRows">All rows.</param>
    public double LogRatio(double first, double second, int rows, double allFirst, int allRows) =>
        Effect(first, second, rows, allFirst, allRows) < leastEffect ? 0
        : counts ? first * Math.Log(first / second) - (first - second)
        : first * first / (2 * (rows + Longest * first / 3)); // Bernstein 1924: errors have long tails

    /// <summary>Excess of the mean loss in standard deviations: of the losses inside and outside (counts), or of the loss of such rows (numbers).</summary>
    public double Effect(double first, double second, int rows, double allFirst, int allRows)
    {
        if (!counts)
        {
            return first / rows;
        }

        if (first <= second || allRows <= rows)
        {
            return 0;
        }

        var inside = first / rows;
        var outside = (allFirst - first) / (allRows - rows);
        var variance = (inside * (1 - inside) + outside * (1 - outside)) / 2;
        return (first - second) / rows / Math.Sqrt(Math.Max(variance, 1e-9));
    }
}
