using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.Evaluation;

/// <summary>
/// The bias-corrected and accelerated bootstrap (Efron 1987, "Better bootstrap confidence intervals") over rows of answers and predictions.
/// The acceleration comes from a jackknife that leaves out one row at a time, or one of 200 random groups where there are more rows
/// (skewness of group influences shrinks as the square root of the group's size grows, so the formula stays the same).
/// </summary>
internal sealed class Bootstrap
{
    private const int MostGroups = 200;
    private const int FewestResamples = 500;
    private const double MostUndefined = 0.1;
    private const long Affordable = 100_000_000; // row visits for all resamples together: about half a second on one core
    private const long TooMuch = 250_000_000;

    private readonly Target? y;
    private readonly int rows;
    private readonly MetricKernel kernel;
    private readonly int seed;
    private readonly BootstrapOptions options;
    private readonly CancellationToken cancellation;

    public Bootstrap(Metric metric, Target y, Predictions p, int seed, BootstrapOptions options, CancellationToken cancellation)
        : this(metric.Prepare(y, p), y.Count, seed, options, cancellation) => this.y = y;

    /// <summary>Of anything that can be computed of rows, each taken a number of times.</summary>
    public Bootstrap(MetricKernel kernel, int rows, int seed, BootstrapOptions options, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxResamples, 100);
        this.kernel = kernel;
        this.rows = rows;
        this.seed = seed;
        this.options = options;
        this.cancellation = cancellation;
    }

    private long CostOfOne => rows + kernel.Cost;

    /// <summary>The interval at a level between 0 and 1 around a known estimate.</summary>
    public Interval Interval(double estimate, double level)
    {
        if (CostOfOne * FewestResamples > TooMuch)
        {
            return JackknifeInterval(estimate, level);
        }

        var resamples = (int)Math.Min(options.MaxResamples, Math.Max(FewestResamples, Affordable / CostOfOne));
        var values = Defined(Draw(resamples, options.Stratified == true ? Strata() : null));
        if (options.Stratified is null && values.Length < (1 - MostUndefined) * resamples && Strata() is { } strata)
        {
            values = Defined(Draw(resamples, strata)); // plain resamples lose a rare class, without which the metric has no value
        }

        if (values.Length < Math.Max(50, resamples / 2))
        {
            return new Interval(estimate, double.NaN, double.NaN, "none: undefined on most resamples");
        }

        Array.Sort(values);
        if (values[0] == values[^1])
        {
            return new Interval(estimate, values[0], values[^1], "bootstrap (no variation between resamples)");
        }

        return Accelerated(estimate, level, values);
    }

    private Interval Accelerated(double estimate, double level, double[] sorted)
    {
        var tail = (1 - level) / 2;
        var below = 0.0;
        foreach (var value in sorted)
        {
            below += value < estimate ? 1 : value == estimate ? 0.5 : 0;
        }

        var bias = Tails.NormalQuantile(below / sorted.Length);
        var acceleration = Acceleration();
        double Adjusted(double probability)
        {
            var shifted = bias + Tails.NormalQuantile(probability);
            var scale = 1 - acceleration * shifted;
            return scale > 0 ? Tails.NormalBelow(bias + shifted / scale) : double.NaN;
        }

        var (low, high) = (Adjusted(tail), Adjusted(1 - tail));
        var works = double.IsFinite(bias) && double.IsFinite(low) && double.IsFinite(high) && low < high;
        var name = string.Create(CultureInfo.InvariantCulture, $"bootstrap {(works ? "BCa" : "percentile")} ({sorted.Length} resamples)");
        return works
            ? new Interval(estimate, Quantile(sorted, low), Quantile(sorted, high), name)
            : new Interval(estimate, Quantile(sorted, tail), Quantile(sorted, 1 - tail), name);
    }

    /// <summary>For so many rows that the normal approximation is as good as any: the jackknife over groups (Miller 1974).</summary>
    private Interval JackknifeInterval(double estimate, double level)
    {
        var values = Jackknife();
        double[] known = [.. values.Where(value => !double.IsNaN(value))];
        if (known.Length < MostGroups / 2)
        {
            return new Interval(estimate, double.NaN, double.NaN, "none: undefined on most subsamples");
        }

        var mean = known.Average();
        double groups = known.Length;
        var error = Math.Sqrt((groups - 1) / groups * known.Sum(value => (value - mean) * (value - mean)));
        var half = Tails.NormalQuantile((1 + level) / 2) * error;
        return new Interval(estimate, estimate - half, estimate + half, string.Create(CultureInfo.InvariantCulture, $"jackknife ({known.Length} groups)"));
    }

    private double Acceleration()
    {
        double[] values = [.. Jackknife().Where(value => !double.IsNaN(value))];
        if (values.Length < 2)
        {
            return 0;
        }

        var mean = values.Average();
        double squares = 0, cubes = 0;
        foreach (var value in values)
        {
            var influence = mean - value;
            squares += influence * influence;
            cubes += influence * influence * influence;
        }

        return squares == 0 ? 0 : cubes / (6 * Math.Pow(squares, 1.5));
    }

    private double[] Jackknife()
    {
        var order = Enumerable.Range(0, rows).ToArray();
        var groups = Math.Min(MostGroups, rows);
        if (groups < rows)
        {
            SplitMix64.Of(seed, -1).Shuffle(order);
        }

        var values = new double[groups];
        Run(groups, (group, counts) =>
        {
            Array.Fill(counts, 1);
            for (var i = group; i < order.Length; i += groups)
            {
                counts[order[i]] = 0;
            }

            values[group] = kernel.Evaluate(counts);
        });
        return values;
    }

    private static double[] Defined(double[] values) => [.. values.Where(value => !double.IsNaN(value))];

    private double[] Draw(int resamples, int[][]? strata)
    {
        var values = new double[resamples];
        Run(resamples, (resample, counts) =>
        {
            var random = SplitMix64.Of(seed, resample);
            Array.Clear(counts);
            if (strata is null)
            {
                for (var i = 0; i < counts.Length; i++)
                {
                    counts[random.Below(counts.Length)]++;
                }
            }
            else
            {
                foreach (var stratum in strata)
                {
                    for (var i = 0; i < stratum.Length; i++)
                    {
                        counts[stratum[random.Below(stratum.Length)]]++;
                    }
                }
            }

            values[resample] = kernel.Evaluate(counts);
        });
        return values;
    }

    /// <summary>The rows of each class; <c>null</c> where a row does not have exactly one.</summary>
    private int[][]? Strata() => y is not { Task: TaskKind.Binary or TaskKind.Multiclass } ? null
        : [.. Enumerable.Range(0, y.Count).GroupBy(row => y.Labels[row]).OrderBy(group => group.Key).Select(group => group.ToArray())];

    /// <summary>Runs independent pieces, each with a buffer of one count per row to fill.</summary>
    private void Run(int pieces, Action<int, int[]> piece)
    {
        var settings = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        Parallel.For(0, pieces, settings, () => new int[rows], (i, _, counts) =>
        {
            piece(i, counts);
            return counts;
        }, _ => { });
    }

    /// <summary>The quantile at place p (B + 1) of the order statistics, interpolated.</summary>
    private static double Quantile(double[] sorted, double p)
    {
        var place = p * (sorted.Length + 1) - 1;
        if (place <= 0)
        {
            return sorted[0];
        }

        if (place >= sorted.Length - 1)
        {
            return sorted[^1];
        }

        var below = (int)place;
        return sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }
}
