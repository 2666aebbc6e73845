using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>
/// A mixture over the unit cube with a product kernel at each observed point and one broad kernel in the middle: truncated normals on
/// dimensions with an order (integrated over the cell of a level where there are levels), smoothed frequencies on the others.
/// Its density integrates to 1.
/// </summary>
internal sealed class ParzenEstimator
{
    private readonly UnitSpace space;
    private readonly double[][] centres;
    private readonly double[] widths;
    private readonly double[] weights;

    public ParzenEstimator(UnitSpace space, double[][] centres)
    {
        (this.space, this.centres) = (space, centres);
        var (n, d) = (centres.Length, Math.Max(1, space.Dimensions));

        // Scott's rule on the unit interval, never so narrow that one point is all there is.
        var width = Math.Max(0.2 * Math.Pow(Math.Max(n, 1), -1.0 / (d + 4)), 1.0 / Math.Min(100, n + 2) * 0.5);
        widths = [.. Enumerable.Range(0, space.Dimensions).Select(i => space.Levels[i] is { } levels ? Math.Max(width, 0.5 / levels) : width)];
        weights = new double[n + 1];
        Array.Fill(weights, 1.0 / (n + 1));
    }

    /// <summary>Draws a point.</summary>
    public double[] Draw(Rng random)
    {
        var kernel = random.Below(weights.Length);
        var point = new double[space.Dimensions];
        for (var i = 0; i < point.Length; i++)
        {
            var isPrior = kernel == centres.Length;
            if (space.Nominal[i])
            {
                var levels = space.Levels[i]!.Value;
                var keep = isPrior ? 0 : Kept(levels);
                point[i] = random.Unit() < keep ? centres[kernel][i] : (random.Below((int)levels) + 0.5) / levels;
                continue;
            }

            if (isPrior)
            {
                point[i] = random.Unit();
                continue;
            }

            var (centre, width) = (centres[kernel][i], widths[i]);
            var (low, high) = (NormalDistribution.Cumulative(-centre / width), NormalDistribution.Cumulative((1 - centre) / width));
            point[i] = Math.Clamp(centre + width * NormalDistribution.Quantile(low + random.Unit() * (high - low)), 0, 1);
        }

        space.Snap(point);
        return point;
    }

    /// <summary>The logarithm of the density (of the probability, in dimensions with levels) at a point.</summary>
    public double LogDensity(ReadOnlySpan<double> point)
    {
        Span<double> logs = weights.Length <= 512 ? stackalloc double[weights.Length] : new double[weights.Length];
        for (var kernel = 0; kernel < weights.Length; kernel++)
        {
            var log = Math.Log(weights[kernel]);
            for (var i = 0; i < point.Length; i++)
            {
                log += LogKernel(kernel, i, point[i]);
            }

            logs[kernel] = log;
        }

        var most = double.NegativeInfinity;
        foreach (var log in logs)
        {
            most = Math.Max(most, log);
        }

        var sum = 0.0;
        foreach (var log in logs)
        {
            sum += Math.Exp(log - most);
        }

        return most + Math.Log(sum);
    }

    private double LogKernel(int kernel, int dimension, double x)
    {
        var levels = space.Levels[dimension];
        if (kernel == centres.Length)
        {
            return levels is { } many ? -Math.Log(many) : 0;
        }

        var centre = centres[kernel][dimension];
        if (space.Nominal[dimension])
        {
            var keep = Kept(levels!.Value);
            return Math.Log((Math.Abs(x - centre) < 1e-9 ? keep : 0) + (1 - keep) / levels.Value);
        }

        var width = widths[dimension];
        var whole = NormalDistribution.Cumulative((1 - centre) / width) - NormalDistribution.Cumulative(-centre / width);
        if (levels is not { } count)
        {
            return NormalDistribution.LogDensity((x - centre) / width) - Math.Log(width * whole);
        }

        var cell = NormalDistribution.Cumulative((x + 0.5 / count - centre) / width) - NormalDistribution.Cumulative((x - 0.5 / count - centre) / width);
        return Math.Log(Math.Max(cell / whole, 1e-300));
    }

    /// <summary>Share of a nominal kernel that stays on its own level; the rest spreads over all.</summary>
    private double Kept(long levels) => 1 - Math.Min(0.9, 1.0 / (1 + 0.5 * Math.Sqrt(centres.Length)) + 0.05 * Math.Log(levels));
}
