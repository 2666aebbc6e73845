using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>
/// Chooses the numeric settings of a copied member where a Gaussian process expects the largest gain over the next interval, by an upper confidence
/// bound (Parker-Holder et al. 2020, "Provably efficient online hyperparameter optimization with population-based bandits", PB2). Members that
/// run count with what is expected of them, so that several that copy at once spread.
/// </summary>
internal sealed class BanditExplorer(UnitSpace space, PopulationOptions options)
{
    private const int Fewest = 4;
    private const int MostPoints = 80;
    private const int Looks = 200;

    private readonly int[] numeric = [.. Enumerable.Range(0, space.Dimensions).Where(i => !space.Nominal[i] && !options.Kept.Contains(space.Space.Parameters[i].Name))];

    /// <summary>The settings chosen, those without order as they were perturbed; <c>null</c> where too little is known yet.</summary>
    public Configuration? Choose(Segment from, Configuration perturbed, IReadOnlyList<Segment> segments, Rng random)
    {
        var known = segments.Where(segment => segment.State == SegmentState.Done && segment.Parent is { } parent && double.IsFinite(Gain(segment, segments[parent]))).TakeLast(MostPoints).ToArray();
        if (known.Length < Fewest || numeric.Length == 0)
        {
            return null;
        }

        double[] values = [.. known.Select(segment => segments[segment.Parent!.Value].Value), from.Value];
        var (low, span) = (values.Min(), Math.Max(values.Max() - values.Min(), 1e-12));
        double[] Row(Configuration configuration, double value)
        {
            var point = space.Encode(configuration);
            return [.. numeric.Select(i => point[i]), (value - low) / span];
        }

        var process = FadingProcess.Fit(
            [.. known.Select(segment => Row(segment.Configuration, segments[segment.Parent!.Value].Value))], [.. known.Select(segment => (double)segment.From / options.Interval)],
            [.. known.Select(segment => Gain(segment, segments[segment.Parent!.Value]))]);
        var time = (double)from.To / options.Interval;
        foreach (var running in segments.Where(segment => segment.State == SegmentState.Running && segment.Parent is not null))
        {
            process = process.Believing(Row(running.Configuration, segments[running.Parent!.Value].Value), (double)running.From / options.Interval);
        }

        var width = Math.Sqrt(0.2 + Math.Max(0, Math.Log(0.4 * known.Length))); // as in the authors' code
        var start = space.Encode(perturbed);
        var (best, most) = (start, double.NegativeInfinity);
        for (var look = 0; look < Looks; look++)
        {
            // A half all over the box, a half closer and closer to the best so far.
            var point = (double[])(look % 2 == 0 ? start : best).Clone();
            foreach (var i in numeric)
            {
                point[i] = look == 0 ? point[i] : look % 2 == 0 ? random.Unit() : Math.Clamp(point[i] + random.Normal() * 0.3 * (1 - look / (double)Looks), 0, 1);
            }

            space.Snap(point);
            var (mean, variance) = process.Predict([.. numeric.Select(i => point[i]), (from.Value - low) / span], time);
            var bound = mean + width * Math.Sqrt(variance);
            (best, most) = bound > most ? (point, bound) : (best, most);
        }

        return space.Decode(best);
    }

    /// <summary>By how much a segment bettered its parent.</summary>
    private double Gain(Segment segment, Segment parent) => (options.Direction == Direction.Minimize ? 1 : -1) * (parent.Value - segment.Value);
}
