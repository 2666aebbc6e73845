using MathNet.Numerics;

namespace Roux.Learning.Evaluation.Statistics;

/// <summary>Tail probabilities and quantiles, each computed from the side where no digits cancel.</summary>
internal static class Tails
{
    /// <summary>P(Z &gt; z) of the standard normal distribution.</summary>
    public static double Normal(double z) => 0.5 * SpecialFunctions.Erfc(z / Math.Sqrt(2));

    /// <summary>P(Z &lt;= z) of the standard normal distribution.</summary>
    public static double NormalBelow(double z) => Normal(-z);

    /// <summary>The z with P(Z &lt;= z) = <paramref name="p"/>; infinite at 0 and 1.</summary>
    public static double NormalQuantile(double p) => -Math.Sqrt(2) * SpecialFunctions.ErfcInv(2 * p);

    /// <summary>P(|Z| &gt; |z|).</summary>
    public static double NormalTwoSided(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>P(|T| &gt; |t|) of Student's t distribution.</summary>
    public static double StudentTwoSided(double t, double freedom) =>
        double.IsNaN(t) ? double.NaN : double.IsInfinity(t) ? 0 : SpecialFunctions.BetaRegularized(freedom / 2, 0.5, freedom / (freedom + t * t));

    /// <summary>The t &gt; 0 with P(|T| &gt; t) = <paramref name="p"/>.</summary>
    public static double StudentQuantileTwoSided(double p, double freedom)
    {
        var (low, high) = (0.0, 1.0);
        while (StudentTwoSided(high, freedom) > p)
        {
            high *= 2;
        }

        return Bisect(t => StudentTwoSided(t, freedom) < p, low, high);
    }

    /// <summary>P(F &gt; f) of the F distribution.</summary>
    public static double F(double f, double between, double within) =>
        double.IsNaN(f) ? double.NaN : f <= 0 ? 1 : double.IsInfinity(f) ? 0 : SpecialFunctions.BetaRegularized(within / 2, between / 2, within / (within + between * f));

    /// <summary>P(X &gt; x) of the chi-square distribution.</summary>
    public static double ChiSquare(double x, double freedom) => x <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(freedom / 2, x / 2);

    /// <summary>The x with P(X &lt;= x) = <paramref name="p"/> of the beta distribution.</summary>
    public static double BetaQuantile(double p, double a, double b) =>
        Bisect(x => SpecialFunctions.BetaRegularized(a, b, x) > p, 0, 1);

    /// <summary>P(X &lt;= k) of n fair coin throws.</summary>
    public static double FairCoinBelow(int k, int n) => k >= n ? 1 : SpecialFunctions.BetaRegularized(n - k, k + 1, 0.5);

    /// <summary>
    /// The point where <paramref name="above"/> turns true, to the last bit: halves by value first and, near zero, by order of magnitude,
    /// so that small answers are as exact relative to their size as large ones.
    /// </summary>
    public static double Bisect(Func<double, bool> above, double low, double high)
    {
        for (var i = 0; i < 2000; i++)
        {
            var middle = low > 0 && high > 2 * low ? Math.Sqrt(low) * Math.Sqrt(high)
                : low == 0 && high > 1e-300 ? high * (high > 1e-3 ? 0.5 : 1e-3)
                : low + (high - low) / 2;
            if (middle <= low || middle >= high)
            {
                break;
            }

            if (above(middle))
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return low + (high - low) / 2;
    }
}
