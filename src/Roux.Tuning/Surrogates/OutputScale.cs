namespace Roux.Tuning.Surrogates;

/// <summary>
/// Brings objective values to a scale on which a Gaussian process fits: centred, scaled, and bent by the power transform of Yeo and
/// Johnson (2000) whose exponent makes them most nearly normal. Monotone, so the order of trials stays.
/// </summary>
internal static class OutputScale
{
    /// <summary>The transformed values: mean 0, standard deviation 1.</summary>
    public static double[] Apply(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        var median = sorted[sorted.Length / 2];
        var spread = sorted[(int)(sorted.Length * 0.75)] - sorted[(int)(sorted.Length * 0.25)];
        var scale = spread > 0 ? spread : Math.Max(sorted[^1] - sorted[0], 1e-300);
        double[] centred = [.. values.Select(value => Math.Clamp((value - median) / scale, -1e3, 1e3))];
        var (best, exponent) = (double.PositiveInfinity, 1.0);
        for (var candidate = -1.0; candidate <= 1.51; candidate += 0.25)
        {
            var loss = Loss(centred, candidate);
            if (loss < best)
            {
                (best, exponent) = (loss, candidate);
            }
        }

        double[] bent = [.. centred.Select(value => Bend(value, exponent))];
        var mean = bent.Average();
        var deviation = Math.Sqrt(bent.Sum(value => (value - mean) * (value - mean)) / bent.Length);
        return [.. bent.Select(value => (value - mean) / Math.Max(deviation, 1e-12))];
    }

    /// <summary>Minus the profile log likelihood of an exponent, per value.</summary>
    private static double Loss(double[] values, double exponent)
    {
        double[] bent = [.. values.Select(value => Bend(value, exponent))];
        var mean = bent.Average();
        var variance = bent.Sum(value => (value - mean) * (value - mean)) / bent.Length;
        return 0.5 * Math.Log(Math.Max(variance, 1e-300)) - (exponent - 1) * values.Average(value => Math.Sign(value) * Math.Log(1 + Math.Abs(value)));
    }

    private static double Bend(double value, double exponent) => value >= 0
        ? Math.Abs(exponent) < 1e-9 ? Math.Log(1 + value) : (Math.Pow(1 + value, exponent) - 1) / exponent
        : Math.Abs(exponent - 2) < 1e-9 ? -Math.Log(1 - value) : -(Math.Pow(1 - value, 2 - exponent) - 1) / (2 - exponent);
}
