using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Learning.Data.Corrections;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux labels RUN</c>: looks through the labels that a debugging session doubts, decides about them, and writes the data with the corrections.</summary>
internal static class LabelsCommand
{
    private static readonly Argument<string> RunText = new("RUN") { Description = "A run of roux debug --track: its id, the beginning of one, its name, or latest." };
    private static readonly Option<string[]> Keep = new("--keep") { Description = "The given label of this row is right (may be repeated; rows by commas).", HelpName = "ROW" };
    private static readonly Option<string[]> Fix = new("--fix") { Description = "This row gets the suggested label, or the one named (may be repeated).", HelpName = "ROW[=LABEL]" };
    private static readonly Option<string[]> Undo = new("--undo") { Description = "Takes the decision about this row back.", HelpName = "ROW" };
    private static readonly Option<string?> Out = new("--out") { Description = "Writes all decisions as CSV.", HelpName = "FILE.csv" };
    private static readonly Option<string?> Corrected = new("--corrected") { Description = "Writes the data again with the corrections in them.", HelpName = "FILE.csv|.parquet" };
    private static readonly Option<string?> Data = new("--data") { Description = "Where the data lie now, if not where they lay.", HelpName = "FILE" };
    private static readonly Option<int> Limit = new("--limit") { Description = "Rows to show (default 20).", HelpName = "N", DefaultValueFactory = _ => 20 };

    public static Command Create()
    {
        var command = new Command("labels", "Look through labels that may be wrong; keep or correct them; write the corrected data.") { RunText, Keep, Fix, Undo, Out, Corrected, Data, Limit };
        command.SetAction((call, cancellation) => Task.Run(() => RunAsync(call, cancellation), CancellationToken.None));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult call, CancellationToken cancellation)
    {
        var changes = call.GetValue(Keep)!.Length + call.GetValue(Fix)!.Length + call.GetValue(Undo)!.Length > 0;
        using var tracker = changes ? StoreAccess.OpenToChange(call) : StoreAccess.Open(call);
        var run = StoreAccess.FindRun(tracker, call.GetValue(RunText)!);
        var list = LabelList.Read(tracker, run.Id) ?? throw new UsageException($"run {run.Id[..8]} ({run.Name}) holds no list of labels; roux debug DATA --target COL --track leaves one");
        if (changes)
        {
            await DecideAsync(call, tracker, run, list).ConfigureAwait(false);
        }

        var decisions = tracker.LabelDecisions.Of(run.Id, list.Digest, list.Target);
        if (call.GetValue(Out) is { } output)
        {
            PredictionFile.WriteWhole(output, writer => LabelCorrections.WriteCsv(writer, decisions));
        }

        int? corrected = null;
        if (call.GetValue(Corrected) is { } file)
        {
            var data = call.GetValue(Data) ?? list.FindData(run) ?? throw new UsageException("--corrected: the data do not lie where the run read them; say where they are with --data FILE");
            corrected = CorrectedData.Write(data, list.Digest, list.Target, decisions, file, cancellation);
        }

        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(Json(run, list, decisions, corrected));
        }
        else
        {
            Write(call, list, decisions, corrected);
        }

        return 0;
    }

    private static async Task DecideAsync(ParseResult call, Tracker tracker, RunRecord run, LabelList list)
    {
        var known = list.Rows.ToDictionary(row => row.Row);
        var decisions = new List<(long, string, string)>();
        foreach (var row in call.GetValue(Keep)!.SelectMany(text => Rows("--keep", text, known)))
        {
            decisions.Add((row.Row, row.Given, row.Given));
        }

        foreach (var text in call.GetValue(Fix)!)
        {
            var parts = text.Split('=', 2);
            foreach (var row in Rows("--fix", parts[0], known))
            {
                var label = parts.Length > 1 ? parts[1] : row.Suggested;
                decisions.Add((row.Row, row.Given, list.Refuse(label) is { } refused ? throw new UsageException($"--fix {text}: {refused}") : label));
            }
        }

        await tracker.LabelDecisions.DecideAsync(run.Id, list.Digest, list.Target, decisions).ConfigureAwait(false);
        await tracker.LabelDecisions.TakeBackAsync(run.Id, list.Digest, list.Target, [.. call.GetValue(Undo)!.SelectMany(text => Rows("--undo", text, known)).Select(row => row.Row)]).ConfigureAwait(false);
    }

    private static IEnumerable<SuspectLabel> Rows(string option, string text, Dictionary<long, SuspectLabel> known) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part =>
        !long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? throw new UsageException($"{option} '{part}': the number of a row is wanted, from 1")
        : known.TryGetValue(row, out var found) ? found
        : throw new UsageException($"{option} {row}: the row is not on the list of {known.Count} that may be wrong; see it with: roux labels RUN --limit {known.Count}"));

    private static void Write(ParseResult call, LabelList list, IReadOnlyList<LabelDecision> decisions, int? corrected)
    {
        var page = new Page();
        var decided = decisions.ToDictionary(decision => decision.Row);
        page.Paragraph(string.Create(CultureInfo.InvariantCulture, $"{list.Target}: {list.HeldWrong:N0} of {list.LookedAt:N0} labels are held to be wrong ({string.Join(", ", list.Models)})"));
        page.Line($"{decisions.Count(decision => decision.IsCorrection)} corrected, {decisions.Count(decision => !decision.IsCorrection)} kept");
        var table = page.Table().Column("row", right: true).Column("given").Column("suggested").Column("p given", right: true).Column("decision").Column("the row", least: 20);
        foreach (var row in list.Rows.Take(Math.Max(0, call.GetValue(Limit))))
        {
            table.Row(
                row.Row.ToString(CultureInfo.InvariantCulture), row.Given, row.Suggested == row.Given ? "the same" : row.Suggested, row.Confidence.ToString("0.000", CultureInfo.InvariantCulture),
                decided.TryGetValue(row.Row, out var decision) ? decision.IsCorrection ? $"now {decision.Decided}" : "kept" : "", string.Join(", ", row.Cells.Select(cell => $"{cell.Column} {cell.Value ?? "-"}")));
        }

        page.Write(table);
        if (corrected is { } count)
        {
            page.Line($"{call.GetValue(Corrected)}: the data with {count} corrected {(count == 1 ? "label" : "labels")}");
        }
    }

    private static JsonObject Json(RunRecord run, LabelList list, IReadOnlyList<LabelDecision> decisions, int? corrected) => new()
    {
        ["run_id"] = run.Id,
        ["target"] = list.Target,
        ["digest"] = list.Digest,
        ["looked_at"] = list.LookedAt,
        ["held_to_be_wrong"] = list.HeldWrong,
        ["rows"] = new JsonArray([.. list.Rows.Select(row => new JsonObject
        {
            ["row"] = row.Row,
            ["given"] = row.Given,
            ["suggested"] = row.Suggested,
            ["confidence"] = double.IsFinite(row.Confidence) ? row.Confidence : null,
            ["held_to_be_wrong"] = row.IsHeldWrong,
        })]),
        ["decisions"] = new JsonArray([.. decisions.Select(one => new JsonObject
        {
            ["row"] = one.Row,
            ["given"] = one.Given,
            ["decided"] = one.Decided,
            ["decision"] = one.IsCorrection ? "fix" : "keep",
            ["decided_by"] = one.Actor,
            ["time"] = RunJson.Time(one.Time),
        })]),
        ["corrected"] = corrected,
    };
}
