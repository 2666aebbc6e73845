using System.Globalization;
using Roux.Cli.Printing;
using Roux.Learning.AutoML;

namespace Roux.Cli.Commands;

/// <summary>What the winner of a development costs, in a line.</summary>
internal static class CostsLine
{
    public static string? Of(DevelopCosts? costs)
    {
        if (costs?.Find(costs.Winner) is not { } winner)
        {
            return null;
        }

        var parts = new List<string>();
        if (winner.Measured is { } measured)
        {
            parts.Add($"a row {CostCommand.Time(measured.P50Microseconds)} (p95 {CostCommand.Time(measured.P95Microseconds)})");
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{measured.RowsPerSecond:N0} rows/s"));
        }

        if (winner.FileBytes is { } bytes)
        {
            parts.Add($"file {HumanText.Bytes(bytes)}");
        }

        if (winner.Fit is { } fit)
        {
            parts.Add($"fit {HumanText.Span(TimeSpan.FromSeconds(fit.Seconds))}");
        }

        return "Costs     " + string.Join(" · ", parts);
    }
}
