namespace Roux.Tuning.Numerics;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    private const double LogSqrt2Pi = 0.91893853320467274178;

    /// <summary>The density.</summary>
    public static double Density(double z) => Math.Exp(-0.5 * z * z - LogSqrt2Pi);

    /// <summary>The logarithm of the density.</summary>
    public static double LogDensity(double z) => -0.5 * z * z - LogSqrt2Pi;

    /// <summary>The distribution function, exact to about 1e-15 relative in the body and 1e-13 in the tails.</summary>
    public static double Cumulative(double z) => 0.5 * Erfc(-z / Math.Sqrt(2));

    /// <summary>The quantile of a probability (Acklam's rational approximation, made exact by one step of Halley's method).</summary>
    public static double Quantile(double p)
    {
        if (p is <= 0 or >= 1)
        {
            return p == 0 ? double.NegativeInfinity : p == 1 ? double.PositiveInfinity : double.NaN;
        }

        var x = Approximate(p);
        var error = Cumulative(x) - p;
        var step = error / Density(x);
        return x - step / (1 + x * step / 2);
    }

    /// <summary>
    /// log(φ(z) + z Φ(z)), the logarithm of expected improvement in units of the standard deviation, without cancellation for very
    /// negative z (Ament et al. 2023, "Unexpected improvements to expected improvement for Bayesian optimization", eq. 9), and
    /// its derivative Φ(z) / (φ(z) + z Φ(z)).
    /// </summary>
    public static (double Value, double Slope) LogImprovement(double z)
    {
        if (z > -5)
        {
            var cumulative = Cumulative(z);
            var h = Density(z) + z * cumulative;
            return (Math.Log(h), cumulative / h);
        }

        // With w = |z|, Mills' ratio m = Φ(z)/φ(z) = ∫ exp(-wt - t²/2) dt: h = φ(z) (1 - w m), by a continued fraction.
        var w = -z;
        var mills = MillsRatio(w);
        var rest = 1 - w * mills;
        if (rest < 1e-9)
        {
            rest = 1 / (w * w) * (1 - 3 / (w * w));
        }

        return (LogDensity(z) + Math.Log(rest), mills / rest);
    }

    /// <summary>log Φ(z) without loss for very negative z, and its derivative φ(z) / Φ(z).</summary>
    public static (double Value, double Slope) LogCumulative(double z)
    {
        if (z > -5)
        {
            var cumulative = Cumulative(z);
            return (Math.Log(cumulative), Density(z) / cumulative);
        }

        var mills = MillsRatio(-z);
        return (LogDensity(z) + Math.Log(mills), 1 / mills);
    }

    /// <summary>(1 - Φ(w)) / φ(w) for w of at least 5, by Laplace's continued fraction.</summary>
    private static double MillsRatio(double w)
    {
        var fraction = w;
        for (var k = 60; k >= 1; k--)
        {
            fraction = w + k / fraction;
        }

        return 1 / fraction;
    }

    private static double Erfc(double x) => x < 0 ? 2 - ErfcPositive(-x) : ErfcPositive(x);

    private static double ErfcPositive(double x)
    {
        if (x < 0.5)
        {
            // Maclaurin series of erf.
            var (term, sum) = (x, x);
            for (var k = 1; k < 40 && Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
            {
                term *= -x * x / k;
                sum += term / (2 * k + 1);
            }

            return 1 - 2 / Math.Sqrt(Math.PI) * sum;
        }

        if (x < 3)
        {
            // erf by Kummer's series, all of whose terms are positive.
            var (term, sum) = (x, x);
            for (var k = 1; k < 200 && term > 1e-18 * sum; k++)
            {
                term *= 2 * x * x / (2 * k + 1);
                sum += term;
            }

            return Math.Max(0, 1 - 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum);
        }

        return MillsFraction(x);
    }

    private static double MillsFraction(double x)
    {
        var w = x * Math.Sqrt(2);
        return 2 * Density(w) * MillsRatio(w);
    }

    private static double Approximate(double p)
    {
        ReadOnlySpan<double> a = [-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00];
        ReadOnlySpan<double> b = [-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01];
        ReadOnlySpan<double> c = [-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00];
        ReadOnlySpan<double> d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00];
        if (p < 0.02425)
        {
            var q = Math.Sqrt(-2 * Math.Log(p));
            return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) / ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
        }

        if (p > 1 - 0.02425)
        {
            return -Approximate(1 - p);
        }

        var r = p - 0.5;
        var s = r * r;
        return (((((a[0] * s + a[1]) * s + a[2]) * s + a[3]) * s + a[4]) * s + a[5]) * r / (((((b[0] * s + b[1]) * s + b[2]) * s + b[3]) * s + b[4]) * s + 1);
    }
}
