using System.Text.Json.Nodes;
using Roux.Debugging.Checks;
using Roux.Learning.Data;
using Roux.Learning.Explanations;

namespace Roux.Debugging.Slices;

/// <summary>What a model gets wrong: the worst rows one by one, and the groups of rows on which it is weak or knows itself to be.</summary>
/// <param name="Worst">The rows of the largest loss, worst first.</param>
/// <param name="Weak">Groups on which it errs more than its sureness lets one expect.</param>
/// <param name="Hard">Groups on which it errs more than elsewhere, whether it knows or not.</param>
/// <param name="Advice">What to do about each weak group.</param>
/// <param name="Scale">What attributions are measured in, in words; empty without any.</param>
public sealed record ErrorAnalysis(IReadOnlyList<ErrorExample> Worst, IReadOnlyList<WeakSlice> Weak, IReadOnlyList<WeakSlice> Hard, IReadOnlyList<SliceAdvice> Advice, string Scale)
{
    private const int Neighbours = 5;
    private const int TrainingRows = 3_000;

    /// <summary>Analyses the errors of a model.</summary>
    /// <param name="subject">The model; its evaluation rows must be at hand.</param>
    /// <param name="examples">Rows to look at one by one.</param>
    /// <param name="context">Seed, threads, and whether to stop.</param>
    /// <exception cref="DataException">The evaluation rows are not at hand.</exception>
    public static ErrorAnalysis Of(ModelSubject subject, int examples = 20, CheckContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(subject);
        context ??= new CheckContext();
        var table = subject.Evaluation.Table ?? throw new DataException("an analysis of errors needs the rows themselves, not only answers and predictions");
        var losses = ErrorRows.Losses(subject.Evaluation);
        int[] worst = [.. Enumerable.Range(0, losses.Length).Where(row => losses[row] > 0).OrderByDescending(row => losses[row]).Take(examples)];
        var near = NearestRows(subject, worst, context.Cancellation);
        var (attributions, scale) = Attributions(subject, worst, context);
        var (y, p) = (subject.Evaluation.Answers, subject.Evaluation.Predictions);
        var found = SliceFinder.Find(table, subject.Columns, y, p, cancellation: context.Cancellation);
        return new ErrorAnalysis(
            [.. worst.Select((row, i) => new ErrorExample(row, losses[row], ErrorRows.Answer(y, row), ErrorRows.Predicted(subject.Evaluation, row), ErrorRows.Sureness(p, row), ErrorRows.Cells(table, subject, row), near[i], attributions[i]))],
            found,
            SliceFinder.Find(table, subject.Columns, y, p, new SliceOptions { AgainstConfidence = false }, context.Cancellation),
            [.. found.Select(slice => SliceAdvice.Of(subject, slice))],
            scale);
    }

    /// <summary>The analysis as JSON.</summary>
    /// <param name="rows">Number of the evaluation rows.</param>
    public JsonObject ToJson(int rows) => new()
    {
        ["worst"] = new JsonArray([.. Worst.Select(example => (JsonNode)example.ToJson())]),
        ["weak_slices"] = new JsonArray([.. Weak.Select((slice, i) =>
        {
            var json = slice.ToJson(rows);
            (json["advice"], json["cause"], json["fix"]) = (Advice[i].Kind, Advice[i].Cause, Advice[i].Fix);
            return (JsonNode)json;
        })]),
        ["hard_slices"] = new JsonArray([.. Hard.Select(slice => (JsonNode)slice.ToJson(rows))]),
        ["attribution_scale"] = Scale,
    };

    private static IReadOnlyList<NearRow>[] NearestRows(ModelSubject subject, int[] worst, CancellationToken cancellation)
    {
        if (subject.Training is not { Table: { } all } training || subject.Columns.Count == 0 || worst.Length == 0)
        {
            return [.. worst.Select(_ => (IReadOnlyList<NearRow>)[])];
        }

        int[] rows = [.. Enumerable.Range(0, Math.Min(TrainingRows, training.Count)).Select(i => (int)((long)i * training.Count / Math.Min(TrainingRows, training.Count)))];
        var specs = subject.Columns.Where(column => all.Find(column.Name) is not null).ToArray();
        var joined = new Table("rows", [.. specs.Select(spec => Join(subject.Evaluation.Table![spec.Name].Take(worst), all[spec.Name].Take(rows)))]);
        var distance = new RowDistance(joined, specs);
        var found = new IReadOnlyList<NearRow>[worst.Length];
        for (var i = 0; i < worst.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            found[i] = [.. rows.Select((row, k) => (row, Apart: distance.Between(i, worst.Length + k))).OrderBy(pair => pair.Apart).ThenBy(pair => pair.row).Take(Neighbours)
                .Select(pair => new NearRow(pair.row, pair.Apart, ErrorRows.Answer(training.Answers, pair.row)))];
        }

        return found;
    }

    private static Column Join(Column a, Column b) => (a, b) switch
    {
        (NumberColumn first, NumberColumn second) => new NumberColumn(a.Name, [.. first.Values, .. second.Values], first.Type == second.Type ? first.Type : ColumnType.Real, first.Words),
        (DateColumn first, DateColumn second) => new DateColumn(a.Name, [.. first.Ticks, .. second.Ticks]),
        _ => TextColumn.From(a.Name, Enumerable.Range(0, a.Length).Select(a.Format).Concat(Enumerable.Range(0, b.Length).Select(b.Format))),
    };

    private static (IReadOnlyList<(string, double)>[] Parts, string Scale) Attributions(ModelSubject subject, int[] worst, CheckContext context)
    {
        IReadOnlyList<(string, double)>[] none = [.. worst.Select(_ => (IReadOnlyList<(string, double)>)[])];
        if (subject.Pipeline is not { } pipeline || subject.Training?.Table is not { } training || worst.Length == 0 || !Shap.ReadsColumns(pipeline))
        {
            return (none, "");
        }

        var shap = Shap.Of(pipeline, subject.Evaluation.Table!.Take(worst), training, new ShapOptions { MaxRows = worst.Length, Seed = context.Seed, Threads = context.Threads }, context.Cancellation);
        var p = subject.Evaluation.Predictions;
        for (var i = 0; i < shap.Rows; i++)
        {
            var output = shap.Outputs.Count == 1 ? 0 : p.Take([worst[i]]).MostProbable()[0];
            none[i] = [.. shap.Columns.Select((column, j) => (column, shap[i, j, output])).OrderByDescending(part => Math.Abs(part.Item2)).Take(10)];
        }

        return (none, shap.Scale);
    }
}
