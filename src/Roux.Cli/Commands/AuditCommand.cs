using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux audit</c>: what happened in the registry, and whether the log is what was written.</summary>
internal static class AuditCommand
{
    private const int MostEntries = 10_000;

    private static readonly Argument<string?> Model = new("MODEL") { Description = "Only this model, or NAME/VERSION.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> By = new("--by") { Description = "Only what this user did.", HelpName = "USER" };
    private static readonly Option<string?> Action = new("--action") { Description = "Only this kind, such as version.promoted or alias.*.", HelpName = "KIND" };
    private static readonly Option<DateTimeOffset?> Since = new("--since") { Description = "Not before this time, such as 2026-01-31.", HelpName = "TIME" };
    private static readonly Option<DateTimeOffset?> Until = new("--until") { Description = "Before this time.", HelpName = "TIME" };
    private static readonly Option<int> Limit = new("--limit") { Description = "Most entries, the newest first.", HelpName = "N", DefaultValueFactory = _ => 50 };
    private static readonly Option<bool> Verify = new("--verify") { Description = "Check the whole chain instead. Exit code 0 only if it is intact." };
    private static readonly Option<string?> Head = new("--head") { Description = "With --verify: a hash shown earlier, which must still be in the chain.", HelpName = "HASH" };

    public static Command Create()
    {
        var command = new Command("audit", "What happened in the registry: who, when, what, from what to what.") { Model, By, Action, Since, Until, Limit, Verify, Head };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        if (call.GetValue(Limit) is < 1 or > MostEntries)
        {
            throw new UsageException($"--limit {call.GetValue(Limit)}: from 1 to {MostEntries}");
        }

        using var tracker = StoreAccess.Open(call);
        return call.GetValue(Verify) ? Check(call, tracker)
            : call.GetValue(Head) is null ? Show(call, tracker)
            : throw new UsageException("--head: belongs to --verify, which is not given");
    }

    private static int Check(ParseResult call, Tracker tracker)
    {
        var result = tracker.Models.Audit.Verify(call.GetValue(Head));
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject { ["intact"] = result.Intact, ["entries"] = result.Entries, ["head"] = result.Head, ["broken_at"] = result.BrokenAt, ["problem"] = result.Problem });
        }
        else if (result.Intact)
        {
            new Page().Line($"Intact: {HumanText.Count(result.Entries, "entry").Replace("entrys", "entries", StringComparison.Ordinal)}, head {(result.Head.Length == 0 ? "none" : result.Head)}");
        }
        else
        {
            new Page().Line($"NOT INTACT at entry {result.BrokenAt}: {result.Problem}");
        }

        return result.Intact ? 0 : 1;
    }

    private static int Show(ParseResult call, Tracker tracker)
    {
        var (model, version) = Target(call.GetValue(Model));
        var entries = tracker.Models.Audit.Search(new AuditQuery
        {
            Model = model, Version = version, Actor = call.GetValue(By), Action = call.GetValue(Action), Since = call.GetValue(Since), Until = call.GetValue(Until), MaxResults = call.GetValue(Limit),
        });
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject { ["entries"] = new JsonArray([.. entries.Select(Json)]) });
            return 0;
        }

        var page = new Page();
        var table = page.Table().Column("#", right: true).Column("time").Column("who", least: 6).Column("what").Column("on", least: 10).Column("change", least: 10);
        foreach (var entry in entries)
        {
            var on = entry.Version is { } number ? string.Create(CultureInfo.InvariantCulture, $"{entry.Model}/{number}") : entry.Model ?? "";
            table.Row(
                entry.Number.ToString(CultureInfo.InvariantCulture), entry.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), entry.Actor, entry.Action, on,
                string.Join(" → ", new[] { Short(entry.Before), Short(entry.After) }.OfType<string>()));
        }

        page.Write(table);
        return 0;
    }

    private static (string? Model, int? Version) Target(string? text)
    {
        if (text?.Split('/') is not [var name, var number])
        {
            return (text, null);
        }

        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? (name, version) : throw new UsageException($"'{text}': give NAME, or NAME/VERSION with the number of a version");
    }

    private static string? Short(string? json) => json is null ? null
        : JsonNode.Parse(json) is JsonObject { Count: 1 } single && single.First().Value is JsonValue value ? value.ToString() : json;

    private static JsonObject Json(AuditEntry entry) => new()
    {
        ["number"] = entry.Number,
        ["time"] = RunJson.Time(entry.Time),
        ["actor"] = entry.Actor,
        ["action"] = entry.Action,
        ["model"] = entry.Model,
        ["version"] = entry.Version,
        ["before"] = entry.Before is { } before ? JsonNode.Parse(before) : null,
        ["after"] = entry.After is { } after ? JsonNode.Parse(after) : null,
        ["previous"] = entry.Previous,
        ["hash"] = entry.Hash,
    };
}
