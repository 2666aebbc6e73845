namespace Roux.Learning.Evaluation.Statistics;

/// <summary>Confidence intervals for a share seen as so many successes in so many trials.</summary>
public static class Proportion
{
    /// <summary>Wilson's score interval (Wilson 1927): close to the stated level on average, also near 0 and 1.</summary>
    public static (double Low, double High) Wilson(long successes, long trials, double level = 0.95)
    {
        Check(successes, trials, level);
        var z = Tails.NormalQuantile((1 + level) / 2);
        double n = trials, p = successes / n, z2 = z * z;
        var centre = (p + z2 / (2 * n)) / (1 + z2 / n);
        var half = z / (1 + z2 / n) * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return (successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half);
    }

    /// <summary>The exact interval of Clopper and Pearson 1934: at least the stated level, always.</summary>
    public static (double Low, double High) ClopperPearson(long successes, long trials, double level = 0.95)
    {
        Check(successes, trials, level);
        var tail = (1 - level) / 2;
        return (
            successes == 0 ? 0 : Tails.BetaQuantile(tail, successes, trials - successes + 1),
            successes == trials ? 1 : 1 - Tails.BetaQuantile(tail, trials - successes, successes + 1));
    }

    private static void Check(long successes, long trials, double level)
    {
        if (trials < 1 || successes < 0 || successes > trials)
        {
            throw new ArgumentException($"needs 0 <= successes <= trials and at least one trial: given {successes} of {trials}");
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(level, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(level, 1);
    }
}
