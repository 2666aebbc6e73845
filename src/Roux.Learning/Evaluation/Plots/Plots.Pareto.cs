using System.Text.Json.Nodes;

namespace Roux.Learning.Evaluation;

public static partial class Plots
{
    /// <summary>Quality against a cost: candidates on the front, joined by the best quality to be had up to each cost, and those that others dominate.</summary>
    /// <param name="points">Candidates; those of which a figure is not known are left out of the picture.</param>
    /// <param name="higherIsBetter">Whether more quality is a larger number.</param>
    /// <param name="costName">Along the horizontal axis, which is logarithmic where all costs are positive.</param>
    /// <param name="qualityName">Along the vertical axis.</param>
    /// <param name="title">Shown above.</param>
    public static Plot ParetoFront(IReadOnlyList<ParetoPoint> points, bool higherIsBetter, string costName, string qualityName, string title)
    {
        var shown = points.Where(point => double.IsFinite(point.Cost) && double.IsFinite(point.Quality)).OrderBy(point => point.Cost).ToArray();
        var front = shown.Where(point => point.OnFront).ToArray();
        var costs = shown.Select(point => point.Cost).ToArray();
        var logarithmic = costs.Length > 0 && costs[0] > 0 && costs[^1] > costs[0];
        var (from, to) = logarithmic ? (costs[0] / 1.3, costs[^1] * 1.3) : Extent(costs);
        var (low, high) = Extent(shown.Select(point => point.Quality));
        var chart = new XyChart(
            title, $"{qualityName} against {costName}. Worth a look: {string.Join(", ", front.Select(point => $"{SvgText.Elide(point.Name, 100)} ({Ticks.Short(point.Quality)} at {Ticks.Short(point.Cost)})"))}.",
            new Axis(costName, from, to, logarithmic), new Axis(qualityName, low, high), [new LegendEntry("nothing is as good and as cheap", 0, Mark.Dot), new LegendEntry("dominated", 7, Mark.Diamond)]);
        for (var i = 1; i < front.Length; i++)
        {
            chart.Aid(front[i - 1].Cost, front[i - 1].Quality, front[i].Cost, front[i - 1].Quality);
            chart.Aid(front[i].Cost, front[i - 1].Quality, front[i].Cost, front[i].Quality);
        }

        foreach (var point in shown)
        {
            var (x, y) = (chart.X[point.Cost], chart.Y[point.Quality]);
            var hint = $"{point.Name}: {Ticks.Short(point.Quality)} at {Ticks.Short(point.Cost)}{(point.DominatedBy is { } by ? $", dominated by {by}" : "")}";
            if (point.OnFront)
            {
                chart.Canvas.Dot(x, y, 5, 0, 1, hint);
            }
            else
            {
                chart.Canvas.Diamond(x, y, 4.5, 7, hint);
            }

            var left = x > (chart.Left + chart.Right) / 2;
            chart.Canvas.Text(left ? x - 8 : x + 8, y + (higherIsBetter ? 12 : -6), point.Name, left ? Anchor.End : Anchor.Start, point.OnFront ? "" : "muted", room: 130, fontSize: 10);
        }

        return new Plot(chart.Finish(), new JsonObject
        {
            ["kind"] = "pareto_front",
            ["cost"] = costName,
            ["quality"] = qualityName,
            ["points"] = new JsonArray([.. points.Select(point => (JsonNode)point.ToJson())]),
        });
    }
}
