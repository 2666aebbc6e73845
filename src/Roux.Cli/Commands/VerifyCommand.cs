using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;

namespace Roux.Cli.Commands;

/// <summary><c>roux models verify MODEL/VERSION</c>: whether the files of a version are those that were registered.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string> Reference = new("MODEL/VERSION") { Description = "The version: NAME/3, NAME@alias, NAME/Staging, or NAME for the latest." };

    public static Command Create()
    {
        var command = new Command("verify", "Whether the files of a version are those that were registered. Exit code 0 only if so.") { Reference };
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        using var tracker = StoreAccess.Open(call);
        var version = StoreAccess.FindVersion(tracker, call.GetValue(Reference)!);
        var result = tracker.Models.Verify($"{version.Name}/{version.Version}", cancellation);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject
            {
                ["name"] = version.Name, ["version"] = version.Version, ["intact"] = result.Intact, ["expected"] = result.Expected, ["found"] = result.Found, ["problem"] = result.Problem,
            });
        }
        else
        {
            new Page().Line($"{version.Name}/{version.Version}: {(result.Intact ? $"unchanged, {result.Expected}" : result.Problem)}");
        }

        return result.Intact ? 0 : 1;
    }
}
