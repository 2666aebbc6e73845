namespace Roux.Server.Components.Charts;

/// <summary>How the options of charts stand in a page's address.</summary>
internal static class ChartAddress
{
    public static ChartOptions Parse(string? axis, string? log, double? smoothing) => new(
        Enum.TryParse<ChartAxis>(axis, ignoreCase: true, out var found) && Enum.IsDefined(found) ? found : ChartAxis.Step,
        (log ?? "").Contains('x', StringComparison.Ordinal), (log ?? "").Contains('y', StringComparison.Ordinal), smoothing is > 0 and < 1 ? smoothing.Value : 0);

    public static Dictionary<string, object?> Of(ChartOptions options) => new(StringComparer.Ordinal)
    {
        ["x"] = options.Axis == ChartAxis.Step ? null : options.Axis.ToString().ToLowerInvariant(),
        ["log"] = (options.LogX, options.LogY) switch { (false, false) => null, (true, false) => "x", (false, true) => "y", _ => "xy" },
        ["smooth"] = options.Smoothing > 0 ? options.Smoothing : (double?)null,
    };
}
