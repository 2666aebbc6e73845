using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux restore SOURCE</c>: makes a store of a backup, in a folder or a database whatever it came from.</summary>
internal static class RestoreCommand
{
    private static readonly Argument<string> Source = new("SOURCE") { Description = "Folder that roux backup wrote to." };
    private static readonly Option<string?> Snapshot = new("--snapshot") { Description = "Which backup (default the latest).", HelpName = "NAME" };
    private static readonly Option<string?> Artifacts = new("--artifacts") { Description = "Where artifacts go: a folder or s3://BUCKET/PREFIX.", HelpName = "PLACE" };
    private static readonly Option<bool> Force = new("--force") { Description = "Replace all that the store holds." };

    public static Command Create()
    {
        var command = new Command("restore", "Make a store of a backup; --store says where.") { Source, Snapshot, Artifacts, Force };
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        var store = CommonOptions.StoreOf(call);
        var options = new RestoreOptions { Snapshot = call.GetValue(Snapshot), Force = call.GetValue(Force) };
        RestoreReport report;
        using (var progress = new ProgressLine())
        {
            report = StoreRestore.Run(call.GetValue(Source)!, store, call.GetValue(Artifacts) is { } place ? options with { Artifacts = place } : options, progress, cancellation);
        }

        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject
            {
                ["snapshot"] = report.Snapshot, ["store"] = store, ["rows"] = report.Rows, ["artifacts"] = report.Artifacts, ["artifact_bytes"] = report.ArtifactBytes, ["replaced"] = report.Replaced,
            });
            return 0;
        }

        var page = new Page().Line($"Restored {report.Snapshot} into {store}: {HumanText.Count(report.Rows, "row")}, {HumanText.Count(report.Artifacts, "artifact")} ({HumanText.Bytes(report.ArtifactBytes)})");
        if (report.Replaced is { } replaced)
        {
            page.Line(StoreAddress.IsPostgres(store) ? $"It replaced {replaced}." : $"It replaced {replaced}; the database that was there lies beside it as roux.db.replaced.");
        }

        return 0;
    }
}
