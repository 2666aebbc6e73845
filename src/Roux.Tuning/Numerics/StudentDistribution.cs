namespace Roux.Tuning.Numerics;

/// <summary>Student's t distribution.</summary>
internal static class StudentDistribution
{
    /// <summary>The distribution function, by the incomplete beta function's continued fraction (Press et al. 2007, section 6.4).</summary>
    /// <param name="t">The value.</param>
    /// <param name="freedom">Degrees of freedom, above 0.</param>
    public static double Cumulative(double t, double freedom)
    {
        var tail = 0.5 * IncompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
        return t > 0 ? 1 - tail : tail;
    }

    /// <summary>The logarithm of the gamma function (Lanczos 1964, with Godfrey's coefficients).</summary>
    public static double LogGamma(double x)
    {
        ReadOnlySpan<double> c = [0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];
        if (x < 0.5)
        {
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        }

        var (sum, t) = (c[0], x + 6.5);
        for (var i = 1; i < c.Length; i++)
        {
            sum += c[i] / (x + i - 1);
        }

        return 0.5 * Math.Log(2 * Math.PI) + (x - 0.5) * Math.Log(t) - t + Math.Log(sum);
    }

    private static double IncompleteBeta(double a, double b, double x)
    {
        if (x <= 0 || x >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * Math.Log(1 - x));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(a, b, x) / a : 1 - front * Fraction(b, a, 1 - x) / b;
    }

    private static double Fraction(double a, double b, double x)
    {
        const double Tiny = 1e-300;
        var c = 1.0;
        var d = 1 / Away(1 - (a + b) * x / (a + 1));
        var h = d;
        for (var m = 1; m <= 300; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / Away(1 + even * d);
            c = Away(1 + even / c);
            h *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / Away(1 + odd * d);
            c = Away(1 + odd / c);
            h *= d * c;
            if (Math.Abs(d * c - 1) < 1e-14)
            {
                break;
            }
        }

        return h;

        static double Away(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }
}
