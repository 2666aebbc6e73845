using Roux.Server.Components.Widgets;

namespace Roux.Server.Components.Charts;

/// <summary>An axis of a chart: numbers between two ends, or texts side by side.</summary>
/// <param name="Name">What it counts, with its unit.</param>
/// <param name="Low">The least value shown.</param>
/// <param name="High">The greatest, above <paramref name="Low"/>.</param>
public sealed record PlotAxis(string Name, double Low, double High)
{
    /// <summary>Whether equal ratios take equal space; then <see cref="Low"/> is above 0.</summary>
    public bool IsLog { get; init; }

    /// <summary>Whether only whole numbers lie on it, such as steps.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Of an axis of texts the texts: the first stands at 0, the next at 1. Empty for an axis of numbers.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether texts stand side by side.</summary>
    public bool IsTexts => Labels.Count > 0;

    /// <summary>An axis over all of some values; those that are not finite do not count, and neither do those up to 0 on a logarithmic one.</summary>
    /// <param name="name">What it counts.</param>
    /// <param name="values">What lies on it.</param>
    /// <param name="isLog">Whether equal ratios take equal space.</param>
    /// <param name="margin">Share of the range left free at both ends.</param>
    public static PlotAxis Over(string name, IEnumerable<double> values, bool isLog = false, double margin = 0.03)
    {
        var scale = Charts.Scale.Over(values.Where(value => Math.Abs(value) < double.MaxValue / 8), 0, 1, isLog, margin);
        return new PlotAxis(name, scale.Low, scale.High) { IsLog = isLog };
    }

    /// <summary>An axis of texts.</summary>
    public static PlotAxis OfTexts(string name, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return new PlotAxis(name, -0.5, Math.Max(1, labels.Count) - 0.5) { Labels = labels };
    }

    /// <summary>Where a value lies: 0 at the low end, 1 at the high one; outside for a value beyond them, NaN where it has no place.</summary>
    public double UnitOf(double value) => !double.IsFinite(value) || (IsLog && value <= 0) ? double.NaN : Over(0, 1).Place(value);

    /// <summary>A value as it is read aloud.</summary>
    public string Text(double value) => !IsTexts ? Format.Number(value) : value > -0.5 && value < Labels.Count - 0.5 ? Labels[(int)Math.Round(value)] : "–";

    /// <summary>The axis between two pixels.</summary>
    internal Scale Over(double from, double to) => new(Low, High, from, to, IsLog);

    /// <summary>Pixels and texts of about so many ticks.</summary>
    /// <param name="scale">The axis between its pixels.</param>
    /// <param name="about">How many.</param>
    /// <param name="letters">Letters that a text may have.</param>
    internal IEnumerable<(double At, string Text)> Ticks(Scale scale, int about, int letters = 14)
    {
        if (!IsTexts)
        {
            return scale.Ticks(about).Where(tick => !IsWhole || Math.Abs(tick - Math.Round(tick)) < 1e-6).Select(tick => (scale.Place(tick), Charts.Scale.Short(tick)));
        }

        var every = Math.Max(1, (int)Math.Ceiling(Labels.Count / (double)Math.Max(1, about)));
        return Labels.Select((label, index) => (Index: index, Label: label)).Where(one => one.Index % every == 0).Select(one => (scale.Place(one.Index), Format.Cut(one.Label, letters)));
    }
}
