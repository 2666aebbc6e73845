using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>
/// Extrapolates a learning curve by a mixture of parametric families (after Domhan, Springenberg and Hutter 2015, "Speeding up automatic
/// hyperparameter optimization of deep neural networks by extrapolation of learning curves"): y(x) = c + a f(x), with f a power law, an
/// exponential, a Weibull, an inverse logarithm or a constant, each over a grid of shapes. Given the shape the model is linear, so that c, a and
/// the noise are integrated out exactly (normal-inverse-gamma prior), and shapes count by their marginal likelihood: no sampling.
/// </summary>
internal sealed class CurveExtrapolation
{
    /// <summary>Prior degrees of freedom of the noise; its scale is a twentieth of the spread of the values.</summary>
    private const double NoiseFreedom = 2;
    private const double NoiseShare = 0.05;

    /// <summary>Power of the evidence of a shape.</summary>
    private const double Tempering = 0.4;

    /// <summary>Prior deviation of asymptote and amplitude, in spreads of the values seen, over that of the noise.</summary>
    private const double PriorSpread = 40;

    private static readonly Func<double, double>[] Shapes =
    [
        _ => 0,
        .. from power in (double[])[0.25, 0.5, 0.75, 1, 1.5, 2] select (Func<double, double>)(x => Math.Pow(x, -power)),
        .. from rate in (double[])[0.02, 0.05, 0.1, 0.2, 0.4, 0.8] select (Func<double, double>)(x => Math.Exp(-rate * x)),
        .. from rate in (double[])[0.1, 0.3, 1] from power in (double[])[0.5, 0.7] select (Func<double, double>)(x => Math.Exp(-rate * Math.Pow(x, power))),
        x => 1 / Math.Log(x + 1),
    ];

    private readonly List<Fit> fits = [];
    private readonly double middle;
    private readonly double spread;

    /// <param name="x">Resources, at least 1, such as epochs done.</param>
    /// <param name="y">The values there, finite.</param>
    public CurveExtrapolation(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        middle = y.Average();
        spread = Math.Max(y.Max() - y.Min(), 1e-9 * (1 + Math.Abs(middle)));
        double[] scaled = [.. y.Select(value => (value - middle) / spread)];
        foreach (var shape in Shapes)
        {
            fits.Add(Fit.Of(shape, x, scaled));
        }

        // Tempered (Grünwald 2012, safe Bayes): no real curve is exactly of a family, and the few reports there are would favour one too much.
        var most = fits.Max(fit => fit.LogEvidence);
        fits.ForEach(fit => fit.Weight = Math.Exp(Tempering * (fit.LogEvidence - most)));
        var sum = fits.Sum(fit => fit.Weight);
        fits.ForEach(fit => fit.Weight /= sum);
    }

    /// <summary>The expected value at a resource.</summary>
    public double Mean(double x) => middle + spread * fits.Sum(fit => fit.Weight * fit.At(x).Mean);

    /// <summary>Probability that the value at a resource is below another.</summary>
    public double Below(double x, double value)
    {
        var limit = (value - middle) / spread;
        return fits.Sum(fit =>
        {
            var (mean, scale) = fit.At(x);
            return fit.Weight * StudentDistribution.Cumulative((limit - mean) / scale, fit.Freedom);
        });
    }

    /// <summary>Bayesian linear regression on (1, f(x)); Student predictive.</summary>
    private sealed class Fit
    {
        private readonly Func<double, double> shape;
        private double c;
        private double a;
        private double cc;
        private double ca;
        private double aa;
        private double rate;

        private Fit(Func<double, double> shape) => this.shape = shape;

        public double LogEvidence { get; private set; }

        public double Freedom { get; private set; }

        public double Weight { get; set; }

        public static Fit Of(Func<double, double> shape, IReadOnlyList<double> x, double[] y)
        {
            var fit = new Fit(shape) { Freedom = NoiseFreedom + y.Length };
            var prior = 1 / (PriorSpread * PriorSpread);
            var (n, f, ff, sy, fy, yy) = (prior, 0.0, prior, 0.0, 0.0, 0.0);
            for (var i = 0; i < y.Length; i++)
            {
                var value = shape(x[i]);
                (n, f, ff, sy, fy, yy) = (n + 1, f + value, ff + value * value, sy + y[i], fy + value * y[i], yy + y[i] * y[i]);
            }

            var determinant = n * ff - f * f;
            (fit.cc, fit.ca, fit.aa) = (ff / determinant, -f / determinant, n / determinant);
            (fit.c, fit.a) = (fit.cc * sy + fit.ca * fy, fit.ca * sy + fit.aa * fy);
            var rest = Math.Max(0, yy - fit.c * sy - fit.a * fy);
            var noise = NoiseFreedom * NoiseShare * NoiseShare;
            fit.rate = noise + rest;
            fit.LogEvidence = Math.Log(prior) - 0.5 * Math.Log(determinant) - 0.5 * fit.Freedom * Math.Log(fit.rate);
            return fit;
        }

        public (double Mean, double Scale) At(double x)
        {
            var f = shape(x);
            return (c + a * f, Math.Sqrt(rate / Freedom * (1 + cc + 2 * ca * f + aa * f * f)));
        }
    }
}
