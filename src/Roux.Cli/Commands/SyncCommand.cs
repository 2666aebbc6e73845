using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux sync</c>: sends to servers what programs that ended could not send.</summary>
internal static class SyncCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only tell what is left." };
    private static readonly Option<bool> Discard = new("--discard-refused") { Description = "Remove what the server refuses for good." };

    public static Command Create()
    {
        var command = new Command("sync", "Send what was logged while a server could not be reached. --store URL: to that server only.") { DryRun, Discard };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult call, CancellationToken cancellation)
    {
        var named = call.GetValue(CommonOptions.Store);
        if (named is not null && !Tracker.IsServer(named))
        {
            throw new UsageException($"--store '{named}': sync sends to servers; give an address such as http://HOST:5000, or none for all");
        }

        var json = call.GetValue(CommonOptions.Json);
        var results = new List<SyncResult>();
        var spools = SpoolSync.List(named);
        foreach (var spool in spools)
        {
            if (!json && !call.GetValue(DryRun))
            {
                Console.Error.WriteLine($"{results.Count + 1} of {spools.Count}: {spool.Server} …");
            }

            results.Add(await SpoolSync.SendAsync(spool, named, call.GetValue(DryRun), call.GetValue(Discard), cancellation));
        }

        if (json)
        {
            CommonOptions.WriteJson(new JsonObject { ["spools"] = new JsonArray([.. results.Select(Json)]) });
        }
        else
        {
            Write(results);
        }

        return results.Any(result => result.Problem is not null || result.Refused.Count > 0) ? 1 : 0;
    }

    private static void Write(List<SyncResult> results)
    {
        var page = new Page();
        if (results.Count == 0)
        {
            page.Line("Nothing waits to be sent.");
        }

        foreach (var result in results)
        {
            page.Line(result switch
            {
                { InUse: true } => $"{result.Spool.Server}: in use by a program that runs and sends it itself",
                { Runs: 0, Refused.Count: 0 } => $"{result.Spool.Server}: all sent",
                { Runs: 0 } => $"{result.Spool.Server}: all sent but what it refuses (remove that with --discard-refused)",
                _ => $"{result.Spool.Server}: {result.Runs} {(result.Runs == 1 ? "run" : "runs")} with {result.Points} points left in {result.Spool.Folder}",
            });
            if (result.Problem is { } problem)
            {
                page.Line(Terminal.OneLine($"  {problem}"));
            }

            foreach (var refused in result.Refused.Take(10))
            {
                page.Line(Terminal.OneLine($"  refused: {refused}"));
            }
        }
    }

    private static JsonObject Json(SyncResult result) => new()
    {
        ["server"] = result.Spool.Server,
        ["folder"] = result.Spool.Folder,
        ["in_use"] = result.InUse,
        ["runs_left"] = result.Runs,
        ["points_left"] = result.Points,
        ["refused"] = new JsonArray([.. result.Refused.Select(refused => JsonValue.Create(refused))]),
        ["problem"] = result.Problem,
    };
}
