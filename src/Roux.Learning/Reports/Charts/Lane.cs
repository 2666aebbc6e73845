namespace Roux.Learning.Reports.Charts;

/// <summary>Labelled dots and whiskers under each other on one scale, as wide as the page allows. Places are percentages, so that nothing is distorted at any width.</summary>
internal sealed class Lane
{
    private readonly List<(string Label, string Style, double Low, double Value, double High, string Figure)> lines = [];

    /// <summary>Adds a line; one whose value is not a number is passed over.</summary>
    /// <param name="label">What it is.</param>
    /// <param name="style">Class in the style sheet: <c>best</c>, <c>plain</c>, <c>base</c> or <c>test</c>.</param>
    /// <param name="low">Low end of the interval; NaN for none.</param>
    /// <param name="value">The dot.</param>
    /// <param name="high">High end of the interval; NaN for none.</param>
    /// <param name="figure">The value as text.</param>
    public void Add(string label, string style, double low, double value, double high, string figure)
    {
        if (double.IsFinite(value))
        {
            lines.Add((label, style, low, value, high, figure));
        }
    }

    /// <summary>The drawing.</summary>
    /// <param name="words">What is drawn.</param>
    public Markup Finish(string words)
    {
        if (lines.Count == 0)
        {
            return Markup.Empty;
        }

        var axis = Axis.Over(lines.SelectMany(line => new[] { line.Low, line.Value, line.High }), 0, 100, 0.03);
        var ticks = axis.Ticks(5);
        var rows = lines.Select(line =>
        {
            var (low, high) = (double.IsFinite(line.Low) ? line.Low : line.Value, double.IsFinite(line.High) ? line.High : line.Value);
            var interval = double.IsFinite(line.Low) && double.IsFinite(line.High);
            return Markup.Of($"""
                <div class="line" role="listitem"><span>{line.Label}</span><span class="lane {line.Style}" aria-hidden="true">{Grid(axis, ticks)}{(interval ? Markup.Of($"<i class=\"w\" style=\"left:{axis.At(low)}%;width:{axis.At(high) - axis.At(low)}%\"></i>") : Markup.Empty)}<i class="m" style="left:{axis.At(line.Value)}%"></i></span><b>{line.Figure}</b></div>

                """);
        });
        var labels = ticks.Select(tick => Markup.Of($"<i style=\"left:{axis.At(tick)}%\">{Axis.Label(tick, ticks)}</i>"));
        return Markup.Of($"""
            <div class="strip" role="list" aria-label="{words}">
            {rows}<div class="line ticks" aria-hidden="true"><span></span><span class="lane">{labels}</span><b></b></div></div>

            """);
    }

    private static IEnumerable<Markup> Grid(Axis axis, IReadOnlyList<double> ticks) => ticks.Select(tick => Markup.Of($"<i class=\"g\" style=\"left:{axis.At(tick)}%\"></i>"));
}
