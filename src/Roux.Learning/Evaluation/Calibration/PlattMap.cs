namespace Roux.Learning.Evaluation.Calibration;

/// <summary>
/// A logistic curve over the model's log-odds (Platt 1999, "Probabilistic outputs for support vector machines"), fitted to targets that
/// are a little short of 0 and 1, by Newton's method (Lin, Lin and Weng 2007). Slope 1 and offset 0 leave probabilities as they are.
/// </summary>
public sealed class PlattMap : ProbabilityMap
{
    /// <param name="slope">Factor of the log-odds.</param>
    /// <param name="offset">Added to them.</param>
    /// <param name="floor">Stands in for probabilities below it; above 0.</param>
    public PlattMap(double slope, double offset, double floor) => (Slope, Offset, Floor) = (slope, offset, floor);

    /// <summary>Factor of the log-odds.</summary>
    public double Slope { get; }

    /// <summary>Added to them.</summary>
    public double Offset { get; }

    /// <summary>Stands in for probabilities below it.</summary>
    public double Floor { get; }

    /// <inheritdoc/>
    public override double Map(double p, double rest) => Learners.Probabilities.Logistic(Slope * LogOdds(p, rest, Floor) + Offset).One;

    /// <summary>Fits the curve.</summary>
    /// <param name="event">Whether the event happened, one per row.</param>
    /// <param name="p">The model's probability of it.</param>
    /// <param name="rest">The model's probability of the contrary.</param>
    public static PlattMap Fit(bool[] @event, double[] p, double[] rest)
    {
        var floor = Calibrator.Floor(p.Concat(rest));
        var x = new double[2 * p.Length];
        for (var row = 0; row < p.Length; row++)
        {
            (x[2 * row], x[2 * row + 1]) = (LogOdds(p[row], rest[row], floor), 1);
        }

        var weights = LogisticNewton.Fit(x, Targets(@event), [1, 0]);
        return new PlattMap(Math.Max(0, weights[0]), weights[0] < 0 ? Constant(@event) : weights[1], floor);
    }

    /// <summary>The logarithm of how many times likelier the event is than the contrary.</summary>
    internal static double LogOdds(double p, double rest, double floor) => Math.Log(Math.Max(p, floor)) - Math.Log(Math.Max(rest, floor));

    /// <summary>The targets of Platt 1999, section 2.2: (N+ + 1) / (N+ + 2) and 1 / (N- + 2), which no curve can run after into infinity.</summary>
    internal static double[] Targets(bool[] @event)
    {
        double yes = @event.Count(happened => happened), no = @event.Length - yes;
        return Array.ConvertAll(@event, happened => happened ? (yes + 1) / (yes + 2) : 1 / (no + 2));
    }

    /// <summary>The log-odds of the event itself, where probabilities say less than nothing.</summary>
    private static double Constant(bool[] @event)
    {
        double yes = @event.Count(happened => happened);
        return Math.Log((yes + 1) / (@event.Length - yes + 1));
    }
}
