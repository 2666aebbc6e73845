using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;

namespace Roux.Learning.Explanations;

/// <summary>Charts of explanations.</summary>
public static class ExplanationPlots
{
    private const double DaysPerYear = 365.2425;

    /// <summary>Mean absolute contribution of every column.</summary>
    public static Plot Importance(ShapValues shap) => Plots.Importance(
        [.. shap.Importance().Select(pair => new RankedValue(pair.Column, new Interval(pair.Mean, double.NaN, double.NaN, "")))],
        $"mean size of the contribution to {shap.Scale}", "What the model looks at");

    /// <summary>Contributions of every column to one output, one dot a row.</summary>
    /// <param name="shap">The contributions.</param>
    /// <param name="rows">The rows that they are of.</param>
    /// <param name="output">The output.</param>
    public static Plot Summary(ShapValues shap, Table rows, int output)
    {
        var lines = shap.Importance().Select(pair =>
        {
            var column = Array.IndexOf([.. shap.Columns], pair.Column);
            return new SwarmLine(pair.Column, [.. Enumerable.Range(0, shap.Rows).Select(row => shap[row, column, output])], Heights(rows.Find(pair.Column), shap.Rows));
        });
        return Plots.Beeswarm([.. lines], ScoreOf(shap, output), shap.Outputs.Count > 1 ? $"Contributions to {shap.Outputs[output]}" : "Contributions of columns, row by row");
    }

    /// <summary>How one row's prediction came about.</summary>
    /// <param name="shap">The contributions.</param>
    /// <param name="rows">The rows that they are of.</param>
    /// <param name="row">The row.</param>
    /// <param name="output">The output.</param>
    public static Plot Waterfall(ShapValues shap, Table rows, int row, int output)
    {
        var steps = Enumerable.Range(0, shap.Columns.Count).Select(column => (Name: Named(rows.Find(shap.Columns[column]), shap.Columns[column], row), Value: shap[row, column, output]))
            .OrderByDescending(step => Math.Abs(step.Value)).ThenBy(step => step.Name, StringComparer.Ordinal);
        return Plots.Waterfall([.. steps], shap.Expectation[output], ScoreOf(shap, output));
    }

    /// <summary>How predictions change with a column.</summary>
    /// <param name="dependence">What was computed.</param>
    /// <param name="centred">Whether single curves start from 0, which shows whether they run alike.</param>
    public static Plot Dependence(PartialDependence dependence, bool centred = false)
    {
        var (points, outputs) = (dependence.Grid.Length, dependence.Outputs.Count);
        var flat = centred ? dependence.Centred() : dependence.Curves;
        double[][] curves = [.. Enumerable.Range(0, flat.Length / points).Select(row => flat.AsSpan(row * points, points).ToArray())];
        double[] mean = [.. Enumerable.Range(0, points).Select(g => dependence.Mean[g * outputs + dependence.CurveOutput])];
        mean = centred ? Array.ConvertAll(mean, value => value - mean[0]) : mean;
        var score = centred ? $"change of {dependence.Score}" : dependence.Score;
        if (!dependence.Ordered)
        {
            return Plots.DependenceOnLevels(dependence.Column, [.. dependence.Labels.Select((label, g) =>
            {
                var values = curves.Select(curve => curve[g]).Order().ToArray();
                return (label, mean[g], values[(int)(0.1 * (values.Length - 1))], values[(int)(0.9 * (values.Length - 1))]);
            })], score);
        }

        var isDate = DateTime.TryParseExact(dependence.Labels[0].AsSpan(0, Math.Min(10, dependence.Labels[0].Length)), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        var (axis, grid) = !isDate ? (dependence.Column, dependence.Grid)
            : dependence.Grid[^1] - dependence.Grid[0] > 2 * DaysPerYear ? ($"{dependence.Column} (year)", Array.ConvertAll(dependence.Grid, day => 1970 + day / DaysPerYear))
            : ($"{dependence.Column} (days since {dependence.Labels[0][..10]})", Array.ConvertAll(dependence.Grid, day => day - dependence.Grid[0]));
        return Plots.Dependence(axis, grid, mean, curves, dependence.Support, score, dependence.Column);
    }

    /// <summary>What contributions to an output are in.</summary>
    internal static string ScoreOf(ShapValues shap, int output) => shap.Scale.Replace("each class", shap.Outputs[output], StringComparison.Ordinal);

    private static string Named(Column? column, string name, int row) =>
        column is null ? name : $"{name} = {(column.Format(row) is not { } value ? "(missing)" : column is NumberColumn { Type: ColumnType.Real } number ? number.Values[row].ToString("G5", CultureInfo.InvariantCulture) : value)}";

    /// <summary>Where each row's value lies among all, 0 to 1; NaN for missing values and what has no order.</summary>
    private static double[] Heights(Column? column, int count)
    {
        double[]? values = column switch
        {
            NumberColumn number => number.Values,
            DateColumn date => Array.ConvertAll(date.Ticks, ticks => ticks == DateColumn.Missing ? double.NaN : ticks),
            _ => null,
        };
        var heights = new double[count];
        Array.Fill(heights, double.NaN);
        if (values is null)
        {
            return heights;
        }

        double[] sorted = [.. values.Take(count).Where(double.IsFinite).Order()];
        for (var row = 0; row < count; row++)
        {
            if (double.IsFinite(values[row]))
            {
                var below = Array.FindIndex(sorted, value => value >= values[row]);
                var above = Array.FindLastIndex(sorted, value => value <= values[row]);
                heights[row] = sorted.Length < 2 ? 0.5 : (below + above) / 2.0 / (sorted.Length - 1);
            }
        }

        return heights;
    }
}
