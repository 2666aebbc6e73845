using System.Text.Json.Nodes;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Columns;

/// <summary>Shifts and stretches a quantity: (x - Shift) * Factor.</summary>
/// <param name="Shift">Mean or minimum of the training rows.</param>
/// <param name="Factor">One over the standard deviation or the range.</param>
/// <param name="Clamp">Whether results are held within [0, 1].</param>
internal readonly record struct Scaler(double Shift, double Factor, bool Clamp)
{
    /// <summary>Beyond this, float32 (and any product of two features) would overflow.</summary>
    private const double Limit = 1e18;

    /// <summary>Changes nothing.</summary>
    public static Scaler None { get; } = new(0, 1, false);

    /// <summary>Fits to the values of the training rows; NaN are passed over. Constant columns are only shifted.</summary>
    /// <param name="scaling">What is wanted.</param>
    /// <param name="values">Values of the training rows.</param>
    /// <param name="smallest">Least standard deviation that is stretched to 1; smaller ones are noise and stay small.</param>
    public static Scaler Fit(Scaling scaling, IEnumerable<double> values, double smallest = 0)
    {
        if (scaling == Scaling.None)
        {
            return None;
        }

        // Welford's running moments (1962): one pass, stable for a large mean.
        var (count, mean, squares, low, high) = (0L, 0.0, 0.0, double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (double.IsNaN(value))
            {
                continue;
            }

            var delta = value - mean;
            mean += delta / ++count;
            squares += delta * (value - mean);
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (count == 0)
        {
            return None;
        }

        if (scaling == Scaling.MinMax)
        {
            var range = high - low;
            return new Scaler(low, range > 0 && double.IsFinite(1 / range) ? 1 / range : 1, true);
        }

        var deviation = Math.Max(Math.Sqrt(squares / count), smallest);
        return deviation > 1e-12 * Math.Abs(mean) && double.IsFinite(1 / deviation) ? new Scaler(mean, 1 / deviation, false) : new Scaler(mean, 1, false);
    }

    /// <summary>The scaled value as a feature, always finite for a number; NaN stays NaN.</summary>
    public float Apply(double value)
    {
        var scaled = (value - Shift) * Factor;
        return Clamp ? (float)Math.Clamp(scaled, 0, 1) : (float)Math.Clamp(scaled, -Limit, Limit);
    }

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new() { ["shift"] = Shift, ["factor"] = Factor, ["clamp"] = Clamp };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static Scaler FromJson(JsonNode json) => new(json.Double("shift"), json.Double("factor"), json.Bool("clamp"));
}
