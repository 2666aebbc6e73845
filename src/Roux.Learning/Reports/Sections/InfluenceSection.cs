using Roux.Learning.Evaluation;
using Roux.Learning.Reports.Charts;

namespace Roux.Learning.Reports.Sections;

/// <summary>Which columns the winner relies on.</summary>
internal static class InfluenceSection
{
    private const int MaxColumns = 25;

    public static ReportSection Make(ReportContext context)
    {
        var (gain, shuffled) = (context.Result.Importance, context.Shuffled);
        var body = gain.Count == 0 && shuffled.Count == 0 && context.Result.Evidence.Explanations is null ? Markup.Of($"<p>This kind of model has no importance of its own, and there was no time to measure it by shuffling.</p>\n")
            : Markup.Of($"<p class=\"lead\">{Lead(context)}</p>{Table(context)}{Silent(context)}{Alike(context)}{ExplanationCharts.Make(context)}");
        return new("influence", "Influence", "What it looks at", body);
    }

    private static string Lead(ReportContext context)
    {
        var (gain, shuffled) = (context.Result.Importance, context.Shuffled);
        var sentences = new List<string>();
        if (shuffled.Count > 0)
        {
            var repeats = shuffled[0].Repeats.Length;
            sentences.Add($"By shuffling: how much {context.Metric.Title} {(context.Metric.HigherIsBetter ? "falls" : "rises")} on final rows when the column is mixed up{(repeats > 1 ? $", with the 95% interval over {Words.Many(repeats, "repeat")} and the rows" : ", measured once for want of time")}.");
        }

        if (context.Result.Evidence.Explanations is { Shap: var shap })
        {
            sentences.Add($"By contribution: how far the column moves a prediction up or down, on average over {Words.Many(shap.Rows, "final row")} (Shapley values of the {shap.Scale}; {shap.Method}).");
        }

        if (gain.Count > 0)
        {
            sentences.Add("By the model: its share in what the model took from the columns while it was fitted.");
        }

        sentences.Add("Columns that say the same share their importance; importance is not cause.");
        return string.Join(' ', sentences);
    }

    private static Markup Table(ReportContext context)
    {
        var result = context.Result;
        var gain = result.Importance.ToDictionary(pair => pair.Column, pair => pair.Share, StringComparer.Ordinal);
        var shuffled = context.Shuffled.ToDictionary(importance => importance.Column, StringComparer.Ordinal);
        var contributed = (result.Evidence.Explanations?.Shap.Importance() ?? []).ToDictionary(pair => pair.Column, pair => pair.Mean, StringComparer.Ordinal);
        string[] order = [.. context.Shuffled.Select(importance => importance.Column).Concat(contributed.Keys).Concat(result.Importance.Select(pair => pair.Column)).Distinct(StringComparer.Ordinal)];
        var shown = order.Take(MaxColumns).ToArray();
        var drops = context.Shuffled.Select(importance => importance.Drop).ToArray();
        var format = new ScoreFormat(drops.Select(drop => (drop.High - drop.Low) / 2), drops.Select(drop => drop.Estimate));
        var marks = new IntervalMark(
            drops.SelectMany(drop => new[] { drop.Low, drop.Estimate }).Where(double.IsFinite).DefaultIfEmpty(0).Min() is var low && low < 0 ? low : 0,
            drops.SelectMany(drop => new[] { drop.High, drop.Estimate }).Where(double.IsFinite).DefaultIfEmpty(1).Max() is var high && high > 0 ? high : 1, 0, 150);
        var most = Math.Max(result.Importance.Select(pair => pair.Share).DefaultIfEmpty(1).Max(), 1e-12);
        var columns = new List<TableColumn> { new("Column") };
        if (drops.Length > 0)
        {
            columns.AddRange([new("By shuffling", true), new("Effect", Hint: "line at 0")]);
        }

        var largest = Math.Max(contributed.Values.DefaultIfEmpty(1).Max(), 1e-12);
        if (contributed.Count > 0)
        {
            columns.AddRange([new("By contribution", true), new("Size") { Style = "bar" }]);
        }

        if (gain.Count > 0)
        {
            columns.AddRange([new("By the model", true), new("Share") { Style = "bar" }]);
        }

        var table = new HtmlTable(shown.Length < order.Length ? $"The {shown.Length} most important of {Figures.Count(order.Length)} columns" : "Importance of the columns", columns)
        {
            Sortable = true, Style = "full bars", HideCaption = shown.Length == order.Length,
        };
        foreach (var column in shown)
        {
            var cells = new List<Cell> { Words.Name(column) };
            if (drops.Length > 0)
            {
                cells.AddRange(shuffled.TryGetValue(column, out var importance)
                    ? [new(Markup.Text(format.Of(importance.Drop.Estimate)), importance.Drop.Estimate), new(marks.Draw(importance.Drop.Low, importance.Drop.Estimate, importance.Drop.High, "best", double.IsNaN(importance.Drop.Low) ? format.Of(importance.Drop.Estimate) : $"{format.Of(importance.Drop.Estimate)}, 95% interval {format.Of(importance.Drop.Low)} to {format.Of(importance.Drop.High)}"), importance.Drop.Estimate, "mid")]
                    : ["not measured", Markup.Empty]);
            }

            if (contributed.Count > 0)
            {
                var mean = contributed.GetValueOrDefault(column);
                cells.AddRange([new(Markup.Text(Figures.Value(mean)), mean), new(Bar.Draw(mean / largest), mean)]);
            }

            if (gain.Count > 0)
            {
                var share = gain.GetValueOrDefault(column);
                cells.AddRange([new(Markup.Text(Figures.Percent(share)), share), new(Bar.Draw(share / most), share)]);
            }

            table.Add(cells);
        }

        return table.Finish();
    }

    /// <summary>Sets of columns that stand in for each other, shuffled as one.</summary>
    private static Markup Alike(ReportContext context)
    {
        var sets = context.Shuffled.Select(importance => importance.Together).OfType<ColumnImportance>().DistinctBy(set => set.Column).ToArray();
        if (sets.Length == 0)
        {
            return Markup.Empty;
        }

        var drops = sets.Select(set => set.Drop).ToArray();
        var format = new ScoreFormat(drops.Select(drop => (drop.High - drop.Low) / 2), drops.Select(drop => drop.Estimate));
        return Markup.Of($"<p class=\"note\">Columns that say much the same, shuffled together: {string.Join("; ", sets.Take(8).Select(set => $"{Figures.Cut(set.Column, 120)}: {format.Of(set.Drop.Estimate)}{(double.IsNaN(set.Drop.Low) ? "" : $" ({format.Of(set.Drop.Low)} to {format.Of(set.Drop.High)})")}"))}. Where this is much more than each alone, they stand in for each other.</p>\n");
    }

    /// <summary>Columns that could be left out, as far as shuffling tells.</summary>
    private static Markup Silent(ReportContext context)
    {
        var silent = context.Shuffled.Where(importance => importance.Drop.Low <= 0 && importance.Drop.High >= 0 && importance.Together is not { Drop.Low: > 0 }).Select(importance => importance.Column).ToArray();
        return silent.Length == 0 ? Markup.Empty : Markup.Of($"<p class=\"note\">No measurable effect by shuffling: {Markup.Join(", ", silent.Take(15).Select(Words.Name))}{(silent.Length > 15 ? $" and {Figures.Count(silent.Length - 15)} more" : "")}. They may be worth leaving out.</p>\n");
    }
}
