using System.Text.Json.Nodes;

namespace Roux.Debugging.Findings;

/// <summary>How the series of an <see cref="EvidencePlot"/> are drawn.</summary>
public enum PlotKind
{
    /// <summary>Lines through points (x, y).</summary>
    Line,

    /// <summary>Points (x, y).</summary>
    Scatter,

    /// <summary>One bar per label.</summary>
    Bar,

    /// <summary>A matrix of labels by series, coloured by value.</summary>
    Heat,
}

/// <summary>The picture behind a finding, as numbers: kept in the finding's evidence under <c>plot</c>, drawn by whatever shows the finding.</summary>
/// <param name="Kind">How it is drawn.</param>
/// <param name="Title">What it shows.</param>
/// <param name="XTitle">Name and unit of the horizontal axis.</param>
/// <param name="YTitle">Name and unit of the vertical axis.</param>
/// <param name="Series">At most 20 series, at most 2,000 points in all.</param>
public sealed record EvidencePlot(PlotKind Kind, string Title, string XTitle, string YTitle, IReadOnlyList<PlotSeries> Series)
{
    /// <summary>Names of the bars or of the columns of a heat map; empty for lines and points.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether equal ratios take equal space upwards.</summary>
    public bool LogY { get; init; }

    /// <summary>A horizontal line to compare with, such as a threshold.</summary>
    public double? Reference { get; init; }

    /// <summary>Name of this plot in a finding's evidence.</summary>
    public const string Key = "plot";

    /// <summary>The plot as JSON; values that are not finite become <c>null</c>.</summary>
    public JsonObject ToJson() => new()
    {
        ["kind"] = Kind.ToString().ToLowerInvariant(),
        ["title"] = Title,
        ["x_title"] = XTitle,
        ["y_title"] = YTitle,
        ["log_y"] = LogY,
        ["reference"] = Reference,
        ["labels"] = new JsonArray([.. Labels.Select(label => JsonValue.Create(label))]),
        ["series"] = new JsonArray([.. Series.Select(series => new JsonObject
        {
            ["name"] = series.Name,
            ["x"] = Numbers(series.X),
            ["y"] = Numbers(series.Y),
        })]),
    };

    private static JsonArray Numbers(IReadOnlyList<double> values) =>
        new([.. values.Select(value => double.IsFinite(value) ? JsonValue.Create(value) : null)]);
}

/// <summary>One series of a plot.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="X">Horizontal places; empty for bars and heat maps.</param>
/// <param name="Y">Values, as many as <paramref name="X"/> or as there are labels.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y);
