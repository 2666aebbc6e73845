using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>
/// Covariance matrix adaptation (Hansen 2016, "The CMA evolution strategy: a tutorial") in the Cholesky form (Suttorp et al. 2009),
/// learning from the bad half too (Jastrebski and Arnold 2006, active CMA-ES), points outside the box drawn again,
/// with a margin that keeps dimensions with levels from freezing (Hamano et al. 2022, "CMA-ES with margin"), and restarts with twice
/// the population when it has converged (Auger and Hansen 2005, IPOP). Levels without order are drawn from smoothed frequencies of
/// the better half. Its state follows from the trials told, in their order.
/// </summary>
public sealed class CmaEsSampler : Sampler
{
    private CmaState? state;
    private int seen;

    /// <inheritdoc/>
    public override string Name => "cmaes";

    internal override double[] Suggest(History history, Rng random)
    {
        var space = history.Space;
        state ??= new CmaState(space, CmaState.UsualPopulation(space.Dimensions), Centre(space));
        for (; seen < history.Observations.Count; seen++)
        {
            state = state.Tell(history.Observations[seen], new Rng(history.Seed, -2 - seen));
        }

        var point = state.Draw(random);
        space.Snap(point);
        return point;
    }

    private static double[] Centre(UnitSpace space)
    {
        var centre = new double[space.Dimensions];
        Array.Fill(centre, 0.5);
        return centre;
    }
}

/// <summary>Mean, step size, covariance and paths of one descent; the population gathered so far.</summary>
internal sealed class CmaState
{
    private const double FirstStep = 1.0 / 6;
    private const int Redraws = 100;

    private readonly UnitSpace space;
    private readonly int population;
    private readonly double[] mean;
    private readonly double[] covariance;
    private readonly double[] stepPath;
    private readonly double[] covariancePath;
    private readonly double[] recombination;
    private readonly double effective;
    private readonly double oneRate;
    private readonly double manyRate;
    private readonly double[] adaptation;
    private readonly List<Observation> gathered = [];
    private readonly Dictionary<int, double[]> frequencies = [];
    private double[] factor;
    private double step = FirstStep;
    private int generation;
    private double bestEver = double.PositiveInfinity;
    private int stale;

    public CmaState(UnitSpace space, int population, double[] mean)
    {
        (this.space, this.population, this.mean) = (space, population, mean);
        var d = space.Dimensions;
        (covariance, stepPath, covariancePath) = (Identity(d), new double[d], new double[d]);
        factor = Identity(d);
        var parents = Math.Max(1, population / 2);
        double[] raw = [.. Enumerable.Range(1, population).Select(rank => Math.Log((population + 1) / 2.0) - Math.Log(rank))];
        recombination = [.. raw.Take(parents)];
        var sum = recombination.Sum();
        recombination = Array.ConvertAll(recombination, weight => weight / sum);
        effective = 1 / recombination.Sum(weight => weight * weight);
        oneRate = 2 / ((d + 1.3) * (d + 1.3) + effective);
        manyRate = Math.Min(1 - oneRate, 2 * (0.25 + effective - 2 + 1 / effective) / ((d + 2.0) * (d + 2) + effective));
        adaptation = [.. recombination, .. Negative([.. raw.Skip(parents)])];
    }

    /// <summary>Weights of the bad half, negative (Hansen 2016, equations 50 to 53).</summary>
    private double[] Negative(double[] raw)
    {
        var sum = -raw.Sum(weight => Math.Min(weight, 0));
        if (sum <= 0 || manyRate <= 0)
        {
            return new double[raw.Length];
        }

        var bad = sum * sum / raw.Sum(weight => Math.Min(weight, 0) * Math.Min(weight, 0));
        var total = Math.Min(1 + oneRate / manyRate, Math.Min(1 + 2 * bad / (effective + 2), (1 - oneRate - manyRate) / (mean.Length * manyRate)));
        return Array.ConvertAll(raw, weight => Math.Min(weight, 0) / sum * total);
    }

    public static int UsualPopulation(int dimensions) => 4 + (int)(3 * Math.Log(Math.Max(1, dimensions)));

    public double[] Draw(Rng random)
    {
        var point = new double[mean.Length];
        for (var i = 0; i < point.Length; i++)
        {
            point[i] = space.Nominal[i] ? DrawLevel(i, random) : 0;
        }

        for (var redraw = 0; !TryMove(point, random) && redraw < Redraws; redraw++)
        {
        }

        return Array.ConvertAll(point, value => Math.Clamp(value, 0, 1));
    }

    /// <summary>Draws the dimensions that have an order; <c>false</c> where the point lies outside the box.</summary>
    private bool TryMove(double[] point, Rng random)
    {
        var d = mean.Length;
        var z = new double[d];
        var isInside = true;
        for (var i = 0; i < d; i++)
        {
            z[i] = random.Normal();
            if (space.Nominal[i])
            {
                continue;
            }

            var move = 0.0;
            for (var j = 0; j <= i; j++)
            {
                move += factor[i * d + j] * z[j];
            }

            move *= step;
            if (space.Levels[i] is { } levels and > 1)
            {
                // The margin: the chance to leave the mean's level stays at least 1 / (dimensions x population).
                var deviation = step * Math.Sqrt(covariance[i * d + i]);
                var least = 0.5 / levels / NormalDistribution.Quantile(1 - 0.5 / Math.Max(2, d * population));
                move *= Math.Max(1, least / Math.Max(deviation, 1e-300));
            }

            point[i] = mean[i] + move;
            isInside &= point[i] is >= 0 and <= 1;
        }

        return isInside;
    }

    /// <summary>Takes in one trial; returns the state to go on with, a new one after a restart.</summary>
    public CmaState Tell(Observation observation, Rng random)
    {
        gathered.Add(observation);
        if (gathered.Count < population)
        {
            return this;
        }

        gathered.Sort((a, b) => a.Violation != b.Violation ? a.Violation.CompareTo(b.Violation) : a.Value.CompareTo(b.Value));
        var (best, worst) = (gathered[0].Value, gathered[^1].Value);
        Update();
        gathered.Clear();
        stale = best < bestEver - 1e-12 * Math.Abs(bestEver) || double.IsInfinity(bestEver) ? 0 : stale + 1;
        bestEver = Math.Min(bestEver, best);
        var deviation = step * Math.Sqrt(Enumerable.Range(0, mean.Length).Max(i => covariance[i * mean.Length + i]));
        var converged = deviation < 1e-9 || worst - best < 1e-14 * Math.Abs(best) || stale > 10 + 30 * mean.Length / population || !double.IsFinite(deviation);
        if (!converged)
        {
            return this;
        }

        var start = new double[mean.Length];
        for (var i = 0; i < start.Length; i++)
        {
            start[i] = random.Unit();
        }

        return new CmaState(space, population * 2, start);
    }

    private void Update()
    {
        var d = mean.Length;
        var stepRate = (effective + 2) / (d + effective + 5);
        var stepDamping = 1 + 2 * Math.Max(0, Math.Sqrt((effective - 1) / (d + 1)) - 1) + stepRate;
        var pathRate = (4 + effective / d) / (d + 4 + 2 * effective / d);
        var expected = Math.Sqrt(d) * (1 - 1.0 / (4 * d) + 1.0 / (21.0 * d * d));

        double[][] moves = [.. gathered.Select(observation => observation.Point.Zip(mean, (x, m) => (x - m) / step).ToArray())];
        var shift = new double[d];
        for (var k = 0; k < recombination.Length; k++)
        {
            for (var i = 0; i < d; i++)
            {
                shift[i] += recombination[k] * moves[k][i];
            }
        }

        UpdateFrequencies();
        generation++;
        var whitened = Whiten(shift);
        var squared = 0.0;
        for (var i = 0; i < d; i++)
        {
            mean[i] = Math.Clamp(mean[i] + step * shift[i], 0, 1);
            stepPath[i] = (1 - stepRate) * stepPath[i] + Math.Sqrt(stepRate * (2 - stepRate) * effective) * whitened[i];
            squared += stepPath[i] * stepPath[i];
        }

        var length = Math.Sqrt(squared);
        var holds = length / Math.Sqrt(1 - Math.Pow(1 - stepRate, 2 * generation)) < (1.4 + 2.0 / (d + 1)) * expected ? 1.0 : 0.0;
        for (var i = 0; i < d; i++)
        {
            covariancePath[i] = (1 - pathRate) * covariancePath[i] + holds * Math.Sqrt(pathRate * (2 - pathRate) * effective) * shift[i];
        }

        // A bad move counts by its direction alone, so that the covariance stays positive definite.
        double[] weights = [.. moves.Select((move, k) => adaptation[k] >= 0 ? adaptation[k] : adaptation[k] * d / Math.Max(Whiten(move).Sum(value => value * value), 1e-12))];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var many = 0.0;
                for (var k = 0; k < moves.Length; k++)
                {
                    many += weights[k] * moves[k][i] * moves[k][j];
                }

                var value = (1 - oneRate - manyRate * adaptation.Sum() + (1 - holds) * oneRate * pathRate * (2 - pathRate)) * covariance[i * d + j]
                    + oneRate * covariancePath[i] * covariancePath[j] + manyRate * many;
                covariance[i * d + j] = covariance[j * d + i] = value;
            }
        }

        step = Math.Min(1, step * Math.Exp(Math.Min(1, stepRate / stepDamping * (length / expected - 1))));
        factor = Factor();
    }

    private double[] Factor()
    {
        var d = mean.Length;
        for (var jitter = 0.0; jitter < 1; jitter = jitter == 0 ? 1e-12 : jitter * 10)
        {
            var lower = (double[])covariance.Clone();
            for (var i = 0; i < d; i++)
            {
                lower[i * d + i] += jitter;
            }

            if (Cholesky.Factor(lower, d) is not null)
            {
                return lower;
            }
        }

        covariance.AsSpan().Clear();
        Identity(d).CopyTo(covariance, 0);
        return Identity(d);
    }

    /// <summary>L⁻¹ v.</summary>
    private double[] Whiten(double[] v)
    {
        var d = v.Length;
        var solved = (double[])v.Clone();
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < i; j++)
            {
                solved[i] -= factor[i * d + j] * solved[j];
            }

            solved[i] /= factor[i * d + i];
        }

        return solved;
    }

    private double DrawLevel(int dimension, Rng random)
    {
        var levels = (int)space.Levels[dimension]!.Value;
        if (!frequencies.TryGetValue(dimension, out var shares))
        {
            return (random.Below(levels) + 0.5) / levels;
        }

        var u = random.Unit();
        var level = 0;
        for (; level + 1 < levels && (u -= shares[level]) >= 0; level++)
        {
        }

        return (level + 0.5) / levels;
    }

    private void UpdateFrequencies()
    {
        for (var i = 0; i < mean.Length; i++)
        {
            if (!space.Nominal[i])
            {
                continue;
            }

            var levels = (int)space.Levels[i]!.Value;
            var shares = frequencies.TryGetValue(i, out var known) ? known : [.. Enumerable.Repeat(1.0 / levels, levels)];
            var rate = Math.Min(0.5, 2.0 / Math.Max(4, levels));
            for (var level = 0; level < levels; level++)
            {
                var drawn = gathered.Take(recombination.Length).Zip(recombination, (observation, weight) => (int)(observation.Point[i] * levels) == level ? weight : 0).Sum();
                shares[level] = Math.Max((1 - rate) * shares[level] + rate * drawn, 0.2 / (levels * population));
            }

            var sum = shares.Sum();
            frequencies[i] = Array.ConvertAll(shares, share => share / sum);
        }
    }

    private static double[] Identity(int d)
    {
        var identity = new double[d * d];
        for (var i = 0; i < d; i++)
        {
            identity[i * d + i] = 1;
        }

        return identity;
    }
}
