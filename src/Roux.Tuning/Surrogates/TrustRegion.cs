namespace Roux.Tuning.Surrogates;

/// <summary>
/// A box around the best point that grows with success and shrinks with failure (Eriksson et al. 2019, "Scalable global optimization
/// via local Bayesian optimization", TuRBO-1). Replayed from the history alone, so that a resumed study goes on as it would have.
/// </summary>
internal sealed class TrustRegion
{
    private const double Start = 0.4;
    private const double Largest = 0.8;
    private const double Smallest = 1e-3;

    private int seen;
    private int successes;
    private int failures;

    /// <summary>Side of the box before it is stretched by length scales.</summary>
    public double Side { get; private set; } = Start;

    /// <summary>The best trial so far.</summary>
    public Observation? Best { get; private set; }

    /// <summary>Times that the box became too small and began anew.</summary>
    public int Restarts { get; private set; }

    /// <summary>Takes in the trials told since the last time.</summary>
    public void Follow(IReadOnlyList<Observation> observations, int dimensions)
    {
        var patience = Math.Clamp(dimensions, 3, 8);
        for (; seen < observations.Count; seen++)
        {
            var observation = observations[seen];
            if (Best is null || observation.Value < Best.Value)
            {
                var inside = Best is not null && Distance(observation.Point, Best.Point) <= Side;
                var clearly = Best is null || observation.Value < Best.Value - 1e-3 * Math.Abs(Best.Value);
                Best = observation;
                (successes, failures) = inside && clearly ? (successes + 1, 0) : (successes, failures);
            }
            else if (Distance(observation.Point, Best.Point) <= Side / 2 + 1e-9)
            {
                (successes, failures) = (0, failures + 1);
            }

            if (successes >= 2)
            {
                (Side, successes) = (Math.Min(Largest, Side * 2), 0);
            }
            else if (failures >= patience)
            {
                (Side, failures) = (Side / 2, 0);
                if (Side < Smallest)
                {
                    (Side, Restarts) = (Start, Restarts + 1);
                }
            }
        }
    }

    /// <summary>The box around the best point: longer where the function varies little (length scales, relative to their geometric mean), whole in dimensions without order.</summary>
    public (double[] Low, double[] High) Box(ReadOnlySpan<double> logLengths, bool[] nominal)
    {
        var mean = 0.0;
        foreach (var length in logLengths)
        {
            mean += length / logLengths.Length;
        }

        var (low, high) = (new double[logLengths.Length], new double[logLengths.Length]);
        for (var i = 0; i < low.Length; i++)
        {
            var half = nominal[i] ? 1 : 0.5 * Side * Math.Exp(Math.Clamp(logLengths[i] - mean, -1.5, 1.5));
            (low[i], high[i]) = (Math.Max(0, Best!.Point[i] - half), Math.Min(1, Best.Point[i] + half));
        }

        return (low, high);
    }

    private static double Distance(double[] a, double[] b)
    {
        var most = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            most = Math.Max(most, Math.Abs(a[i] - b[i]));
        }

        return most;
    }
}
