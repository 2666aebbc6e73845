using System.Globalization;
using System.Text.Json;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Accounts;
using Roux.Tracking.Service;

namespace Roux.Server.Api;

/// <summary><c>/api/roux/v1/…</c>: one's own account, and for admins all users and keys.</summary>
internal static class AccountRoutes
{
    private const int LongestLifeInDays = 3650;

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/me", Access.SignedIn, Me),
        new("POST", "/me/password", Access.SignedIn, ChangePassword),
        new("GET", "/me/keys", Access.SignedIn, call => Keys(call, call.Caller.UserId is null ? [] : call.Server.Accounts.Keys(call.Caller.Name))),
        new("POST", "/me/keys", Access.SignedIn, CreateOwnKey),
        new("DELETE", "/me/keys/{key_id}", Access.SignedIn, call => Changed(call, call.Server.Store.RevokeAsync(call.PathPart("key_id"), OwnId(call)))),
        new("GET", "/users", Access.Server(Role.Admin), call => call.Json("users", call.Server.Accounts.Users(), static (json, users) => WriteList(json, users, AccountJson.Write))),
        new("POST", "/users", Access.Server(Role.Admin), AddUser),
        new("DELETE", "/users/{user}", Access.Server(Role.Admin), call => Changed(call, call.Server.Accounts.RemoveUserAsync(call.PathPart("user")))),
        new("PUT", "/users/{user}/password", Access.Server(Role.Admin), call =>
            Changed(call, call.Server.Accounts.SetPasswordAsync(call.PathPart("user"), call.Fields.Required("password")))),
        new("PUT", "/users/{user}/disabled", Access.Server(Role.Admin), call =>
            Changed(call, call.Server.Accounts.SetDisabledAsync(call.PathPart("user"), call.Fields.Node("disabled") is null ? throw ServiceException.Missing("disabled") : call.Fields.Flag("disabled")))),
        new("PUT", "/users/{user}/role", Access.Server(Role.Admin), call =>
            Changed(call, call.Server.Accounts.SetRoleAsync(call.PathPart("user"), RoleOf(call.Fields), call.Fields.Text("project")))),
        new("GET", "/keys", Access.Server(Role.Admin), call => Keys(call, call.Server.Accounts.Keys(call.Fields.Text("user")))),
        new("DELETE", "/keys/{key_id}", Access.Server(Role.Admin), call => Changed(call, call.Server.Accounts.RevokeKeyAsync(call.PathPart("key_id")))),
        new("PUT", "/projects/{project}/members/{user}", Access.Of(Role.Admin, call => [new Need(Role.Admin, SubjectKind.Project, call.PathPart("project"))]), call =>
            Changed(call, call.Server.Accounts.SetRoleAsync(call.PathPart("user"), RoleOf(call.Fields), call.PathPart("project")))),
    ];

    private static Task Me(Call call) => call.Json(call.Caller, static (json, caller) =>
    {
        json.WriteString("name"u8, caller.Name);
        json.WriteString("role"u8, AccountJson.Text(caller.ServerRole));
        AccountJson.WriteProjects(json, caller.Projects);
    });

    /// <summary>Takes the old password again: a session left open, or a key, must not do for taking over the account.</summary>
    private static async Task ChangePassword(Call call)
    {
        var (old, password) = (call.Fields.Required("old_password"), call.Fields.Required("password"));
        OwnId(call);
        if (await call.Server.Authenticator.OfPasswordAsync(call.Http, call.Caller.Name, old).ConfigureAwait(false) is null)
        {
            throw new ServiceException(ServiceError.PermissionDenied, "The old password is not right");
        }

        await Changed(call, call.Server.Accounts.SetPasswordAsync(call.Caller.Name, password)).ConfigureAwait(false);
    }

    /// <summary>A key gives no more, and for no longer, than what asked for it.</summary>
    private static async Task CreateOwnKey(Call call)
    {
        var user = OwnId(call);
        var scope = new KeyScope(call.Fields.Text("role") is null ? Role.Admin : RoleOf(call.Fields), call.Fields.Text("project")).And(call.Caller.Scope);
        long? expires = call.Fields.Whole("days") switch
        {
            null => null,
            { } days and >= 1 and <= LongestLifeInDays => (call.Options.Time.GetUtcNow() + TimeSpan.FromDays(days)).ToUnixTimeMilliseconds(),
            { } other => throw Fields.Invalid("days", other.ToString(CultureInfo.InvariantCulture), $"1 to {LongestLifeInDays}"),
        };
        if (!call.Caller.IsSession && call.Caller.Expires is { } end)
        {
            expires = Math.Min(end, expires ?? end);
        }

        var made = await call.Server.Accounts.CreateKeyAsync(user, call.Caller.Name, call.Fields.Required("name"), scope, expires).ConfigureAwait(false);
        call.Server.Directory.Invalidate();
        call.Http.Response.Headers.CacheControl = "no-store";
        await call.Json(made, static (json, key) =>
        {
            json.WriteString("key"u8, key.Secret);
            AccountJson.WriteMembers(json, key.Info);
        }).ConfigureAwait(false);
    }

    private static Task AddUser(Call call) => Changed(call, call.Server.Accounts.AddUserAsync(
        call.Fields.Required("name"), call.Fields.Text("password"), call.Fields.Text("role") is null ? Role.None : RoleOf(call.Fields), call.Fields.Text("project")));

    private static Task Keys(Call call, IReadOnlyList<KeyInfo> keys) => call.Json("keys", keys, static (json, list) => WriteList(json, list, AccountJson.Write));

    private static async Task Changed(Call call, Task work)
    {
        await work.ConfigureAwait(false);
        call.Server.Directory.Invalidate();
        await Reply.EmptyAsync(call.Http).ConfigureAwait(false);
    }

    private static long OwnId(Call call) => call.Caller.UserId
        ?? throw new ServiceException(ServiceError.PermissionDenied, "This takes a user of the server; log in as one, or in a browser through the identity provider");

    private static Role RoleOf(Fields fields) => fields.Required("role") is var text && Enum.GetValues<Role>().Where(role => AccountJson.Text(role) == text).Take(1).ToArray() is [var found]
        ? found
        : throw Fields.Invalid("role", fields.Required("role"), "one of none, viewer, editor, admin");

    private static void WriteList<T>(Utf8JsonWriter json, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }
}
