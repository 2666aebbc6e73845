using System.Text.Json.Nodes;
using Roux.Debugging.Findings;

namespace Roux.Debugging.Checks;

/// <summary>Makes the evidence of findings: numbers by name, and a plot.</summary>
internal static class Figures
{
    private const int MostBars = 40;

    /// <summary>Numbers by name; those that are not finite become <c>null</c>.</summary>
    public static JsonObject Of(params (string Name, double Value)[] figures) =>
        new(figures.Select(figure => KeyValuePair.Create(figure.Name, double.IsFinite(figure.Value) ? (JsonNode?)JsonValue.Create(figure.Value) : null)));

    /// <summary>Adds a plot of one bar a name, the first 40.</summary>
    public static JsonObject WithBars(this JsonObject evidence, string title, string value, IEnumerable<(string Name, double Value)> bars, double? reference = null)
    {
        var shown = bars.Take(MostBars).ToArray();
        return evidence.With(new EvidencePlot(PlotKind.Bar, title, "", value, [new PlotSeries(value, [], [.. shown.Select(bar => bar.Value)])])
        {
            Labels = [.. shown.Select(bar => Wording.Short(bar.Name, 30))],
            Reference = reference,
        });
    }

    /// <summary>Adds a plot of two bars a name, the first 40 names.</summary>
    public static JsonObject WithPairs(this JsonObject evidence, string title, string value, string first, string second, IEnumerable<(string Name, double First, double Second)> bars)
    {
        var shown = bars.Take(MostBars).ToArray();
        return evidence.With(new EvidencePlot(PlotKind.Bar, title, "", value,
            [new PlotSeries(first, [], [.. shown.Select(bar => bar.First)]), new PlotSeries(second, [], [.. shown.Select(bar => bar.Second)])])
        {
            Labels = [.. shown.Select(bar => Wording.Short(bar.Name, 30))],
        });
    }

    /// <summary>Adds a plot of points, evenly thinned to 500.</summary>
    public static JsonObject WithPoints(this JsonObject evidence, string title, string x, string y, double[] xs, double[] ys)
    {
        var step = Math.Max(1, xs.Length / 500.0);
        var places = Enumerable.Range(0, (int)(xs.Length / step)).Select(i => (int)(i * step)).ToArray();
        return evidence.With(new EvidencePlot(PlotKind.Scatter, title, x, y, [new PlotSeries(y, [.. places.Select(i => xs[i])], [.. places.Select(i => ys[i])])]));
    }

    /// <summary>Adds a plot.</summary>
    public static JsonObject With(this JsonObject evidence, EvidencePlot plot)
    {
        evidence[EvidencePlot.Key] = plot.ToJson();
        return evidence;
    }

    /// <summary>Adds a list of texts.</summary>
    public static JsonObject WithList(this JsonObject evidence, string name, IEnumerable<string> items)
    {
        evidence[name] = new JsonArray([.. items.Select(item => JsonValue.Create(item))]);
        return evidence;
    }
}
