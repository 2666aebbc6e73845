using System.Text.Json.Nodes;
using Roux.Learning.Evaluation;
using Roux.Tuning;

namespace Roux.Learning.Reports.Studies;

public static partial class StudyPlots
{
    private const int MostAxes = 9;
    private const int MostLines = 600;
    private const int Grid = 24;

    /// <summary>Every trial a line over its settings, those of the best quarter in front.</summary>
    public static Plot ParallelCoordinates(StudyView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        const double Height = 330, Top = 70;
        var axes = view.Ranked.Take(MostAxes).ToArray();
        var width = Math.Max(420, 90.0 * (axes.Length + 1) + 40);
        var canvas = new SvgCanvas(width, "Settings side by side", $"{view.Complete.Length} trials as lines over {axes.Length} parameters and {view.Metric}.");
        canvas.Text(10, 20, "Settings side by side", css: "title", room: width - 20, fontSize: 14);
        XyChart.Legend(canvas, [new("the best quarter", 1, Mark.Line), new("the others", 7, Mark.Line)], 10, 38, width - 20);
        var (low, high) = Extent(view, [.. view.Complete.Select(trial => trial.Values[0])]);
        double X(int axis) => 45 + axis * (width - 90) / Math.Max(1, axes.Length);
        double Y(double share) => Height - 30 - Math.Clamp(share, 0, 1) * (Height - 30 - Top);
        var every = (view.Complete.Length + MostLines - 1) / MostLines;
        foreach (var trial in view.Complete.Where((trial, i) => i % Math.Max(1, every) == 0 || view.BestQuarter.Contains(trial.Number)).OrderBy(trial => view.BestQuarter.Contains(trial.Number)))
        {
            // A setting that is inactive has no place: the line goes on behind it.
            var points = axes.Select((axis, i) => trial.Configuration.TryGetValue(axis.Name, out var value) ? (X(i), Y(axis.UnitOf(value))) : ((double, double)?)null).OfType<(double, double)>()
                .Append((X(axes.Length), Y((trial.Values[0] - low) / (high - low))));
            canvas.Hair(points, view.BestQuarter.Contains(trial.Number) ? 1 : 7);
        }

        for (var i = 0; i <= axes.Length; i++)
        {
            canvas.Line(X(i), Top, X(i), Height - 30, "axis");
            canvas.Text(X(i), Top - 8, i < axes.Length ? axes[i].Name : view.Metric, Anchor.Middle, room: 86, fontSize: 11);
            canvas.Text(X(i), Height - 14, i < axes.Length ? End(axes[i], 0) : Ticks.Short(low), Anchor.Middle, "muted", room: 86, fontSize: 10);
            canvas.Text(X(i), Top + 10, i < axes.Length ? End(axes[i], 1 - 1e-9) : Ticks.Short(high), Anchor.Middle, "muted", room: 86, fontSize: 10);
        }

        return new Plot(canvas.Finish(Height), new JsonObject
        {
            ["kind"] = "study_parallel_coordinates",
            ["parameters"] = PlotNumbers.Of(axes.Select(axis => axis.Name)),
            ["trials"] = new JsonArray([.. view.Complete.Take(2_000).Select(trial => new JsonObject { ["trial"] = trial.Number, ["params"] = trial.Configuration.ToJson(), ["value"] = PlotNumbers.Of(trial.Values[0]) })]),
        });
    }

    /// <summary>The value of every trial along one parameter, a chart for each of the most important.</summary>
    public static IEnumerable<Plot> Slices(StudyView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var (low, high) = Extent(view, [.. view.Complete.Select(trial => trial.Values[0])]);
        foreach (var parameter in view.Ranked.Take(MostAxes))
        {
            var (axis, place) = StudyView.AxisOf(parameter);
            Trial[] with = [.. view.Complete.Where(trial => trial.Configuration.ContainsKey(parameter.Name))];
            var chart = new XyChart(parameter.Name, $"{view.Metric} of {with.Length} trials along {parameter.Name}.", axis, new Axis(view.Metric, low, high), [], width: 360, height: 260);
            Dots(chart, with, trial => place(trial.Configuration[parameter.Name]), trial => view.BestQuarter.Contains(trial.Number) ? 1 : 7);
            yield return new Plot(chart.Finish(), new JsonObject
            {
                ["kind"] = "study_slice", ["parameter"] = parameter.Name, ["trials"] = PlotNumbers.Of(with.Select(trial => trial.Number)),
                ["settings"] = new JsonArray([.. with.Select(trial => (JsonNode?)JsonValue.Create(trial.Configuration[parameter.Name]))]), ["values"] = PlotNumbers.Of(with.Select(trial => trial.Values[0])),
            });
        }
    }

    /// <summary>What a random forest learned of two parameters together, averaged over the others, with the trials over it by their rank.</summary>
    public static Plot Contour(StudyView view, Parameter across, Parameter up)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(across);
        ArgumentNullException.ThrowIfNull(up);
        var surface = view.Study.Surface(across.Name, up.Name, Grid);
        var (xAxis, xPlace) = StudyView.AxisOf(across);
        var (yAxis, yPlace) = StudyView.AxisOf(up);
        var chart = new XyChart("Two settings together", $"{view.Metric} over {across.Name} and {up.Name}: the darker, the better.", xAxis, yAxis, [new("the best quarter", 1, Mark.Dot), new("the others", 7, Mark.Dot)], 480, 420);
        var all = surface.Cast<double>().ToArray();
        var (least, most) = (all.DefaultIfEmpty(0).Min(), all.DefaultIfEmpty(1).Max());
        var (w, h) = ((chart.Right - chart.Left) / Grid, (chart.Bottom - chart.Top) / Grid);
        for (var i = 0; i < Grid; i++)
        {
            for (var j = 0; j < Grid; j++)
            {
                var goodness = most > least ? (surface[i, j] - least) / (most - least) : 0.5;
                chart.Canvas.Bar(chart.Left + i * w, chart.Bottom - (j + 1) * h, w + 0.3, h + 0.3, 0, 0.03 + 0.6 * (view.Minimises ? 1 - goodness : goodness));
            }
        }

        foreach (var trial in view.Complete.Where(trial => trial.Configuration.ContainsKey(across.Name) && trial.Configuration.ContainsKey(up.Name)).TakeLast(MostLines).OrderBy(trial => view.BestQuarter.Contains(trial.Number)))
        {
            chart.Canvas.Dot(chart.X[xPlace(trial.Configuration[across.Name])], chart.Y[yPlace(trial.Configuration[up.Name])], 3, view.BestQuarter.Contains(trial.Number) ? 1 : 7, 0.9, Hint(trial));
        }

        return new Plot(chart.Finish(), new JsonObject
        {
            ["kind"] = "study_contour", ["x"] = across.Name, ["y"] = up.Name,
            ["surface_rows_are_x"] = new JsonArray([.. Enumerable.Range(0, Grid).Select(i => PlotNumbers.Of(Enumerable.Range(0, Grid).Select(j => surface[i, j])))]),
        });
    }

    private static string End(Parameter parameter, double unit) => parameter.At(unit) is double number ? Ticks.Short(number) : Configuration.Format(parameter.At(unit));
}
