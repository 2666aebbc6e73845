using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux gc</c>: frees what the store needs no more; without <c>--yes</c> it only tells.</summary>
internal static class GcCommand
{
    private const int ShownKept = 10;

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do it. Without, nothing is removed." };
    private static readonly Option<string> DeletedFor = new("--deleted-for") { Description = "Remove what was deleted so long ago.", HelpName = "AGE", DefaultValueFactory = _ => "30d" };
    private static readonly Option<string?> OlderThan = new("--older-than") { Description = "Also live runs that ended so long ago.", HelpName = "AGE" };
    private static readonly Option<int?> KeepLast = new("--keep-last") { Description = "Also all but the N latest live runs of each experiment.", HelpName = "N" };
    private static readonly Option<string?> Filter = new("--filter") { Description = "Of these live runs only those that fit; alone: all that fit.", HelpName = "EXPR" };
    private static readonly Option<string[]> Experiments = new("--experiment", "-e") { Description = "Only runs of this experiment; may be repeated.", HelpName = "NAME" };
    private static readonly Option<bool> Orphans = new("--orphans") { Description = "Also artifact files that belong to nothing in this store." };
    private static readonly Option<bool> Vacuum = new("--vacuum") { Description = "Shrink the database however large it is." };
    private static readonly Option<bool> NoVacuum = new("--no-vacuum") { Description = "Do not shrink the database." };

    public static Command Create()
    {
        var command = new Command("gc", "Free what the store needs no more; tells first, --yes does it.") { Yes, DeletedFor, OlderThan, KeepLast, Filter, Experiments, Orphans, Vacuum, NoVacuum };
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        var options = OptionsOf(call);
        CleanupReport report;
        using (var tracker = call.GetValue(Yes) ? StoreAccess.OpenToChange(call) : StoreAccess.Open(call))
        using (var progress = new ProgressLine())
        {
            report = call.GetValue(Yes) ? StoreCleanup.Run(tracker, options, progress, cancellation) : StoreCleanup.Look(tracker, options, progress, cancellation);
        }

        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(Json(report));
        }
        else
        {
            Write(report);
        }

        return report.Problems.Count == 0 ? 0 : 1;
    }

    private static CleanupOptions OptionsOf(ParseResult call) => new()
    {
        DeletedFor = Duration.Age("--deleted-for", call.GetValue(DeletedFor)!),
        OlderThan = call.GetValue(OlderThan) is { } age ? Duration.Age("--older-than", age) : null,
        KeepLast = call.GetValue(KeepLast),
        Filter = call.GetValue(Filter),
        Experiments = call.GetValue(Experiments) is { Length: > 0 } names ? names : null,
        Orphans = call.GetValue(Orphans),
        Vacuum = (call.GetValue(Vacuum), call.GetValue(NoVacuum)) switch
        {
            (true, true) => throw new UsageException("--vacuum and --no-vacuum: give one of them"),
            (true, _) => true,
            (_, true) => false,
            _ => null,
        },
    };

    private static void Write(CleanupReport report)
    {
        var page = new Page();
        var table = page.Table().Column(report.Done ? "removed" : "would be removed").Column("", right: true).Column("", right: true);
        table.Row("runs", Text(report.Runs), report.LiveRuns > 0 ? $"{Text(report.LiveRuns)} not deleted before" : "");
        table.Row("logged models", Text(report.LoggedModels), "");
        table.Row("experiments", Text(report.Experiments), "");
        table.Row("artifacts", Text(report.Files), HumanText.Bytes(report.FileBytes));
        table.Row("unfinished uploads", Text(report.Uploads), HumanText.Bytes(report.UploadBytes));
        if (report.OrphanFiles is { } orphans)
        {
            table.Row("orphaned files", Text(orphans), HumanText.Bytes(report.OrphanBytes));
        }

        page.Write(table, headings: true);
        page.Line(report.Done
            ? $"Database: {HumanText.Bytes(report.DatabaseBefore)} before, {HumanText.Bytes(report.DatabaseAfter)} now{(report.DatabaseFree > 0 ? $", {HumanText.Bytes(report.DatabaseFree)} of it free for what comes" : "")}"
            : $"Database: {HumanText.Bytes(report.DatabaseBefore)}");
        if (report.Kept.Count > 0)
        {
            page.Heading($"Chosen, and needed: {report.Kept.Count}");
            foreach (var kept in report.Kept.Take(ShownKept))
            {
                page.CutLine($"  {kept.RunId[..Math.Min(8, kept.RunId.Length)]} {kept.Name}: {kept.Reason}");
            }

            if (report.Kept.Count > ShownKept)
            {
                page.Line($"  and {report.Kept.Count - ShownKept} more; --json lists up to a thousand");
            }
        }

        foreach (var problem in report.Problems)
        {
            page.Line(problem);
        }

        if (!report.Done && report.Runs + report.LoggedModels + report.Experiments + report.Files + report.Uploads + (report.OrphanFiles ?? 0) > 0)
        {
            page.Line("Nothing was removed. To do it: the same with --yes (roux backup first, if in doubt)");
        }
    }

    private static JsonObject Json(CleanupReport report) => new()
    {
        ["done"] = report.Done,
        ["runs"] = report.Runs,
        ["live_runs"] = report.LiveRuns,
        ["logged_models"] = report.LoggedModels,
        ["experiments"] = report.Experiments,
        ["artifacts"] = report.Files,
        ["artifact_bytes"] = report.FileBytes,
        ["uploads"] = report.Uploads,
        ["upload_bytes"] = report.UploadBytes,
        ["orphaned_files"] = report.OrphanFiles,
        ["orphaned_bytes"] = report.OrphanBytes,
        ["kept"] = new JsonArray([.. report.Kept.Select(kept => new JsonObject { ["run_id"] = kept.RunId, ["name"] = kept.Name, ["reason"] = kept.Reason })]),
        ["database_bytes_before"] = report.DatabaseBefore,
        ["database_bytes_after"] = report.DatabaseAfter,
        ["database_bytes_free"] = report.DatabaseFree,
        ["problems"] = new JsonArray([.. report.Problems.Select(problem => (JsonNode?)problem)]),
    };

    private static string Text(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
