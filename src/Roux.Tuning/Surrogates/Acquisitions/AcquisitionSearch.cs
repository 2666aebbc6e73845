using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>
/// Finds the point of the largest acquisition in a box: a random design and neighbours of good points, then gradient ascent from the most promising ones on the continuous dimensions,
/// in turn with steps over the levels of the others.
/// </summary>
internal sealed class AcquisitionSearch(Acquisition acquisition, UnitSpace space, double[] low, double[] high, Func<double[], bool> wasTried)
{
    private const int Starts = 4;

    private readonly int[] continuous = [.. Enumerable.Range(0, space.Dimensions).Where(i => space.Levels[i] is null)];
    private readonly int[] discrete = [.. Enumerable.Range(0, space.Dimensions).Where(i => space.Levels[i] is > 1)];

    /// <summary>The best point found, and the acquisition there.</summary>
    /// <param name="design">Points that spread over the box.</param>
    /// <param name="good">Points around which to look closely, the best first.</param>
    /// <param name="random">Perturbs them.</param>
    /// <param name="evaluations">Of each ascent.</param>
    public (double[] Point, double Value) Maximize(IEnumerable<double[]> design, IReadOnlyList<double[]> good, Rng random, int evaluations)
    {
        var candidates = new List<(double Value, double[] Point)>();
        foreach (var point in design.Concat(Neighbours(good, random)))
        {
            space.Snap(point);
            candidates.Add((acquisition.At(point), point));
        }

        candidates.Sort((a, b) => b.Value.CompareTo(a.Value));
        var fresh = candidates.FindIndex(candidate => !wasTried(candidate.Point));
        var found = candidates[Math.Max(0, fresh)];
        foreach (var start in Apart(candidates))
        {
            var improved = Climb(start, evaluations);
            if (improved.Value > found.Value && (fresh < 0 || !wasTried(improved.Point)))
            {
                found = improved;
            }
        }

        return (found.Point, found.Value);
    }

    private IEnumerable<double[]> Neighbours(IReadOnlyList<double[]> good, Rng random)
    {
        for (var rank = 0; rank < good.Count; rank++)
        {
            foreach (var width in (double[])[0.2, 0.05, 0.01])
            {
                for (var k = 0; k < 6; k++)
                {
                    var point = (double[])good[rank].Clone();
                    var share = Math.Max(1.0 / point.Length, random.Unit());
                    for (var i = 0; i < point.Length; i++)
                    {
                        if (random.Unit() < share)
                        {
                            point[i] = space.Nominal[i] ? random.Unit() : Reflect(point[i] + random.Normal() * width * (space.Levels[i] is { } levels ? Math.Max(1, 2.0 / levels / width) : 1), low[i], high[i]);
                        }
                    }

                    yield return point;
                }
            }
        }
    }

    private static double Reflect(double value, double low, double high)
    {
        value = value < low ? 2 * low - value : value > high ? 2 * high - value : value;
        return Math.Clamp(value, low, high);
    }

    /// <summary>The best candidates that are not next to each other.</summary>
    private static IEnumerable<(double Value, double[] Point)> Apart(List<(double Value, double[] Point)> candidates)
    {
        var taken = new List<double[]>();
        foreach (var candidate in candidates)
        {
            if (taken.TrueForAll(other => Distance(other, candidate.Point) > 0.05))
            {
                taken.Add(candidate.Point);
                yield return candidate;
                if (taken.Count == Starts)
                {
                    yield break;
                }
            }
        }
    }

    private static double Distance(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum = Math.Max(sum, Math.Abs(a[i] - b[i]));
        }

        return sum;
    }

    private (double Value, double[] Point) Climb((double Value, double[] Point) start, int evaluations)
    {
        var (value, point) = (start.Value, (double[])start.Point.Clone());
        for (var round = 0; round < (discrete.Length == 0 ? 1 : 2); round++)
        {
            var before = value;
            if (continuous.Length > 0)
            {
                value = ClimbContinuous(point, evaluations);
            }

            foreach (var dimension in discrete)
            {
                value = ClimbLevels(point, dimension, value);
            }

            if (value - before < 1e-4)
            {
                break;
            }
        }

        return (value, point);
    }

    private double ClimbContinuous(double[] point, int evaluations)
    {
        var x = Array.ConvertAll(continuous, i => point[i]);
        var whole = (double[])point.Clone();
        var slopes = new double[point.Length];
        var value = -Lbfgs.Minimize(
            (at, gradient) =>
            {
                for (var k = 0; k < continuous.Length; k++)
                {
                    whole[continuous[k]] = at[k];
                }

                var there = acquisition.At(whole, slopes);
                for (var k = 0; k < continuous.Length; k++)
                {
                    gradient[k] = -slopes[continuous[k]];
                }

                return -there;
            },
            x, Array.ConvertAll(continuous, i => low[i]), Array.ConvertAll(continuous, i => high[i]), evaluations, 1e-4);
        for (var k = 0; k < continuous.Length; k++)
        {
            point[continuous[k]] = x[k];
        }

        return value;
    }

    private double ClimbLevels(double[] point, int dimension, double value)
    {
        var levels = space.Levels[dimension]!.Value;
        var kept = point[dimension];
        foreach (var level in Alternatives(point[dimension], dimension, levels))
        {
            if (level < low[dimension] - 1e-9 || level > high[dimension] + 1e-9 || level == kept)
            {
                continue;
            }

            var before = point[dimension];
            point[dimension] = level;
            var there = acquisition.At(point);
            if (there > value)
            {
                value = there;
            }
            else
            {
                point[dimension] = before;
            }
        }

        if (space.IsConditional)
        {
            space.Snap(point);
            value = acquisition.At(point);
        }

        return value;
    }

    /// <summary>All levels where there are few or no order, else those near the present one.</summary>
    private IEnumerable<double> Alternatives(double present, int dimension, long levels)
    {
        if (levels <= 8 || space.Nominal[dimension])
        {
            return Enumerable.Range(0, (int)Math.Min(levels, 64)).Select(level => space.Snap(dimension, (level + 0.5) / levels));
        }

        return new[] { -0.25, -0.1, 0.1, 0.25 }.Select(step => present + step).Concat([present - 1.0 / levels, present + 1.0 / levels, present - 2.0 / levels, present + 2.0 / levels])
            .Select(value => space.Snap(dimension, value));
    }
}
