using System.Globalization;
using Roux.Debugging.Checks;
using Roux.Learning.Data;

namespace Roux.Debugging.Slices;

/// <summary>Rows that a model was asked about, one by one, for people to read.</summary>
internal static class ErrorRows
{
    private const int Longest = 200;

    /// <summary>Classes: minus the logarithm of the probability given to the right answer. Numbers: the absolute error. Labels: the sum over labels of the distance to 0 or 1.</summary>
    public static double[] Losses(JudgedRows rows) => [.. Enumerable.Range(0, rows.Count).Select(row =>
    {
        var y = rows.Answers;
        var outputs = rows.Predictions.Row(row);
        switch (y.Task)
        {
            case TaskKind.Regression:
                return Math.Abs(y.Values[row] - outputs[0]);
            case TaskKind.Multilabel:
                var sum = 0.0;
                for (var k = 0; k < outputs.Length; k++)
                {
                    sum += Math.Abs((y.Indicators[row * y.Width + k] ? 1 : 0) - outputs[k]);
                }

                return sum;
            default:
                return -Math.Log(Math.Clamp(outputs[y.Labels[row]], 1e-15, 1));
        }
    })];

    /// <summary>The known answer in words.</summary>
    public static string Answer(Target y, int row) => y.Task switch
    {
        TaskKind.Regression => y.Values[row].ToString("G6", CultureInfo.InvariantCulture),
        TaskKind.Multilabel => string.Join(" | ", y.Classes.Where((_, k) => y.Indicators[row * y.Width + k])),
        _ => y.Classes[y.Labels[row]],
    };

    /// <summary>What the model says, in words.</summary>
    public static string Predicted(JudgedRows rows, int row) => rows.Answers.Task switch
    {
        TaskKind.Regression => rows.Predictions.Values[row].ToString("G6", CultureInfo.InvariantCulture),
        TaskKind.Multilabel => string.Join(" | ", rows.Answers.Classes.Where((_, k) => rows.Predictions.Has(row, k))),
        _ => rows.Answers.Classes[rows.Predictions.Take([row]).Labels()[0]],
    };

    /// <summary>The probability of what it says; NaN for numbers.</summary>
    public static double Sureness(Predictions p, int row) => p.Task switch
    {
        TaskKind.Regression => double.NaN,
        TaskKind.Multilabel => p.Row(row).ToArray().Aggregate(1.0, (all, output) => all * Math.Max(output, 1 - output)),
        _ => p.Row(row)[p.Take([row]).Labels()[0]],
    };

    /// <summary>The row by column, long texts cut off.</summary>
    public static IReadOnlyList<(string, string?)> Cells(Table table, ModelSubject subject, int row) =>
        [.. table.Columns.Where(column => subject.Columns.Count == 0 || subject.Columns.Any(spec => spec.Name == column.Name))
            .Select(column => (column.Name, column.Format(row) is { Length: > Longest } text ? text[..Longest] + "…" : column.Format(row)))];
}
