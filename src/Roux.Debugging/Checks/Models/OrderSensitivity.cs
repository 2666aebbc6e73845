using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether an answer depends on things that are no part of the row: the order of the columns, the other rows of the call.</summary>
public sealed class OrderSensitivity : Check<ModelSubject>
{
    private const int Rows = 256;
    private const int Alone = 8;
    private static readonly Threshold Difference = new("difference", 1e-3, "largest change of a probability, or of a number in standard deviations of the predictions: above", "far above the rounding of float32 sums in another order (about 1e-6), far below what matters");

    /// <inheritdoc/>
    public override string Name => "order-sensitivity";

    /// <inheritdoc/>
    public override string Definition => "Predictions change when the columns of the table come in reverse order, when its rows do, or when rows are predicted one by one: a metamorphic relation that every model of single rows must keep (Xie et al. 2011).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Difference];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["worse-than-baseline", "train-serve-skew"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        if (subject.Predict is not { } predict || subject.Evaluation.Table is null || subject.Evaluation.Count < 2)
        {
            yield break;
        }

        var table = subject.Evaluation.AtMost(Rows).Table!;
        var plain = predict(table);
        var scale = plain.Task == TaskKind.Regression ? Math.Max(Spread(plain.Values), 1e-12) : 1;
        var most = context.Value(Name, Difference);
        if (Worst(plain, predict(new Table(table.Name, [.. table.Columns.Reverse()]))) / scale is var columns && columns > most)
        {
            yield return Found($"Predictions depend on the order of the columns: reversed, they change by up to {columns:G3}.", "columns", columns,
                "Inputs are taken by place instead of by name.", "Select and order columns by name before they reach the model, and store the names with it.");
        }

        int[] reversed = [.. Enumerable.Range(0, table.RowCount).Reverse()];
        if (Worst(plain, predict(table.Take(reversed)).Take(reversed)) / scale is var rows && rows > most)
        {
            yield return Found($"Predictions depend on the order of the rows: reversed, they change by up to {rows:G3}.", "rows", rows,
                "Something is carried from row to row: a hidden state, or features computed over neighbours.", "Reset state between rows; compute features of a row from it and from stored figures of training alone.");
            yield break;
        }

        int[] few = [.. Enumerable.Range(0, Alone).Select(i => (int)((long)i * table.RowCount / Alone)).Distinct()];
        var single = few.Max(row => Worst(plain.Take([row]), predict(table.Take([row])))) / scale;
        if (single > most)
        {
            yield return Found($"A row predicted alone gets another answer than among others: up to {single:G3} apart.", "alone", single,
                "The model is left in training mode (batch normalisation by the batch's own figures, dropout), or scaling is fitted anew on every call.",
                "Switch to evaluation mode before predicting; fit scalers on training rows once and store them.");
        }
    }

    private Finding Found(string message, string what, double difference, string cause, string fix) => new(Name, Severity.High, message)
    {
        Evidence = new JsonObject { ["changed"] = what, ["largest_difference"] = difference },
        Cause = cause,
        Fix = fix,
        Verify = "Predictions are the same in any order of rows and columns, and one by one.",
    };

    private static double Worst(Predictions a, Predictions b)
    {
        if (a.Values.Length != b.Values.Length)
        {
            return double.PositiveInfinity;
        }

        var worst = 0.0;
        for (var i = 0; i < a.Values.Length; i++)
        {
            var difference = Math.Abs(a.Values[i] - b.Values[i]);
            worst = double.IsNaN(difference) && double.IsNaN(a.Values[i]) != double.IsNaN(b.Values[i]) ? double.PositiveInfinity : Math.Max(worst, double.IsNaN(difference) ? 0 : difference);
        }

        return worst;
    }

    private static double Spread(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
