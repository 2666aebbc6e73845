using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Learning.Data;
using Roux.Server.Security;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux users</c>: who may use the server of a store. Works on the store itself, so that the first admin is made on the machine.</summary>
internal static class UsersCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The user." };
    private static readonly Argument<string> NewRole = new("ROLE") { Description = "viewer, editor, admin, or none to take the role." };
    private static readonly Option<string?> Role = new("--role", "-r") { Description = "viewer, editor or admin; the first user must be an admin.", HelpName = "ROLE" };
    private static readonly Option<string?> Project = new("--project", "-p") { Description = "Give the role in this project only (the tag roux.project).", HelpName = "PROJECT" };
    private static readonly Option<bool> NoPassword = new("--no-password") { Description = "The user has keys only." };

    public static Command Create()
    {
        var add = new Command("add", "Make a user; the password comes from a prompt, standard input, or ROUX_PASSWORD.") { Name, Role, Project, NoPassword };
        add.SetAction((call, stop) => Task.Run(() => Adding.RunAsync(call), stop));
        var list = new Command("list", "List users and their roles.");
        list.SetAction(call => Listing.Run(call));
        var remove = new Command("remove", "Remove a user with their keys.") { Name };
        remove.SetAction((call, stop) => Changing.RunAsync(call, accounts => accounts.RemoveUserAsync(call.GetValue(Name)!), "removed"));
        var password = new Command("passwd", "Set a user's password and end their sessions.") { Name };
        password.SetAction((call, stop) => Task.Run(
            () => Changing.RunAsync(call, accounts => accounts.SetPasswordAsync(call.GetValue(Name)!, PasswordInput.Read(call.GetValue(Name)!)), "has a new password"), stop));
        var role = new Command("role", "Give a user a role, for the whole server or in a project.") { Name, NewRole, Project };
        role.SetAction((call, stop) => Changing.RunAsync(call, accounts => accounts.SetRoleAsync(call.GetValue(Name)!, RoleOf("ROLE", call.GetValue(NewRole)!), call.GetValue(Project)), "changed"));
        return new Command("users", "Manage who may use the server.") { add, list, remove, password, role };
    }

    internal static Role RoleOf(string option, string text)
    {
        var names = Enum.GetNames<Role>();
        return names.Contains(text, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<Role>(text, ignoreCase: true)
            : throw new UsageException(NearestName.Message(option, text, "role", [.. names.Select(name => name.ToLowerInvariant())]));
    }

    internal static string Text(Role role) => role.ToString().ToLowerInvariant();

    /// <summary>Apart, so that the help does not load the server.</summary>
    private static class Adding
    {
        public static async Task<int> RunAsync(ParseResult call)
        {
            var name = call.GetValue(Name)!;
            var role = call.GetValue(Role) is { } text ? RoleOf("--role", text) : Tracking.Role.None;
            var password = call.GetValue(NoPassword) ? null : PasswordInput.Read(name);
            return await Changing.RunAsync(call, accounts => accounts.AddUserAsync(name, password, role, call.GetValue(Project)), "added");
        }
    }

    private static class Listing
    {
        public static int Run(ParseResult call)
        {
            using var tracker = StoreAccess.TryOpen(call);
            var users = tracker is null ? [] : new Accounts(tracker).Users();
            if (call.GetValue(CommonOptions.Json))
            {
                CommonOptions.WriteJson(new JsonObject { ["users"] = new JsonArray([.. users.Select(Json)]) });
                return 0;
            }

            var page = new Page();
            if (users.Count == 0)
            {
                page.Line("No users yet. Make the first with: roux users add NAME --role admin");
                return 0;
            }

            var table = page.Table().Column("user", least: 12).Column("role").Column("projects", least: 12).Column("logs in by");
            foreach (var user in users)
            {
                table.Row(
                    user.Name, user.Role == Tracking.Role.None ? "" : Text(user.Role),
                    string.Join(", ", user.Projects.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {Text(pair.Value)}")),
                    user.IsFederated ? "identity provider" : user.HasPassword ? "password" : "keys only");
            }

            page.Write(table);
            return 0;
        }

        private static JsonObject Json(UserInfo user) => new()
        {
            ["name"] = user.Name,
            ["role"] = Text(user.Role),
            ["projects"] = new JsonObject(user.Projects.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Text(pair.Value)))),
            ["has_password"] = user.HasPassword,
            ["from_identity_provider"] = user.IsFederated,
            ["created"] = RunJson.Time(user.Created),
        };
    }

    private static class Changing
    {
        public static async Task<int> RunAsync(ParseResult call, Func<Accounts, Task> change, string done)
        {
            using var tracker = Tracker.Open(CommonOptions.StoreOf(call));
            await change(new Accounts(tracker));
            var name = call.GetValue(Name)!;
            if (call.GetValue(CommonOptions.Json))
            {
                CommonOptions.WriteJson(new JsonObject { ["user"] = name, ["done"] = done });
            }
            else
            {
                new Page().Line($"User {name} {done}.");
            }

            return 0;
        }
    }
}
