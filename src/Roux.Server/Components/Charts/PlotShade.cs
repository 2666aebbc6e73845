namespace Roux.Server.Components.Charts;

/// <summary>Shades of a ramp for values.</summary>
internal static class PlotShade
{
    /// <summary>From 0 for the least to 1 for the greatest; NaN where there is no number.</summary>
    public static double[] Of(double[] values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        var (low, high) = finite.Length == 0 ? (0, 0) : (finite.Min(), finite.Max());
        return Array.ConvertAll(values, value => !double.IsFinite(value) ? double.NaN : high > low ? (value - low) / (high - low) : 0.5);
    }
}
