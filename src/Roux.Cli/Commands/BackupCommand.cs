using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux backup TARGET</c>: a backup of the store, while it is used.</summary>
internal static class BackupCommand
{
    private const int ShownProblems = 20;

    private static readonly Argument<string> Target = new("TARGET") { Description = "Folder of backups: a new one, or one used before." };
    private static readonly Option<bool> List = new("--list") { Description = "Show the backups in it." };
    private static readonly Option<bool> Verify = new("--verify") { Description = "Check every digest and row of a backup. Exit code 0 only if all is sound." };
    private static readonly Option<string?> Snapshot = new("--snapshot") { Description = "With --verify: which one (default the latest).", HelpName = "NAME" };
    private static readonly Option<int?> Keep = new("--keep") { Description = "Remove all but the N latest backups afterwards.", HelpName = "N" };

    public static Command Create()
    {
        var command = new Command("backup", "Back the store up, while it is used. roux restore brings it back.") { Target, List, Verify, Snapshot, Keep };
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        var target = call.GetValue(Target)!;
        if (call.GetValue(Snapshot) is not null && !call.GetValue(Verify))
        {
            throw new UsageException("--snapshot goes with --verify; roux restore has one of its own");
        }

        return (call.GetValue(List), call.GetValue(Verify)) switch
        {
            (true, true) => throw new UsageException("--list and --verify: give one of them"),
            (true, _) => Show(call, StoreBackup.List(target)),
            (_, true) => Check(call, target, cancellation),
            _ => Make(call, target, cancellation),
        };
    }

    private static int Make(ParseResult call, string target, CancellationToken cancellation)
    {
        BackupReport report;
        using (var tracker = StoreAccess.Open(call))
        using (var progress = new ProgressLine())
        {
            report = StoreBackup.Create(tracker, target, call.GetValue(Keep), progress, cancellation);
        }

        if (call.GetValue(CommonOptions.Json))
        {
            var document = Json(report.Backup);
            document["new_files"] = report.NewFiles;
            document["new_bytes"] = report.NewBytes;
            document["removed"] = new JsonArray([.. report.Removed.Select(name => (JsonNode?)name)]);
            document["problems"] = new JsonArray([.. report.Problems.Select(problem => (JsonNode?)problem)]);
            CommonOptions.WriteJson(document);
        }
        else
        {
            var page = new Page()
                .Line($"Backup {report.Backup.Name} in {target}: {HumanText.Count(report.Backup.Runs, "run")}, {HumanText.Count(report.Backup.ModelVersions, "model version")}, {HumanText.Count(report.Backup.Artifacts, "artifact")} ({HumanText.Bytes(report.Backup.ArtifactBytes)})")
                .Line($"New in the folder: {HumanText.Bytes(report.Backup.TableBytes)} of rows, {HumanText.Count(report.NewFiles, "file")} ({HumanText.Bytes(report.NewBytes)})");
            if (report.Removed.Count > 0)
            {
                page.Line($"Removed: {string.Join(", ", report.Removed)}");
            }

            Problems(page, report.Problems);
        }

        return report.Problems.Count == 0 ? 0 : 1;
    }

    private static int Show(ParseResult call, IReadOnlyList<BackupRecord> backups)
    {
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject { ["backups"] = new JsonArray([.. backups.Select(Json)]) });
            return 0;
        }

        var page = new Page();
        var table = page.Table().Column("snapshot").Column("when").Column("runs", right: true).Column("versions", right: true).Column("artifacts", right: true).Column("size", right: true);
        foreach (var backup in backups)
        {
            table.Row(
                backup.Name, HumanText.Ago(backup.Created, DateTimeOffset.UtcNow), Text(backup.Runs), Text(backup.ModelVersions), Text(backup.Artifacts), HumanText.Bytes(backup.ArtifactBytes + backup.TableBytes));
        }

        page.Write(table);
        return 0;
    }

    private static int Check(ParseResult call, string target, CancellationToken cancellation)
    {
        BackupVerification result;
        using (var progress = new ProgressLine())
        {
            result = StoreBackup.Verify(target, call.GetValue(Snapshot), progress, cancellation);
        }

        if (call.GetValue(CommonOptions.Json))
        {
            var document = Json(result.Backup);
            document["sound"] = result.Problems.Count == 0;
            document["problems"] = new JsonArray([.. result.Problems.Select(problem => (JsonNode?)problem)]);
            CommonOptions.WriteJson(document);
        }
        else if (result.Problems.Count == 0)
        {
            new Page().Line($"Backup {result.Backup.Name}: sound; every row and all {HumanText.Count(result.Backup.Artifacts, "artifact")} are what was written");
        }
        else
        {
            Problems(new Page().Line($"Backup {result.Backup.Name} is damaged:"), result.Problems);
        }

        return result.Problems.Count == 0 ? 0 : 1;
    }

    private static void Problems(Page page, IReadOnlyList<string> problems)
    {
        foreach (var problem in problems.Take(ShownProblems))
        {
            page.Line($"- {problem}");
        }

        if (problems.Count > ShownProblems)
        {
            page.Line($"- and {problems.Count - ShownProblems} more; --json lists up to a hundred");
        }
    }

    private static JsonObject Json(BackupRecord backup) => new()
    {
        ["snapshot"] = backup.Name,
        ["created"] = backup.Created.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["database"] = backup.Database,
        ["runs"] = backup.Runs,
        ["model_versions"] = backup.ModelVersions,
        ["artifacts"] = backup.Artifacts,
        ["artifact_bytes"] = backup.ArtifactBytes,
        ["table_bytes"] = backup.TableBytes,
    };

    private static string Text(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
