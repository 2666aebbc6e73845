using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;
using Roux.Learning.Learners;

namespace Roux.Learning.Evaluation.Assumptions;

/// <summary>Rows that have nothing to do with each other: neighbouring residuals (Durbin and Watson 1950) and copies.</summary>
internal static class Independence
{
    public static IEnumerable<AssumptionCheck> Check(AssumptionData data, AssumptionOptions options, IReadOnlyList<Learner> learners)
    {
        string[] all = [.. learners.Where(learner => learner.Card.Family != "baseline").Select(learner => learner.Card.Name)];
        yield return Neighbours(data, options, all);
        yield return Copies(data, options, all);
    }

    private static AssumptionCheck Neighbours(AssumptionData data, AssumptionOptions options, string[] learners)
    {
        var fit = new LeastSquaresFit(data.Columns, data.Numbers);
        var block = data.Table.RowCount < data.Whole.Rows ? AssumptionData.Block : 0;
        var test = RegressionTests.DurbinWatson(fit.Residuals, block);
        var distance = Math.Abs(test.Statistic - 2);
        var status = !(test.PValue < 0.01) ? (double.IsNaN(test.Statistic) ? AssumptionStatus.NotChecked : AssumptionStatus.Holds) : AssumptionAudit.Above(distance, 0.3, 0.8);
        // Sorted by the answer, any file looks dependent to what a fit leaves of the answer.
        var mean = data.Numbers.Average();
        var sorted = options.TimeColumn is null && RegressionTests.DurbinWatson(Array.ConvertAll(data.Numbers, number => number - mean), block).Statistic < 1;
        status = sorted && status == AssumptionStatus.Violated ? AssumptionStatus.Doubtful : status;
        var order = options.TimeColumn is { } time ? $"in the order of {time}" : "in the order of the file";
        return new AssumptionCheck
        {
            Assumption = "rows are independent",
            Learners = learners,
            Status = status,
            Statistic = "Durbin-Watson",
            Value = test.Statistic,
            PValue = test.PValue,
            Bounds = "at p < 0.01: doubtful beyond 2 ± 0.3, violated beyond 2 ± 0.8 (not in a file sorted by the answer)",
            Message = string.Create(CultureInfo.InvariantCulture, $"Durbin-Watson is {test.Statistic:0.00} {order} (2 is independent): {(status == AssumptionStatus.Holds ? "neighbouring rows are no more alike than others" : test.Statistic < 2 ? "what a linear fit leaves is alike in neighbouring rows" : "what a linear fit leaves alternates from row to row")}{(sorted && status != AssumptionStatus.Holds ? "; the file is more or less sorted by the answer, which alone does this" : "")}."),
            Advice = status is AssumptionStatus.Holds or AssumptionStatus.NotChecked ? ""
                : options.TimeColumn is null && options.GroupColumn is null
                    ? "If the order means time or origin, split by it: --time COL or --group COL; random folds then promise too much."
                    : "Keep splits by time or group; add columns that carry what neighbours share, such as lags.",
        };
    }

    private static AssumptionCheck Copies(AssumptionData data, AssumptionOptions options, string[] learners)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var copies = 0;
        var text = new System.Text.StringBuilder();
        for (var row = 0; row < data.Table.RowCount; row++)
        {
            text.Clear();
            foreach (var column in data.Table.Columns)
            {
                text.Append(column.Format(row)).Append('\u001f');
            }

            copies += seen.Add(text.ToString()) ? 0 : 1;
        }

        var share = copies / (double)data.Table.RowCount;
        var status = AssumptionAudit.Above(share, 0.03, 0.2);
        return new AssumptionCheck
        {
            Assumption = "no row is a copy of another",
            Learners = learners,
            Status = status,
            Statistic = "share of copies",
            Value = share,
            Bounds = "doubtful from 3%, violated from 20%",
            Message = string.Create(CultureInfo.InvariantCulture, $"{copies:N0} of {data.Table.RowCount:N0} rows looked at ({share:0.0%}) repeat an earlier one in every column."),
            Advice = status == AssumptionStatus.Holds ? "" : $"Copies on both sides of a split flatter every score: drop them, or keep them together{(options.GroupColumn is null ? " with --group COL" : "")}.",
        };
    }
}
