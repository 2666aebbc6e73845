using System.Globalization;
using Roux.Learning.Evaluation;
using Roux.Learning.Reports.Charts;

namespace Roux.Learning.Reports.Sections;

/// <summary>Which classes are found and which are mistaken for which.</summary>
internal static class ClassTables
{
    private const int MaxMatrix = 20;
    private const int MaxClasses = 100;

    /// <summary>The confusion matrix: counts, shaded by their share of the actual class.</summary>
    public static Markup Confusion(ReportContext context)
    {
        var result = context.Result;
        var matrix = ConfusionMatrix.Of(result.TestTarget, result.TestPredictions, MaxMatrix);
        var n = matrix.Classes.Length;
        var head = matrix.Classes.Select(name => Markup.Of($"<th scope=\"col\"><span>{Words.Name(Figures.Cut(name, 24))}</span></th>"));
        var rows = Enumerable.Range(0, n).Select(actual =>
        {
            var total = matrix.Actual(actual);
            var cells = Enumerable.Range(0, n).Select(predicted => MatrixCell(matrix[actual, predicted], total, actual == predicted));
            return Markup.Of($"<tr><th scope=\"row\">{Words.Name(Figures.Cut(matrix.Classes[actual], 40))} <small>{Words.Many(total, "row")}</small></th>{cells}</tr>\n");
        });
        var folded = result.Classes.Count > n ? $" The {n - 1} most frequent classes have their own row, the others share the last." : "";
        return Markup.Of($"""
            <h3>What is taken for what</h3>
            <p class="caption">Rows are what is true, columns what was predicted. Each cell has the count and its share of the row; the outlined diagonal is right.{folded}</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix"><table class="matrix{(n > 4 ? "" : " few")}"><caption class="quiet">Confusion matrix</caption>
            <thead><tr><td></td>{head}</tr></thead>
            <tbody>
            {rows}</tbody></table></div>

            """);
    }

    /// <summary>The most frequent mistakes in words.</summary>
    public static Markup Mistakes(ReportContext context)
    {
        var result = context.Result;
        var matrix = ConfusionMatrix.Of(result.TestTarget, result.TestPredictions, 200);
        var n = matrix.Classes.Length;
        var mistakes = Enumerable.Range(0, n).SelectMany(actual => Enumerable.Range(0, n)
                .Where(predicted => predicted != actual && matrix[actual, predicted] > 0)
                .Select(predicted => (actual, predicted, count: matrix[actual, predicted])))
            .OrderByDescending(mistake => mistake.count).ThenBy(mistake => mistake.actual).Take(5).ToArray();
        var wrong = result.TestTarget.Count - Enumerable.Range(0, n).Sum(k => matrix[k, k]);
        return mistakes.Length == 0 ? Markup.Empty : Markup.Of($"""
            <h3>The most frequent of {Words.Many(wrong, "mistake")}</h3>
            <ul>{mistakes.Select(mistake => Markup.Of($"<li>{Words.Name(matrix.Classes[mistake.actual])} taken for {Words.Name(matrix.Classes[mistake.predicted])}: {Words.Many(mistake.count, "row")}, {Figures.Percent((double)mistake.count / matrix.Actual(mistake.actual))} of its class</li>"))}</ul>

            """);
    }

    /// <summary>Precision, recall and F1 of each class.</summary>
    public static Markup PerClass(ReportContext context)
    {
        var result = context.Result;
        var reports = ClassReport.Of(result.TestTarget, result.TestPredictions);
        var shown = reports.Count <= MaxClasses ? reports : [.. reports.OrderByDescending(report => report.Actual).Take(MaxClasses)];
        var most = Math.Max(1, reports.Max(report => report.Actual));
        var table = new HtmlTable(
            shown.Count < reports.Count ? $"The {shown.Count} most frequent of {Figures.Count(reports.Count)} classes" : "Precision: of the rows called so, the share that is. Recall: of the rows that are, the share that was found. F1: both in one.",
            [
                new("Class"), new("Precision", true), new("Recall", true), new("F1", true), new("Rows", true), new("Predicted", true),
                .. reports.Count > 2 ? new TableColumn[] { new("Frequency") { Style = "bar" } } : [],
            ])
        {
            Sortable = true, Style = reports.Count > 2 ? "full bars" : "full",
        };
        foreach (var report in shown)
        {
            table.Add(
            [
                Words.Name(report.Name), Share(report.Precision), Share(report.Recall), Share(report.F1),
                new Cell(Markup.Text(Figures.Count(report.Actual)), report.Actual), new Cell(Markup.Text(Figures.Count(report.Predicted)), report.Predicted),
                .. reports.Count > 2 ? new Cell[] { new(Bar.Draw((double)report.Actual / most), report.Actual) } : [],
            ]);
        }

        return Markup.Of($"<h3>Class by class</h3>{table.Finish()}");
    }

    private static Cell Share(double share) => new(Markup.Text(double.IsNaN(share) ? "–" : share.ToString("0.00", CultureInfo.InvariantCulture)), share);

    private static Markup MatrixCell(int count, int total, bool diagonal)
    {
        if (count == 0)
        {
            return Markup.Of($"<td class=\"zero{(diagonal ? " diag" : "")}\">0</td>");
        }

        var share = (double)count / Math.Max(1, total);
        return Markup.Of($"<td{(diagonal ? Markup.Of($" class=\"diag\"") : Markup.Empty)} style=\"--v:{share.ToString("0.00", CultureInfo.InvariantCulture)}\">{Figures.Count(count)}<small>{Figures.Percent(share)}</small></td>");
    }
}
