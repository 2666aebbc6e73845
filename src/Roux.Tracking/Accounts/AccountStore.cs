using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Roux.Tracking.Service;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Accounts;

/// <summary>Users, their roles, keys and sessions in the store. It knows hashes only: no password or key ever reaches it.</summary>
internal sealed class AccountStore(Tracker tracker)
{
    /// <summary>The number of the last change: other servers and the command line make changes too.</summary>
    public long Change() => tracker.Database.Read(ChangeOf);

    /// <summary>All accounts.</summary>
    public AccountSnapshot Load() => tracker.Database.Read(session =>
    {
        var roles = session.Rows("SELECT user_id, project, role FROM user_roles", row => (User: row.Int64(0), Project: row.Text(1), Role: (Role)row.Int64(2))).ToLookup(row => row.User);
        var users = session.Rows(
            "SELECT id, name, password, role, created, issuer, subject, claimed, disabled FROM users ORDER BY name",
            row => new UserRecord(row.Int64(0), row.Text(1), row.TextOrNull(2), (Role)row.Int64(3), row.Int64(4))
            {
                IsDisabled = !row.IsNull(8),
                Identity = row.IsNull(5) ? null : (row.Text(5), row.Text(6)),
                Claimed = row.TextOrNull(7) is { } claimed ? JsonSerializer.Deserialize<Dictionary<string, Role>>(claimed)! : new Dictionary<string, Role>(),
                Projects = roles[row.Int64(0)].ToDictionary(role => role.Project, role => role.Role, StringComparer.Ordinal),
            });
        var credentials = session.Rows(
            "SELECT key_id, user_id, kind, name, hash, role, project, created, expires, used FROM credentials ORDER BY id",
            row => new CredentialRecord(
                row.Text(0), row.Int64(1), (CredentialKind)row.Int64(2), row.Text(3), row.Text(4), new KeyScope((Role)row.Int64(5), row.TextOrNull(6)),
                row.Int64(7), row.Int64OrNull(8), row.Int64OrNull(9)));
        return new AccountSnapshot(ChangeOf(session), users, credentials);
    });

    /// <summary>Makes a user.</summary>
    /// <exception cref="ServiceException">The name is taken, or the first user would be no admin.</exception>
    public Task AddUserAsync(string name, string? passwordHash, Role role, string? project) => WriteAsync(session =>
    {
        if (session.Sql.Number("SELECT id FROM users WHERE name = $name", ("$name", name)) is not null)
        {
            throw ServiceException.Exists($"User '{name}' already exists");
        }

        var user = session.Sql.Insert(
            "INSERT INTO users (name, password, role, created) VALUES ($name, $password, $role, $time)",
            ("$name", name), ("$password", passwordHash), ("$role", (long)(project is null ? role : Role.None)), ("$time", tracker.Now()));
        if (project is not null)
        {
            SetProjectRole(session, user, project, role);
        }

        return HasAdmin(session) || session.Sql.Number("SELECT id FROM users WHERE issuer IS NOT NULL LIMIT 1") is not null
            ? user
            : throw ServiceException.Invalid("the first user must be an admin (--role admin): somebody has to be able to make others");
    });

    /// <summary>Removes a user with their roles, keys and sessions.</summary>
    /// <exception cref="ServiceException">There is none, or it is the last admin.</exception>
    public Task RemoveUserAsync(string name) => WriteAsync(session =>
    {
        var user = Key(session, name);
        var hadAdmin = HasAdmin(session);
        foreach (var table in (ReadOnlySpan<string>)["credentials", "user_roles"])
        {
            session.Sql.Execute($"DELETE FROM {table} WHERE user_id = $user", ("$user", user));
        }

        session.Sql.Execute("DELETE FROM users WHERE id = $user", ("$user", user));
        return KeepsAdmin(session, hadAdmin, name);
    });

    /// <summary>Sets a password and ends the user's sessions, for whoever knew the old one may have begun some.</summary>
    public Task SetPasswordAsync(string name, string passwordHash) => WriteAsync(session =>
    {
        var user = Key(session, name);
        session.Sql.Execute("UPDATE users SET password = $password WHERE id = $user", ("$password", passwordHash), ("$user", user));
        return session.Sql.Execute("DELETE FROM credentials WHERE user_id = $user AND kind = $kind", ("$user", user), ("$kind", (long)CredentialKind.Session));
    });

    /// <summary>Lets nobody log in as a user, by password, key or session, until they are let in again. Their sessions end; their keys work again then.</summary>
    /// <exception cref="ServiceException">There is none, or it is the last admin.</exception>
    public Task SetDisabledAsync(string name, bool disabled) => WriteAsync(session =>
    {
        var user = Key(session, name);
        var hadAdmin = HasAdmin(session);
        session.Sql.Execute("UPDATE users SET disabled = $time WHERE id = $user", ("$time", disabled ? tracker.Now() : null), ("$user", user));
        if (disabled)
        {
            session.Sql.Execute("DELETE FROM credentials WHERE user_id = $user AND kind = $kind", ("$user", user), ("$kind", (long)CredentialKind.Session));
        }

        return KeepsAdmin(session, hadAdmin, name);
    });

    /// <summary>Replaces a password's hash by one of the same password with current parameters, unless the password has changed meanwhile.</summary>
    public Task RenewHashAsync(long user, string known, string renewed) => WriteAsync(session =>
        session.Sql.Execute("UPDATE users SET password = $new WHERE id = $user AND password = $known", ("$new", renewed), ("$user", user), ("$known", known)));

    /// <summary>Gives a role, or takes it with <see cref="Role.None"/>: in a project, or for the whole server.</summary>
    public Task SetRoleAsync(string name, string? project, Role role) => WriteAsync(session =>
    {
        var user = Key(session, name);
        if (project is not null)
        {
            SetProjectRole(session, user, project, role);
            return true;
        }

        var hadAdmin = HasAdmin(session);
        session.Sql.Execute("UPDATE users SET role = $role WHERE id = $user", ("$role", (long)role), ("$user", user));
        return KeepsAdmin(session, hadAdmin, name);
    });

    /// <summary>Notes a person from an identity provider and what its claims give them now.</summary>
    /// <returns>Key of the user.</returns>
    public Task<long> NoteAsync(string issuer, string subject, string name, IReadOnlyDictionary<string, Role> claimed) => WriteAsync(session =>
    {
        var roles = claimed.Count == 0 ? null : JsonSerializer.Serialize(claimed);
        if (session.Sql.Number("SELECT id FROM users WHERE issuer = $issuer AND subject = $subject", ("$issuer", issuer), ("$subject", subject)) is { } known)
        {
            session.Sql.Execute("UPDATE users SET claimed = $claimed WHERE id = $user", ("$claimed", roles), ("$user", known));
            return known;
        }

        var free = session.Sql.Number("SELECT id FROM users WHERE name = $name", ("$name", name)) is null
            ? name
            : $"{name}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}")))[..12]}";
        return session.Sql.Insert(
            "INSERT INTO users (name, role, issuer, subject, claimed, created) VALUES ($name, $role, $issuer, $subject, $claimed, $time)",
            ("$name", free), ("$role", (long)Role.None), ("$issuer", issuer), ("$subject", subject), ("$claimed", roles), ("$time", tracker.Now()));
    });

    /// <summary>Keeps a key or a session; those that have ended go.</summary>
    public Task AddCredentialAsync(CredentialRecord credential) => WriteAsync(session =>
    {
        session.Sql.Execute("DELETE FROM credentials WHERE kind = $kind AND expires < $time", ("$kind", (long)CredentialKind.Session), ("$time", tracker.Now()));
        return session.Sql.Insert(
            """
            INSERT INTO credentials (key_id, user_id, kind, name, hash, role, project, created, expires)
            VALUES ($keyId, $user, $kind, $name, $hash, $role, $project, $created, $expires)
            """,
            ("$keyId", credential.KeyId), ("$user", credential.UserId), ("$kind", (long)credential.Kind), ("$name", credential.Name), ("$hash", credential.Hash),
            ("$role", (long)credential.Scope.Role), ("$project", credential.Scope.Project), ("$created", credential.Created), ("$expires", credential.Expires));
    });

    /// <summary>Ends a key or a session.</summary>
    /// <param name="keyId">What it is called by.</param>
    /// <param name="user">Only if it is this user's.</param>
    /// <exception cref="ServiceException">There is none.</exception>
    public Task RevokeAsync(string keyId, long? user) => WriteAsync(session =>
        session.Sql.Execute("DELETE FROM credentials WHERE key_id = $keyId AND (CAST($user AS BIGINT) IS NULL OR user_id = $user)", ("$keyId", keyId), ("$user", user)) == 1
            ? true
            : throw ServiceException.NotFound($"No key with id {keyId}"));

    /// <summary>Notes when a credential was last used. No change in the sense of <see cref="Change"/>.</summary>
    public Task TouchAsync(string keyId, long time) => tracker.Database.WritesOrThrow().StartAsync(session =>
        session.Sql.Execute("UPDATE credentials SET used = $time WHERE key_id = $keyId", ("$time", time), ("$keyId", keyId)));

    /// <summary>Keys that protect the state of logins, as XML.</summary>
    public IReadOnlyList<string> ProtectionKeys() => tracker.Database.Read(session => session.Rows("SELECT xml FROM protection_keys ORDER BY created", row => row.Text(0)));

    public Task AddProtectionKeyAsync(string name, string xml) => tracker.Database.WritesOrThrow().StartAsync(session => session.Sql.Execute(
        "INSERT INTO protection_keys (name, xml, created) VALUES ($name, $xml, $time)", ("$name", name), ("$xml", xml), ("$time", tracker.Now())));

    private static long ChangeOf(StoreSession session) => session.Number("SELECT number FROM account_changes WHERE id = 1") ?? 0;

    private static long Key(WriteSession session, string name) =>
        session.Sql.Number("SELECT id FROM users WHERE name = $name", ("$name", name)) ?? throw ServiceException.NotFound($"No user '{name}'");

    private static void SetProjectRole(WriteSession session, long user, string project, Role role)
    {
        session.Sql.Execute("DELETE FROM user_roles WHERE user_id = $user AND project = $project", ("$user", user), ("$project", project));
        if (role != Role.None)
        {
            session.Sql.Execute("INSERT INTO user_roles (user_id, project, role) VALUES ($user, $project, $role)", ("$user", user), ("$project", project), ("$role", (long)role));
        }
    }

    private static bool HasAdmin(WriteSession session) => session.Sql.Number("SELECT id FROM users WHERE role = $admin AND disabled IS NULL LIMIT 1", ("$admin", (long)Role.Admin)) is not null;

    /// <summary>A store never loses its last admin: nobody could mend it, and without any user it would be open.</summary>
    private static bool KeepsAdmin(WriteSession session, bool hadAdmin, string name) => !hadAdmin || HasAdmin(session)
        ? true
        : throw ServiceException.Invalid($"'{name}' is the last admin; give another user the role admin first");

    private Task<T> WriteAsync<T>(Func<WriteSession, T> work) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var result = work(session);
        session.Sql.Execute("UPDATE account_changes SET number = number + 1 WHERE id = 1");
        return result;
    });
}
