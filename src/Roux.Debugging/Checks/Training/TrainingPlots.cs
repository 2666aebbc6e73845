using Roux.Debugging.Findings;
using Roux.Debugging.Signals;

namespace Roux.Debugging.Checks.Training;

/// <summary>Pictures of curves and layers.</summary>
internal static class TrainingPlots
{
    private const int MostPoints = 1800;

    /// <summary>Curves over steps, thinned to what a picture can show.</summary>
    public static EvidencePlot Curves(string title, string value, double? reference, params IReadOnlyList<(string Name, SignalSeries Series)> curves)
    {
        var shown = curves.Where(curve => curve.Series.Count > 0).Take(20).ToList();
        var each = MostPoints / Math.Max(1, shown.Count);
        return new EvidencePlot(PlotKind.Line, title, "step", value, [.. shown.Select(curve => Thin(curve.Name, curve.Series, each))])
        {
            Reference = reference,
            LogY = IsWide(shown.SelectMany(curve => curve.Series.Values)),
        };
    }

    /// <summary>One bar a layer.</summary>
    public static EvidencePlot Bars(string title, string value, IReadOnlyList<(string Name, double Value)> bars, double? reference = null)
    {
        var shown = bars.Take(200).ToList();
        return new EvidencePlot(PlotKind.Bar, title, "layer", value, [new PlotSeries(value, [], [.. shown.Select(bar => bar.Value)])])
        {
            Labels = [.. shown.Select(bar => bar.Name)],
            Reference = reference,
            LogY = IsWide(shown.Select(bar => bar.Value)),
        };
    }

    private static PlotSeries Thin(string name, SignalSeries series, int most)
    {
        if (series.Count <= most)
        {
            return new PlotSeries(name, series.Steps, series.Values);
        }

        var kept = Enumerable.Range(0, most).Select(index => (int)((long)index * (series.Count - 1) / (most - 1))).ToArray();
        return new PlotSeries(name, Array.ConvertAll(kept, index => series.Steps[index]), Array.ConvertAll(kept, index => series.Values[index]));
    }

    private static bool IsWide(IEnumerable<double> values)
    {
        var positive = values.Where(value => double.IsFinite(value) && value != 0).ToList();
        return positive.Count > 1 && positive.TrueForAll(value => value > 0) && positive.Max() > 100 * positive.Min();
    }
}
