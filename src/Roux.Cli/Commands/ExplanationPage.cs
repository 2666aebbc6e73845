using System.Globalization;
using Roux.Cli.Printing;
using Roux.Learning.Data;
using Roux.Learning.Explanations;

namespace Roux.Cli.Commands;

/// <summary>Explanations for a person at a terminal.</summary>
internal static class ExplanationPage
{
    private const int MostColumns = 15;
    private const int BarWidth = 20;
    private const int MostText = 60;

    public static void Write(Explained explained)
    {
        var page = new Page();
        if (explained.Model is { } model)
        {
            WriteModel(page, explained, model);
        }

        if (explained.Row is { } row)
        {
            WriteRow(page, explained, row);
            WriteCounterfactuals(page, explained);
        }

        foreach (var dependence in explained.Model?.Dependence ?? explained.Columns)
        {
            WriteDependence(page, dependence);
        }
    }

    private static void WriteModel(Page page, Explained explained, ModelExplanation model)
    {
        var shap = model.Shap;
        page.Heading($"What {explained.Pipeline.Name} looks at");
        page.Paragraph($"Mean size of each column's contribution over {Rows(shap.Rows)} of {explained.Table.Name}, in {shap.Scale} ({shap.Method}).");
        var importance = shap.Importance();
        var table = page.Table(2).Column("column", least: 16).Column("contribution", right: true).Column("");
        foreach (var (column, mean) in importance.Take(MostColumns))
        {
            table.Row(column, Number(mean), new string('█', (int)Math.Round(BarWidth * mean / Math.Max(importance[0].Mean, 1e-300))));
        }

        page.Write(table, 2);
        More(page, importance.Count - MostColumns, "column");
        if (shap.Features.Count > 0)
        {
            page.Heading("The strongest parts of columns");
            foreach (var group in shap.Features.GroupBy(feature => feature.Column, StringComparer.Ordinal).Take(6))
            {
                page.CutLine($"  {string.Join(", ", group.Take(5).Select(feature => $"{feature.Feature} {Number(feature.Mean)}"))}");
            }
        }

        if (explained.Permutation.Count > 0)
        {
            WritePermutation(page, explained);
        }
    }

    private static void WritePermutation(Page page, Explained explained)
    {
        page.Heading($"What is lost when a column is shuffled ({Learning.Evaluation.Metrics.Default(explained.Pipeline.Task).Title})");
        var table = page.Table(2).Column("column", least: 16).Column("loss", right: true).Column("95% interval", right: true);
        foreach (var importance in explained.Permutation.Take(MostColumns))
        {
            table.Row(importance.Column, Number(importance.Drop.Estimate), $"{Number(importance.Drop.Low)} {Number(importance.Drop.High)}");
        }

        page.Write(table, 2);
        More(page, explained.Permutation.Count - MostColumns, "column");
        foreach (var together in explained.Permutation.Select(importance => importance.Together).OfType<Learning.Evaluation.ColumnImportance>().DistinctBy(set => set.Column).Take(5))
        {
            page.Paragraph($"{together.Column}, which say much the same, shuffled together: {Number(together.Drop.Estimate)}", 2);
        }
    }

    private static void WriteRow(Page page, Explained explained, ShapValues row)
    {
        var output = explained.RowOutput;
        page.Heading($"Row {explained.RowNumber} of {explained.Table.Name}: {Prediction(explained)}");
        page.Paragraph($"Contributions to {row.Scale.Replace("each class", row.Outputs[output], StringComparison.Ordinal)} ({row.Method}).");
        var table = page.Table(2).Column("column", least: 16).Column("value", least: 12).Column("contribution", right: true);
        if (row.Errors is not null)
        {
            table.Column("± error", right: true);
        }

        string[] Cells(string name, string value, double contribution, double error) => row.Errors is null ? [name, value, Signed(contribution)] : [name, value, Signed(contribution), double.IsNaN(error) ? "" : Number(error)];
        table.Row(Cells("expectation", "", row.Expectation[output], double.NaN));
        var order = Enumerable.Range(0, row.Columns.Count).OrderByDescending(column => Math.Abs(row[0, column, output])).ToArray();
        foreach (var column in order.Take(MostColumns))
        {
            table.Row(Cells(row.Columns[column], explained.RowTable!.Find(row.Columns[column])?.Format(0) ?? "(missing)", row[0, column, output],
                row.Errors is { } errors ? errors[column * row.Outputs.Count + output] : double.NaN));
        }

        if (order.Length > MostColumns)
        {
            table.Row(Cells($"{order.Length - MostColumns} others", "", order.Skip(MostColumns).Sum(column => row[0, column, output]), double.NaN));
        }

        table.Row(Cells("score", "", row.Score(0, output), double.NaN));
        page.Write(table, 2);
        foreach (var group in row.RowFeatures.GroupBy(feature => feature.Column, StringComparer.Ordinal).Take(4))
        {
            page.CutLine($"  in {group.Key}: {string.Join(", ", group.Take(6).Select(feature => $"{feature.Feature} {Signed(feature.Values[output])}"))}");
        }
    }

    private static void WriteCounterfactuals(Page page, Explained explained)
    {
        if (explained.Counterfactuals is { } set)
        {
            page.Heading($"What would have to be different to be {set.Goal}");
            if (set.Note is not null)
            {
                page.Paragraph(set.Note, 2);
            }

            foreach (var found in set.Found)
            {
                page.Paragraph($"{string.Join("; ", found.Changes.Select(change => $"{change.Column}: {Shown(change.From)} → {Shown(change.To)}"))}  gives {found.Answer} ({Number(found.Prediction)})", 2);
            }
        }

        if (explained.Contrary.Count > 0)
        {
            page.Heading("Rows much like it that have another answer");
            foreach (var example in explained.Contrary)
            {
                page.Paragraph($"row {example.Row + 1}: {example.Answer}, predicted {example.Predicted}, distance {Number(example.Distance)}; differs in {string.Join("; ", example.Differences.Take(4).Select(change => $"{change.Column}: {Shown(change.From)} / {Shown(change.To)}"))}", 2);
            }
        }
    }

    private static void WriteDependence(Page page, PartialDependence dependence)
    {
        page.Heading($"How {(dependence.IsProbability ? "the " : "")}{dependence.Score} changes with {dependence.Column} (mean over {Rows(dependence.Rows)})");
        var table = page.Table(2).Column("value", least: 12).Column("rows", right: true).Column("prediction", right: true).Column("");
        var line = Enumerable.Range(0, dependence.Grid.Length).Select(g => dependence.Mean[g * dependence.Outputs.Count + dependence.CurveOutput]).ToArray();
        foreach (var g in Enumerable.Range(0, line.Length).Where(g => line.Length <= 12 || g % 2 == 0))
        {
            table.Row(dependence.Labels[g], dependence.Support[g].ToString("0%", CultureInfo.InvariantCulture), Number(line[g]), new string('█', dependence.Range > 0 ? (int)Math.Round(BarWidth * (line[g] - line.Min()) / dependence.Range) : 0));
        }

        page.Write(table, 2);
        if (dependence.Disagreement > 0.75)
        {
            page.Paragraph("Single rows run apart: what this column does depends on the rest of the row.", 2);
        }
    }

    private static string Prediction(Explained explained)
    {
        var (pipeline, outputs) = (explained.Pipeline, explained.Prediction!);
        return pipeline.Task switch
        {
            TaskKind.Regression => $"predicted {Number(outputs.Values[0])}",
            TaskKind.Multilabel => $"predicted {(pipeline.Classes.Where((_, k) => outputs.Has(0, k)).ToArray() is { Length: > 0 } given ? string.Join(", ", given) : "no label")}",
            _ => $"predicted {pipeline.Classes[outputs.Labels()[0]]} ({outputs.Values.Max().ToString("0.0%", CultureInfo.InvariantCulture)})",
        };
    }

    private static void More(Page page, int count, string what)
    {
        if (count > 0)
        {
            page.Line($"  and {count} more {what}{(count == 1 ? "" : "s")}; --json has all");
        }
    }

    private static string Rows(int count) => $"{count.ToString("N0", CultureInfo.InvariantCulture)} row{(count == 1 ? "" : "s")}";

    private static string Shown(string? value) => value is null ? "(missing)" : Terminal.Cut(value, MostText);

    private static string Signed(double value) => (value > 0 ? "+" : "") + Number(value);

    private static string Number(double value) => double.IsNaN(value) ? "" : Math.Abs(value) >= 1000 ? value.ToString("N0", CultureInfo.InvariantCulture) : value.ToString("G3", CultureInfo.InvariantCulture);
}
