using System.Text.Json.Nodes;
using Roux.Debugging.Checks;
using Roux.Learning.Data;

namespace Roux.Debugging.Slices;

/// <summary>The groups of rows on which a model errs more than elsewhere, with rows to look at, as a document that a run keeps.</summary>
internal static class SliceRecord
{
    /// <summary>Where a run keeps it.</summary>
    public const string Path = "debug/slices.json";

    private const int MostSlices = 12;
    private const int Examples = 8;
    private const int Worst = 15;
    private const int MostCells = 30;

    /// <summary>Searches, and writes down: slices that the model does not know to be weak (<c>weak</c>) and those that it does (<c>hard</c>), and the rows of the largest loss.</summary>
    /// <param name="subject">The model; <c>null</c> comes back where its evaluation rows are not at hand.</param>
    /// <param name="context">Whether to stop.</param>
    public static JsonObject? Of(ModelSubject subject, CheckContext context)
    {
        if (subject.Evaluation.Table is not { } table || subject.Columns.Count == 0)
        {
            return null;
        }

        var (y, p) = (subject.Evaluation.Answers, subject.Evaluation.Predictions);
        var options = new SliceOptions { MostSlices = MostSlices };
        var weak = SliceFinder.Find(table, subject.Columns, y, p, options, context.Cancellation);
        var hard = SliceFinder.Find(table, subject.Columns, y, p, options with { AgainstConfidence = false }, context.Cancellation).Where(slice => weak.All(other => other.Text != slice.Text));
        var losses = ErrorRows.Losses(subject.Evaluation);
        return new JsonObject
        {
            ["format"] = "roux.slices/1",
            ["model"] = subject.Name,
            ["task"] = y.Task.ToString().ToLowerInvariant(),
            ["metric"] = y.Task == TaskKind.Regression ? "mean absolute error" : "share of wrong answers",
            ["rows"] = y.Count,
            ["loss"] = y.Count == 0 ? null : RowLosses.Losses(y, p).Average(),
            ["slices"] = new JsonArray([
                .. weak.Select(slice => One(subject, slice, "weak", losses)),
                .. hard.Select(slice => One(subject, slice, "hard", losses)).Take(MostSlices),
            ]),
            ["worst"] = new JsonArray([.. Ranked(Enumerable.Range(0, losses.Length), losses).Where(row => losses[row] > 0).Take(Worst).Select(row => Row(subject, row, losses[row]))]),
        };
    }

    private static JsonObject One(ModelSubject subject, WeakSlice slice, string kind, double[] losses)
    {
        var json = slice.ToJson(subject.Evaluation.Count);
        json["kind"] = kind;
        var advice = SliceAdvice.Of(subject, slice);
        if (kind == "weak")
        {
            (json["advice"], json["cause"], json["fix"]) = (advice.Kind, advice.Cause, advice.Fix);
        }

        json["training_rows"] = advice.TrainingRows;
        json["examples"] = new JsonArray([.. Ranked(slice.Rows, losses).Take(Examples).Select(row => Row(subject, row, losses[row]))]);
        return json;
    }

    private static IOrderedEnumerable<int> Ranked(IEnumerable<int> rows, double[] losses) => rows.OrderByDescending(row => losses[row]).ThenBy(row => row);

    private static JsonObject Row(ModelSubject subject, int row, double loss) => new JsonObject
    {
        ["answer"] = ErrorRows.Answer(subject.Evaluation.Answers, row),
        ["predicted"] = ErrorRows.Predicted(subject.Evaluation, row),
        ["sureness"] = ErrorRows.Sureness(subject.Evaluation.Predictions, row) is var sureness && double.IsFinite(sureness) ? sureness : null,
        ["loss"] = double.IsFinite(loss) ? loss : null,
        ["cells"] = new JsonObject(ErrorRows.Cells(subject.Evaluation.Table!, subject, row).Take(MostCells).Select(cell => KeyValuePair.Create(cell.Item1, (JsonNode?)JsonValue.Create(cell.Item2)))),
    };
}
