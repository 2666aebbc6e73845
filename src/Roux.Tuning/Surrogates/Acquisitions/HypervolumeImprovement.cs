using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>
/// The logarithm of the volume that a trial is expected to add to what the Pareto front dominates (Emmerich et al. 2006; exact and
/// with gradients, for independent objectives, after Yang et al. 2019, "Efficient computation of expected hypervolume improvement
/// using box decomposition algorithms"). The volume that is not dominated falls into boxes; over a box the expectation is a product,
/// over objectives, of differences of expected improvements below its two sides.
/// </summary>
internal sealed class HypervolumeImprovement : Acquisition
{
    private readonly GaussianProcess[] processes;
    private readonly double[][] bounds;
    private readonly (int Low, int High)[][] boxes;

    /// <param name="processes">One an objective, to be minimised.</param>
    /// <param name="front">Points that do not dominate each other.</param>
    /// <param name="reference">Beyond it nothing counts.</param>
    public HypervolumeImprovement(GaussianProcess[] processes, IReadOnlyList<double[]> front, double[] reference)
    {
        this.processes = processes;
        var inside = front.Where(point => point.Zip(reference, (value, limit) => value < limit).All(below => below)).ToList();
        bounds = [.. Enumerable.Range(0, reference.Length).Select(j => inside.Select(point => point[j]).Append(reference[j]).Distinct().Order().ToArray())];
        int[][] places = [.. inside.Select(point => point.Select((value, j) => Array.BinarySearch(bounds[j], value)).ToArray())];
        boxes = [.. Decompose(places, reference.Length)];
    }

    public override double At(ReadOnlySpan<double> x)
    {
        var logs = new double[boxes.Length];
        for (var j = 0; j < processes.Length; j++)
        {
            var (mean, variance) = processes[j].Predict(x);
            var deviation = Math.Sqrt(variance);
            double[] below = Array.ConvertAll(bounds[j], bound => Math.Log(deviation) + NormalDistribution.LogImprovement((bound - mean) / deviation).Value);
            for (var b = 0; b < boxes.Length; b++)
            {
                logs[b] += Difference(below, boxes[b][j]);
            }
        }

        return LogSpace.Sum(logs);
    }

    public override double At(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var d = x.Length;
        var logs = new double[boxes.Length];
        var byMean = new double[processes.Length * boxes.Length];
        var byDeviation = new double[processes.Length * boxes.Length];
        var (meanSlopes, deviationSlopes) = (new double[processes.Length * d], new double[processes.Length * d]);
        for (var j = 0; j < processes.Length; j++)
        {
            var slopes = deviationSlopes.AsSpan(j * d, d);
            var (mean, variance) = processes[j].Predict(x, meanSlopes.AsSpan(j * d, d), slopes);
            var deviation = Math.Sqrt(variance);
            System.Numerics.Tensors.TensorPrimitives.Divide(slopes, 2 * deviation, slopes);
            var z = Array.ConvertAll(bounds[j], bound => (bound - mean) / deviation);
            var below = Array.ConvertAll(z, value => NormalDistribution.LogImprovement(value));
            double[] values = Array.ConvertAll(below, pair => Math.Log(deviation) + pair.Value);
            for (var b = 0; b < boxes.Length; b++)
            {
                var (low, high) = boxes[b][j];
                logs[b] += Difference(values, boxes[b][j]);

                // G is the expected improvement below a bound: d log G / dm = -slope / s, d log G / ds = (1 - z slope) / s.
                var ratio = low < 0 ? 0 : Math.Exp(values[low] - values[high]);
                var (highSlope, lowSlope) = (below[high].Slope, low < 0 ? 0 : below[low].Slope);
                var rest = Math.Max(1 - ratio, 1e-12) * deviation;
                byMean[j * boxes.Length + b] = -(highSlope - ratio * lowSlope) / rest;
                byDeviation[j * boxes.Length + b] = (1 - z[high] * highSlope - ratio * (low < 0 ? 0 : 1 - z[low] * lowSlope)) / rest;
            }
        }

        var sum = LogSpace.Sum(logs);
        gradient.Clear();
        for (var j = 0; j < processes.Length; j++)
        {
            var (mean, deviation) = (0.0, 0.0);
            for (var b = 0; b < boxes.Length; b++)
            {
                var share = Math.Exp(logs[b] - sum);
                mean += share * byMean[j * boxes.Length + b];
                deviation += share * byDeviation[j * boxes.Length + b];
            }

            for (var i = 0; i < d; i++)
            {
                gradient[i] += mean * meanSlopes[j * d + i] + deviation * deviationSlopes[j * d + i];
            }
        }

        return sum;
    }

    /// <summary>log (G(high) - G(low)), from log G at every bound; no low side: G is 0 there.</summary>
    private static double Difference(double[] below, (int Low, int High) side) =>
        side.Low < 0 ? below[side.High] : below[side.High] + Math.Log(Math.Max(1 - Math.Exp(below[side.Low] - below[side.High]), 1e-300));

    /// <summary>Boxes over the volume that no point dominates, by slicing along the last objective; sides are places among the bounds, -1 for none.</summary>
    private IEnumerable<(int Low, int High)[]> Decompose(int[][] points, int objectives)
    {
        var last = objectives - 1;
        if (objectives == 1)
        {
            var side = points.Length == 0 ? bounds[0].Length - 1 : points.Min(point => point[0]);
            yield return [(-1, side)];
            yield break;
        }

        int[][] ordered = [.. points.OrderBy(point => point[last])];
        var low = -1;
        for (var k = 0; k <= ordered.Length; k++)
        {
            var high = k < ordered.Length ? ordered[k][last] : bounds[last].Length - 1;
            if (high == low)
            {
                continue;
            }

            foreach (var box in Decompose(ordered[..k], last))
            {
                yield return [.. box, (low, high)];
            }

            low = high;
        }
    }
}
