using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Evaluation;
using Roux.Tuning;

namespace Roux.Learning.Reports.Studies;

/// <summary>Charts of a study: how it went, what matters, where the good settings lie.</summary>
public static partial class StudyPlots
{
    private const int MostSingle = 400;
    private const int MostParameters = 30;
    private const int MostPairs = 6;

    /// <summary>All charts there are enough trials for, with the names of their files.</summary>
    public static IReadOnlyList<(string Name, Plot Plot)> All(StudyView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var plots = new List<(string, Plot)>();
        if (view.Complete.Length > 0)
        {
            plots.Add(("history", History(view)));
            plots.Add(("distribution", Distribution(view)));
            plots.Add(("parallel_coordinates", ParallelCoordinates(view)));
            plots.AddRange(Slices(view).Select((plot, i) => ($"slice_{i + 1}", plot)));
        }

        if (view.Importance.Count > 0)
        {
            plots.Add(("importance", Importance(view)));
            if (view.Ranked.Length > 1)
            {
                plots.Add(("contour", Contour(view, view.Ranked[0], view.Ranked[1])));
            }
        }

        if (view.Study.Directions.Count > 1 && view.Complete.Length > 0)
        {
            var pairs = from a in Enumerable.Range(0, view.Metrics.Count) from b in Enumerable.Range(a + 1, view.Metrics.Count - a - 1) select (a, b);
            plots.AddRange(pairs.Take(MostPairs).Select((pair, i) => ($"pareto_front{(i == 0 ? "" : $"_{i + 1}")}", ParetoFront(view, pair.a, pair.b))));
        }

        if (view.Trials.Any(trial => trial.Reports.Count > 1))
        {
            plots.Add(("intermediate_values", IntermediateValues(view)));
        }

        if (view.Times.Count > 0)
        {
            plots.Add(("timeline", Timeline(view)));
        }

        return plots;
    }

    /// <summary>The value of every trial in the order of asking, and the best so far.</summary>
    public static Plot History(StudyView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        double[] xs = [.. view.Complete.Select(trial => (double)trial.Number)];
        double[] ys = [.. view.Complete.Select(trial => trial.Values[0])];
        var best = new double[ys.Length];
        for (var i = 0; i < ys.Length; i++)
        {
            best[i] = i == 0 ? ys[0] : view.Minimises ? Math.Min(best[i - 1], ys[i]) : Math.Max(best[i - 1], ys[i]);
        }

        var (low, high) = Extent(view, ys);
        var description = $"{ys.Length} complete trials; the best value goes from {Ticks.Short(best[0])} to {Ticks.Short(best[^1])}.";
        var chart = new XyChart("How the study went", description, new Axis("trial", 0, Math.Max(1, view.Trials.Count - 1)), new Axis(view.Metric, low, high), [new("trial", 0, Mark.Dot), new("best so far", 1, Mark.Line)]);
        Dots(chart, view.Complete, trial => trial.Number, _ => 0);
        chart.Line([.. xs.Skip(1).SelectMany(x => new[] { x, x }).Prepend(xs[0])], [.. best.Take(best.Length - 1).SelectMany((value, i) => new[] { value, best[i + 1] }).Prepend(best[0])], 1);
        return new Plot(chart.Finish(), new JsonObject { ["kind"] = "study_history", ["trials"] = PlotNumbers.Of(xs), ["values"] = PlotNumbers.Of(ys), ["best"] = PlotNumbers.Of(best) });
    }

    /// <summary>Share of the trials that are at least as good as a value (empirical distribution).</summary>
    public static Plot Distribution(StudyView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        double[] ys = [.. view.Complete.Select(trial => trial.Values[0]).Order()];
        double[] shares = [.. ys.Select((_, i) => view.Minimises ? (i + 1.0) / ys.Length : 1 - i / (double)ys.Length)];
        var (low, high) = Extent(view, ys);
        var chart = new XyChart("How the values are spread", $"Half of {ys.Length} trials are at {Ticks.Short(ys[ys.Length / 2])} or better.", new Axis(view.Metric, low, high), new Axis("share of trials at least as good", 0, 1), []);
        List<double> xs = [], steps = [];
        var every = Math.Max(1, ys.Length / MostSingle);
        for (var i = 0; i < ys.Length; i += i + every < ys.Length ? every : 1)
        {
            xs.AddRange([ys[i], ys[i]]);
            steps.AddRange([i == 0 ? view.Minimises ? 0 : 1 : shares[view.Minimises ? i - 1 : i], view.Minimises ? shares[i] : i + 1 < ys.Length ? shares[i + 1] : 0]);
        }

        chart.Line(xs, steps, 0);
        return new Plot(chart.Finish(), new JsonObject { ["kind"] = "study_distribution", ["values"] = PlotNumbers.Of(ys), ["shares"] = PlotNumbers.Of(shares) });
    }

    /// <summary>How much each parameter matters: for the spread of all values (functional ANOVA), and for being among the best (PED-ANOVA).</summary>
    public static Plot Importance(StudyView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        const double Width = 520, Line = 34, Left = 150;
        var shown = view.Ranked.Take(MostParameters).ToArray();
        var canvas = new SvgCanvas(Width, "What matters", $"The most important of {view.Ranked.Length} parameters: {string.Join(", ", shown.Take(5).Select(parameter => $"{SvgText.Elide(parameter.Name, 200)} {view.Importance.GetValueOrDefault(parameter.Name):P0}"))}.");
        canvas.Text(10, 20, "What matters", css: "title", room: Width - 20, fontSize: 14);
        var top = 34 + XyChart.Legend(canvas, [new("share of all variance (fANOVA)", 0, Mark.Dot), new("for being among the best tenth (PED-ANOVA)", 1, Mark.Dot)], 10, 38, Width - 20);
        for (var i = 0; i < shown.Length; i++)
        {
            var (name, y) = (shown[i].Name, top + i * Line + 6);
            canvas.Label(Left - 8, y + 18, name, Left - 18);
            for (var series = 0; series < 2; series++)
            {
                var share = (series == 0 ? view.Importance : view.ImportanceOfBest).GetValueOrDefault(name);
                canvas.Bar(Left, y + series * 13, share * (Width - Left - 60), 11, series, 1, string.Create(CultureInfo.InvariantCulture, $"{name}: {share:P1}"));
                canvas.Text(Left + share * (Width - Left - 60) + 5, y + series * 13 + 9, share.ToString("0%", CultureInfo.InvariantCulture), css: "muted", fontSize: 10);
            }
        }

        return new Plot(canvas.Finish(top + shown.Length * Line + 12), new JsonObject
        {
            ["kind"] = "study_importance",
            ["parameters"] = PlotNumbers.Of(view.Ranked.Select(parameter => parameter.Name)),
            ["variance"] = PlotNumbers.Of(view.Ranked.Select(parameter => view.Importance.GetValueOrDefault(parameter.Name))),
            ["best"] = PlotNumbers.Of(view.Ranked.Select(parameter => view.ImportanceOfBest.GetValueOrDefault(parameter.Name))),
        });
    }

    /// <summary>Values reported on the way, a line a trial; the best is drawn thick.</summary>
    public static Plot IntermediateValues(StudyView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var with = view.Trials.Where(trial => trial.Reports.Count > 0).ToArray();
        var shown = with.Length <= MostSingle ? with : [.. with.Where((_, i) => i % ((with.Length + MostSingle - 1) / MostSingle) == 0)];
        var steps = with.Max(trial => trial.Reports.Max(report => report.Step));
        var (low, high) = Extent(view, [.. shown.SelectMany(trial => trial.Reports.Select(report => report.Value))]);
        var best = view.Complete.Length > 0 ? view.Complete.MinBy(trial => view.Minimises ? trial.Values[0] : -trial.Values[0]) : null;
        var chart = new XyChart("On the way", $"{with.Length} trials reported values on the way, {with.Count(trial => trial.State == TrialState.Pruned)} of them were pruned.", new Axis("step", 0, Math.Max(1, steps)), new Axis(view.Metric, low, high),
            [new("complete", 0, Mark.Line), new("pruned", 7, Mark.Line), new("best", 1, Mark.Line)]);
        foreach (var trial in shown)
        {
            var points = trial.Reports.OrderBy(report => report.Step).Where(report => double.IsFinite(report.Value)).Select(report => (chart.X[report.Step], chart.Y[report.Value]));
            chart.Canvas.Hair(points, trial.State == TrialState.Complete ? 0 : 7);
        }

        if (best is { Reports.Count: > 0 })
        {
            chart.Line([.. best.Reports.Select(report => (double)report.Step)], [.. best.Reports.Select(report => report.Value)], 1);
        }

        return new Plot(chart.Finish(), new JsonObject
        {
            ["kind"] = "study_intermediate_values",
            ["trials"] = new JsonArray([.. shown.Select(trial => new JsonObject
            {
                ["trial"] = trial.Number, ["state"] = trial.State.ToString().ToLowerInvariant(), ["steps"] = PlotNumbers.Of(trial.Reports.Select(report => (double)report.Step)), ["values"] = PlotNumbers.Of(trial.Reports.Select(report => report.Value)),
            })]),
        });
    }

    /// <summary>When trials ran, side by side as they ran.</summary>
    public static Plot Timeline(StudyView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        const double Width = 640;
        var now = view.Times.Values.Max(time => time.End ?? time.Begin);
        var start = view.Times.Values.Min(time => time.Begin);
        var lanes = new List<long>();
        var bars = new List<(int Trial, int Lane, double From, double To)>();
        foreach (var (trial, (begin, end)) in view.Times.OrderBy(pair => pair.Value.Begin).ThenBy(pair => pair.Key).TakeLast(2_000))
        {
            var lane = lanes.FindIndex(free => free <= begin);
            lane = lane >= 0 ? lane : lanes.Count;
            if (lane == lanes.Count)
            {
                lanes.Add(0);
            }

            lanes[lane] = end ?? now;
            bars.Add((trial, lane, (begin - start) / 1000.0, ((end ?? now) - start) / 1000.0));
        }

        var (_, last) = Ticks.Round(0, Math.Max(0.001, (now - start) / 1000.0));
        var height = 110 + Math.Min(400, 16.0 * lanes.Count);
        var chart = new XyChart("When trials ran", $"{bars.Count} trials in {Ticks.Short((now - start) / 1000.0)} s, {lanes.Count} at a time.", new Axis("seconds", 0, last), new Axis("", 0, lanes.Count) { IsBare = true },
            [new("complete", 0, Mark.Dot), new("pruned", 7, Mark.Dot), new("failed or lost", 1, Mark.Dot), new("running", 2, Mark.Dot)], Width, height);
        foreach (var bar in bars)
        {
            var state = bar.Trial < view.Trials.Count ? view.Trials[bar.Trial].State : TrialState.Running;
            var (top, bottom) = (chart.Y[bar.Lane + 1], chart.Y[bar.Lane]);
            chart.Canvas.Bar(chart.X[bar.From], top + 1, Math.Max(1, chart.X[bar.To] - chart.X[bar.From] - 0.5), bottom - top - 2, state switch { TrialState.Complete => 0, TrialState.Pruned => 7, TrialState.Failed => 1, _ => 2 }, 0.85,
                string.Create(CultureInfo.InvariantCulture, $"trial {bar.Trial}: {state.ToString().ToLowerInvariant()}, {bar.To - bar.From:0.##} s"));
        }

        return new Plot(chart.Finish(), new JsonObject
        {
            ["kind"] = "study_timeline", ["trials"] = PlotNumbers.Of(bars.Select(bar => bar.Trial)), ["lanes"] = PlotNumbers.Of(bars.Select(bar => bar.Lane)),
            ["begin_seconds"] = PlotNumbers.Of(bars.Select(bar => bar.From)), ["end_seconds"] = PlotNumbers.Of(bars.Select(bar => bar.To)),
        });
    }

    /// <summary>Two objectives of every trial, and those that no other beats in both.</summary>
    /// <param name="view">A study of several objectives.</param>
    /// <param name="first">The one along the horizontal axis, from 0.</param>
    /// <param name="second">The one along the vertical axis.</param>
    public static Plot ParetoFront(StudyView view, int first = 0, int second = 1)
    {
        ArgumentNullException.ThrowIfNull(view);
        var front = view.Study.ParetoFront.Select(trial => trial.Number).ToHashSet();
        var (low0, high0) = Ends(view.Complete.Select(trial => trial.Values[first]));
        var (low1, high1) = Ends(view.Complete.Select(trial => trial.Values[second]));
        var chart = new XyChart($"{view.Metrics[first]} against {view.Metrics[second]}", $"{front.Count} of {view.Complete.Length} trials are beaten by none in all objectives.", new Axis(view.Metrics[first], low0, high0), new Axis(view.Metrics[second], low1, high1), [new("on the front", 0, Mark.Dot), new("beaten", 7, Mark.Diamond)]);
        foreach (var trial in view.Complete.OrderBy(trial => front.Contains(trial.Number)))
        {
            var (x, y) = (chart.X[trial.Values[first]], chart.Y[trial.Values[second]]);
            if (front.Contains(trial.Number))
            {
                chart.Canvas.Dot(x, y, 5, 0, 1, Hint(trial));
            }
            else
            {
                chart.Canvas.Diamond(x, y, 4, 7, Hint(trial));
            }
        }

        return new Plot(chart.Finish(), new JsonObject
        {
            ["kind"] = "study_pareto_front", ["metrics"] = PlotNumbers.Of([view.Metrics[first], view.Metrics[second]]), ["trials"] = PlotNumbers.Of(view.Complete.Select(trial => trial.Number)), ["front"] = PlotNumbers.Of(front.Order()),
            ["values"] = new JsonArray([.. view.Complete.Select(trial => PlotNumbers.Of([trial.Values[first], trial.Values[second]]))]),
        });
    }

    private static string Hint(Trial trial) => $"trial {trial.Number}: {string.Join(", ", trial.Values.Select(Ticks.Short))} · {Figures.Cut(trial.Configuration.ToString(), 300)}";

    private static (double Low, double High) Ends(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return finite.Length == 0 ? (0, 1) : Ticks.Round(finite.Min(), finite.Max());
    }

    /// <summary>Ends of an axis of values, without what lies so far on the bad side that nothing else could be told apart; it lands on the end.</summary>
    private static (double Low, double High) Extent(StudyView view, double[] values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Select(value => view.Minimises ? value : -value).Order()];
        if (sorted.Length == 0)
        {
            return (0, 1);
        }

        var (least, middle, most) = (sorted[0], sorted[sorted.Length / 2], sorted[^1]);
        var upper = sorted[(int)(0.9 * (sorted.Length - 1))];
        most = most - least > 5 * (upper - least) && upper > least ? upper + (upper - middle) : most;
        return view.Minimises ? Ticks.Round(least, most) : Ticks.Round(-most, -least);
    }

    private static void Dots(XyChart chart, Trial[] trials, Func<Trial, double> x, Func<Trial, int> series)
    {
        foreach (var group in trials.GroupBy(series).OrderByDescending(group => group.Key))
        {
            if (trials.Length > MostSingle)
            {
                chart.Canvas.Cloud([.. group.Select(trial => (chart.X[x(trial)], chart.Y[trial.Values[0]]))], 2.2, group.Key, 0.6);
                continue;
            }

            foreach (var trial in group)
            {
                chart.Canvas.Dot(chart.X[x(trial)], chart.Y[trial.Values[0]], 3, group.Key, 0.75, Hint(trial));
            }
        }
    }
}
