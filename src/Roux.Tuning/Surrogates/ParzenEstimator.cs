using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>
/// A mixture over the unit cube with a product kernel at each observed point and one broad kernel in the middle: truncated normals on
/// dimensions with an order (integrated over the cell of a level where there are levels), smoothed frequencies on the others.
/// Its density integrates to 1. The independent form takes each dimension by itself: a mixture in each, as wide at a point as the
/// gap to its neighbours there.
/// </summary>
internal sealed class ParzenEstimator
{
    private readonly UnitSpace space;
    private readonly double[][] centres;
    private readonly double[][] widths;
    private readonly double[][] logScales;
    private readonly double logWeight;

    private readonly bool independent;

    public ParzenEstimator(UnitSpace space, double[][] centres, bool independent)
    {
        (this.space, this.centres, this.independent) = (space, centres, independent);
        var (n, d) = (centres.Length, Math.Max(1, space.Dimensions));

        widths = [.. Enumerable.Range(0, space.Dimensions).Select(i => independent ? Gaps(i) : Even(0.2 * Math.Pow(Math.Max(n, 1), -1.0 / (d + 4)), i))];
        logScales = [.. Enumerable.Range(0, space.Dimensions).Select(LogScales)];
        logWeight = -Math.Log(n + 1);
    }

    /// <summary>Draws a point.</summary>
    public double[] Draw(Rng random)
    {
        var kernel = random.Below(Kernels);
        var point = new double[space.Dimensions];
        for (var i = 0; i < point.Length; i++)
        {
            point[i] = Draw(i, independent ? random.Below(Kernels) : kernel, random);
        }

        space.Snap(point);
        return point;
    }

    /// <summary>The logarithm of the density (of the probability, in dimensions with levels) at a point.</summary>
    public double LogDensity(ReadOnlySpan<double> point)
    {
        Span<double> logs = Kernels <= 512 ? stackalloc double[Kernels] : new double[Kernels];
        if (!independent)
        {
            for (var kernel = 0; kernel < logs.Length; kernel++)
            {
                logs[kernel] = logWeight;
                for (var i = 0; i < point.Length; i++)
                {
                    logs[kernel] += LogKernel(kernel, i, point[i]);
                }
            }

            return LogSum(logs);
        }

        var sum = 0.0;
        for (var i = 0; i < point.Length; i++)
        {
            for (var kernel = 0; kernel < logs.Length; kernel++)
            {
                logs[kernel] = logWeight + LogKernel(kernel, i, point[i]);
            }

            sum += LogSum(logs);
        }

        return sum;
    }

    /// <summary>One a centre, and the broad one.</summary>
    private int Kernels => centres.Length + 1;

    /// <summary>For each centre the logarithm of the part of its kernel that lies in the unit interval, times its width where the dimension is continuous.</summary>
    private double[] LogScales(int dimension)
    {
        var scales = new double[centres.Length];
        for (var k = 0; k < scales.Length && !space.Nominal[dimension]; k++)
        {
            var (centre, width) = (centres[k][dimension], widths[dimension][k]);
            var inside = NormalDistribution.Cumulative((1 - centre) / width) - NormalDistribution.Cumulative(-centre / width);
            scales[k] = Math.Log(space.Levels[dimension] is null ? width * inside : inside);
        }

        return scales;
    }

    private double[] Even(double width, int dimension)
    {
        var even = new double[centres.Length];
        Array.Fill(even, space.Levels[dimension] is { } levels ? Math.Max(width, 0.5 / levels) : width);
        return even;
    }

    /// <summary>For each centre the larger gap to its neighbours in a dimension, the ends of the interval included (Bergstra et al. 2011, section 4.1).</summary>
    private double[] Gaps(int dimension)
    {
        var n = centres.Length;
        int[] order = [.. Enumerable.Range(0, n).OrderBy(k => centres[k][dimension])];
        var gaps = new double[n];
        var least = 1.0 / Math.Min(100, n + 2);
        for (var k = 0; k < n; k++)
        {
            var here = centres[order[k]][dimension];
            var below = k == 0 ? here : here - centres[order[k - 1]][dimension];
            var above = k + 1 == n ? 1 - here : centres[order[k + 1]][dimension] - here;
            var gap = Math.Clamp(n == 1 ? 0.5 : Math.Max(below, above), least, 1);
            gaps[order[k]] = space.Levels[dimension] is { } levels ? Math.Max(gap, 0.5 / levels) : gap;
        }

        return gaps;
    }

    private double Draw(int i, int kernel, Rng random)
    {
        var isPrior = kernel == centres.Length;
        if (space.Nominal[i])
        {
            var levels = space.Levels[i]!.Value;
            var keep = isPrior ? 0 : Kept(levels);
            return random.Unit() < keep ? centres[kernel][i] : (random.Below((int)levels) + 0.5) / levels;
        }

        if (isPrior)
        {
            return random.Unit();
        }

        var (centre, width) = (centres[kernel][i], widths[i][kernel]);
        var (low, high) = (NormalDistribution.Cumulative(-centre / width), NormalDistribution.Cumulative((1 - centre) / width));
        return Math.Clamp(centre + width * NormalDistribution.Quantile(low + random.Unit() * (high - low)), 0, 1);
    }

    private static double LogSum(ReadOnlySpan<double> logs)
    {
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

        var width = widths[dimension][kernel];
        if (levels is not { } count)
        {
            return NormalDistribution.LogDensity((x - centre) / width) - logScales[dimension][kernel];
        }

        var cell = NormalDistribution.Cumulative((x + 0.5 / count - centre) / width) - NormalDistribution.Cumulative((x - 0.5 / count - centre) / width);
        return Math.Log(Math.Max(cell, 1e-300)) - logScales[dimension][kernel];
    }

    /// <summary>Share of a nominal kernel that stays on its own level; the rest spreads over all.</summary>
    private double Kept(long levels) => 1 - Math.Min(0.9, 1.0 / (1 + 0.5 * Math.Sqrt(centres.Length)) + 0.05 * Math.Log(levels));
}
