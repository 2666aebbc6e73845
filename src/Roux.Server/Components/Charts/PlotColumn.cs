using System.Globalization;

namespace Roux.Server.Components.Charts;

/// <summary>A value of many things, such as a param of runs, on an axis.</summary>
/// <param name="Axis">Where they lie.</param>
/// <param name="Values">One a thing; NaN for one that has none.</param>
public sealed record PlotColumn(PlotAxis Axis, double[] Values)
{
    private const int MostTexts = 40;
    private const double WideRange = 50;

    /// <summary>
    /// Texts as numbers where all of them are numbers, else side by side in alphabetical order; of very many the rarest share one place. Numbers above 0 that range over
    /// more than one and a half orders of magnitude get a logarithmic axis.
    /// </summary>
    /// <param name="name">What they are.</param>
    /// <param name="texts">One a thing; <c>null</c> for one that has none.</param>
    public static PlotColumn Of(string name, IReadOnlyList<string?> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var values = new double[texts.Count];
        var numbers = true;
        for (var index = 0; index < values.Length && numbers; index++)
        {
            values[index] = double.NaN;
            numbers = string.IsNullOrEmpty(texts[index]) || double.TryParse(texts[index], NumberStyles.Float, CultureInfo.InvariantCulture, out values[index]);
        }

        return numbers && Array.Exists(values, double.IsFinite) ? Of(name, values) : OfTexts(name, texts);
    }

    /// <summary>Numbers; see <see cref="Of(string, IReadOnlyList{string})"/>.</summary>
    public static PlotColumn Of(string name, double[] values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        var isLog = finite.Length > 2 && finite.Min() > 0 && finite.Max() / finite.Min() > WideRange;
        return new PlotColumn(PlotAxis.Over(name, values, isLog), values);
    }

    private static PlotColumn OfTexts(string name, IReadOnlyList<string?> texts)
    {
        var counted = texts.OfType<string>().Where(text => text.Length > 0).GroupBy(text => text, StringComparer.Ordinal).OrderByDescending(group => group.Count()).Select(group => group.Key).ToList();
        var labels = counted.Take(counted.Count > MostTexts ? MostTexts - 1 : MostTexts).Order(StringComparer.Ordinal).ToList();
        var places = labels.Select((label, index) => (label, index)).ToDictionary(pair => pair.label, pair => pair.index, StringComparer.Ordinal);
        if (counted.Count > labels.Count)
        {
            labels.Add($"{counted.Count - labels.Count} others");
        }

        return new PlotColumn(PlotAxis.OfTexts(name, labels), [.. texts.Select(text => string.IsNullOrEmpty(text) ? double.NaN : places.GetValueOrDefault(text, labels.Count - 1))]);
    }
}
