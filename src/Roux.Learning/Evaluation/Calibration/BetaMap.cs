namespace Roux.Learning.Evaluation.Calibration;

/// <summary>
/// Beta calibration (Kull, Silva Filho and Flach 2017, "Beyond sigmoids: how to obtain well-calibrated probabilities from binary
/// classifiers with beta calibration"): log-odds a ln p - b ln(1 - p) + c with a and b not negative, fitted as a logistic regression;
/// where one of them comes out negative it is 0 and the others are fitted again, as in the paper.
/// </summary>
public sealed class BetaMap : ProbabilityMap
{
    /// <param name="a">Factor of ln p, not negative.</param>
    /// <param name="b">Factor of -ln(1 - p), not negative.</param>
    /// <param name="c">Added.</param>
    /// <param name="floor">Stands in for probabilities below it; above 0.</param>
    public BetaMap(double a, double b, double c, double floor) => (A, B, C, Floor) = (a, b, c, floor);

    /// <summary>Factor of ln p.</summary>
    public double A { get; }

    /// <summary>Factor of -ln(1 - p).</summary>
    public double B { get; }

    /// <summary>Added.</summary>
    public double C { get; }

    /// <summary>Stands in for probabilities below it.</summary>
    public double Floor { get; }

    /// <inheritdoc/>
    public override double Map(double p, double rest) =>
        Learners.Probabilities.Logistic(A * Math.Log(Math.Max(p, Floor)) - B * Math.Log(Math.Max(rest, Floor)) + C).One;

    /// <summary>Fits the curve.</summary>
    /// <param name="event">Whether the event happened, one per row.</param>
    /// <param name="p">The model's probability of it.</param>
    /// <param name="rest">The model's probability of the contrary.</param>
    public static BetaMap Fit(bool[] @event, double[] p, double[] rest)
    {
        var floor = Calibrator.Floor(p.Concat(rest));
        var left = Array.ConvertAll(p, value => Math.Log(Math.Max(value, floor)));
        var right = Array.ConvertAll(rest, value => -Math.Log(Math.Max(value, floor)));
        var targets = PlattMap.Targets(@event); // hard targets run into infinity where classes are apart
        var (a, b, c) = Fit(targets, left, right);
        if (a < 0)
        {
            (a, b, c) = Fit(targets, null, right);
        }
        else if (b < 0)
        {
            (a, b, c) = Fit(targets, left, null);
        }

        return new BetaMap(Math.Max(0, a), Math.Max(0, b), c, floor);
    }

    private static (double A, double B, double C) Fit(double[] targets, double[]? left, double[]? right)
    {
        double[][] features = [.. new[] { left, right }.OfType<double[]>()];
        var d = features.Length + 1;
        var x = new double[targets.Length * d];
        for (var row = 0; row < targets.Length; row++)
        {
            for (var j = 0; j < features.Length; j++)
            {
                x[row * d + j] = features[j][row];
            }

            x[row * d + d - 1] = 1;
        }

        var weights = LogisticNewton.Fit(x, targets, [.. features.Select(_ => 1.0), 0]);
        return (left is null ? 0 : weights[0], right is null ? 0 : weights[d - 2], weights[d - 1]);
    }
}
