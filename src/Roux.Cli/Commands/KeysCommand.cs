using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Server.Security;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux keys</c>: keys that programs log in with.</summary>
internal static class KeysCommand
{
    private static readonly Option<string> User = new("--user", "-u") { Description = "Whose key.", HelpName = "NAME", Required = true };
    private static readonly Option<string?> OfUser = new("--user", "-u") { Description = "Only this user's.", HelpName = "NAME" };
    private static readonly Option<string> Name = new("--name", "-n") { Description = "What it is for, such as ci.", HelpName = "TEXT", Required = true };
    private static readonly Option<string?> Role = new("--role", "-r") { Description = "The highest role that it gives: viewer (reads only), editor or admin.", HelpName = "ROLE" };
    private static readonly Option<string?> Project = new("--project", "-p") { Description = "It holds in this project only.", HelpName = "PROJECT" };
    private static readonly Option<int?> Days = new("--days") { Description = "It ends after so many days (default: when it is revoked).", HelpName = "N" };
    private static readonly Argument<string> Id = new("KEY_ID") { Description = "As roux keys list shows it." };

    public static Command Create()
    {
        var create = new Command("create", "Make a key. It is shown once and kept nowhere.") { User, Name, Role, Project, Days };
        create.SetAction((call, stop) => Creating.RunAsync(call));
        var list = new Command("list", "List keys, whose they are, when they end and when they were last used.") { OfUser };
        list.SetAction(call => Listing.Run(call));
        var revoke = new Command("revoke", "Revoke a key; running servers refuse it within two seconds.") { Id };
        revoke.SetAction((call, stop) => Revoking.RunAsync(call));
        return new Command("keys", "Manage keys that programs log in to the server with.") { create, list, revoke };
    }

    private static JsonObject Json(KeyInfo key) => new()
    {
        ["key_id"] = key.Id,
        ["user"] = key.User,
        ["name"] = key.Name,
        ["role"] = UsersCommand.Text(key.Role),
        ["project"] = key.Project,
        ["created"] = RunJson.Time(key.Created),
        ["expires"] = key.Expires is { } end ? RunJson.Time(end) : null,
        ["used"] = key.Used is { } used ? RunJson.Time(used) : null,
    };

    /// <summary>Apart, so that the help does not load the server.</summary>
    private static class Creating
    {
        public static async Task<int> RunAsync(ParseResult call)
        {
            var role = call.GetValue(Role) is { } text ? UsersCommand.RoleOf("--role", text) : Tracking.Role.Admin;
            var days = call.GetValue(Days);
            if (days is < 1 or > 3650)
            {
                throw new UsageException($"--days {days}: give 1 to 3650");
            }

            StoreAccess.Open(call).Dispose();
            using var tracker = Tracker.Open(CommonOptions.StoreOf(call));
            var (secret, key) = await new Accounts(tracker).CreateKeyAsync(
                call.GetValue(User)!, call.GetValue(Name)!, role, call.GetValue(Project), days is { } count ? TimeSpan.FromDays(count) : null);
            if (call.GetValue(CommonOptions.Json))
            {
                var json = Json(key);
                json.Insert(0, "key", secret);
                CommonOptions.WriteJson(json);
            }
            else
            {
                Console.Out.WriteLine(secret);
                Console.Error.WriteLine($"Key {key.Id} of {key.User}, shown this once: keep it as MLFLOW_TRACKING_TOKEN, or as the password of {key.User}.");
            }

            return 0;
        }
    }

    private static class Listing
    {
        public static int Run(ParseResult call)
        {
            using var tracker = StoreAccess.TryOpen(call);
            var keys = tracker is null ? [] : new Accounts(tracker).Keys(call.GetValue(OfUser));
            if (call.GetValue(CommonOptions.Json))
            {
                CommonOptions.WriteJson(new JsonObject { ["keys"] = new JsonArray([.. keys.Select(Json)]) });
                return 0;
            }

            var page = new Page();
            if (keys.Count == 0)
            {
                page.Line("No keys. Make one with: roux keys create --user NAME --name WHAT_FOR");
                return 0;
            }

            var table = page.Table().Column("key", least: 10).Column("user", least: 8).Column("for", least: 8).Column("at most").Column("project").Column("ends").Column("last used");
            foreach (var key in keys)
            {
                table.Row(
                    key.Id, key.User, key.Name, UsersCommand.Text(key.Role), key.Project ?? "", key.Expires?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
                    key.Used is { } used ? HumanText.Ago(used, DateTimeOffset.UtcNow) : "never");
            }

            page.Write(table);
            return 0;
        }
    }

    private static class Revoking
    {
        public static async Task<int> RunAsync(ParseResult call)
        {
            StoreAccess.Open(call).Dispose();
            using var tracker = Tracker.Open(CommonOptions.StoreOf(call));
            var id = call.GetValue(Id)!;
            await new Accounts(tracker).RevokeKeyAsync(id);
            if (call.GetValue(CommonOptions.Json))
            {
                CommonOptions.WriteJson(new JsonObject { ["key_id"] = id, ["done"] = "revoked" });
            }
            else
            {
                new Page().Line($"Key {id} revoked.");
            }

            return 0;
        }
    }
}
