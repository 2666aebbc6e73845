using Roux.Tracking;
using Roux.Tracking.Accounts;
using Roux.Tracking.Service;

namespace Roux.Server.Security;

/// <summary>A user, to show.</summary>
/// <param name="Name">Name.</param>
/// <param name="Role">Role for the whole server.</param>
/// <param name="Projects">Roles by project.</param>
/// <param name="HasPassword">Whether there is a password to log in with.</param>
/// <param name="IsFederated">Whether an identity provider knows the person.</param>
/// <param name="Created">When the user was made.</param>
public sealed record UserInfo(string Name, Role Role, IReadOnlyDictionary<string, Role> Projects, bool HasPassword, bool IsFederated, DateTimeOffset Created)
{
    /// <summary>Whether nobody may log in as this user for now.</summary>
    public bool IsDisabled { get; init; }
}

/// <summary>A key, to show; never the secret itself.</summary>
/// <param name="Id">What to call it by.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Role">The highest role that it gives.</param>
/// <param name="Project">The only project that it gives one in; <c>null</c>: all.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">When it ends; <c>null</c>: never.</param>
/// <param name="Used">When it was last used, to a minute or so; <c>null</c>: never.</param>
public sealed record KeyInfo(string Id, string User, string Name, Role Role, string? Project, DateTimeOffset Created, DateTimeOffset? Expires, DateTimeOffset? Used);

/// <summary>
/// Users, roles and keys of a store: what the command line does on the machine itself, and the server for its admins. Changes take effect on
/// every server of the store within a second or two.
/// </summary>
public sealed class Accounts
{
    private const int LongestKeyName = 100;

    private readonly AccountStore store;
    private readonly TimeProvider time;

    /// <summary>The accounts of an open store.</summary>
    public Accounts(Tracker tracker)
        : this(new AccountStore(tracker), TimeProvider.System)
    {
    }

    internal Accounts(AccountStore store, TimeProvider time)
    {
        this.store = store;
        this.time = time;
    }

    /// <summary>All users by name.</summary>
    public IReadOnlyList<UserInfo> Users() => [.. store.Load().Users.Select(user => new UserInfo(
        user.Name, user.Role > user.Claimed.GetValueOrDefault("") ? user.Role : user.Claimed.GetValueOrDefault(""),
        user.Projects.Concat(user.Claimed.Where(claim => claim.Key.Length > 0)).GroupBy(pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Max(pair => pair.Value), StringComparer.Ordinal),
        user.PasswordHash is not null, user.Identity is not null, DateTimeOffset.FromUnixTimeMilliseconds(user.Created)) { IsDisabled = user.IsDisabled })];

    /// <summary>Makes a user; the first must be an admin.</summary>
    /// <param name="name">Letters, digits and <c>. _ - @ +</c>; capital letters make no difference.</param>
    /// <param name="password">At least 12 characters; <c>null</c>: the user logs in with keys only.</param>
    /// <param name="role">Role in the project, or for the whole server.</param>
    /// <param name="project">A project; <c>null</c>: the whole server.</param>
    /// <exception cref="TrackingException">The name, the password or the project cannot be, or the name is taken.</exception>
    public Task AddUserAsync(string name, string? password, Role role, string? project = null)
    {
        var normal = AccountNames.Checked(name);
        CheckProject(project);
        if (password is not null)
        {
            Passwords.CheckChoice(normal, password);
        }

        return store.AddUserAsync(normal, password is null ? null : Passwords.Hash(password), role, project);
    }

    /// <summary>Removes a user with their keys.</summary>
    /// <exception cref="TrackingException">There is none, or it is the last admin.</exception>
    public Task RemoveUserAsync(string name) => store.RemoveUserAsync(AccountNames.Normal(name));

    /// <summary>Sets a user's password and ends their sessions.</summary>
    /// <exception cref="TrackingException">There is no such user, or the password cannot be.</exception>
    public Task SetPasswordAsync(string name, string password)
    {
        var normal = AccountNames.Normal(name);
        Passwords.CheckChoice(normal, password);
        return store.SetPasswordAsync(normal, Passwords.Hash(password));
    }

    /// <summary>Lets nobody log in as a user, or lets them in again; their keys are kept meanwhile.</summary>
    /// <exception cref="TrackingException">There is no such user, or it is the last admin.</exception>
    public Task SetDisabledAsync(string name, bool disabled) => store.SetDisabledAsync(AccountNames.Normal(name), disabled);

    /// <summary>Gives a user a role in a project or for the whole server, or takes it with <see cref="Role.None"/>.</summary>
    /// <exception cref="TrackingException">There is no such user, or it is the last admin.</exception>
    public Task SetRoleAsync(string name, Role role, string? project = null)
    {
        CheckProject(project);
        return store.SetRoleAsync(AccountNames.Normal(name), project, role);
    }

    /// <summary>All keys, or one user's.</summary>
    public IReadOnlyList<KeyInfo> Keys(string? user = null)
    {
        var snapshot = store.Load();
        var names = snapshot.Users.ToDictionary(found => found.Id, found => found.Name);
        return [.. snapshot.Credentials
            .Where(credential => credential.Kind == CredentialKind.Key && names.ContainsKey(credential.UserId) && (user is null || names[credential.UserId] == AccountNames.Normal(user)))
            .Select(credential => Info(credential, names[credential.UserId]))];
    }

    /// <summary>Makes a key.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="name">What it is for.</param>
    /// <param name="role">The highest role that it gives.</param>
    /// <param name="project">The only project that it gives one in; <c>null</c>: all of the user's.</param>
    /// <param name="life">How long it holds; <c>null</c>: until it is revoked.</param>
    /// <returns>The key itself, which is kept nowhere and cannot be had again, and what is known of it.</returns>
    /// <exception cref="TrackingException">There is no such user, or the name, role or life cannot be.</exception>
    public async Task<(string Secret, KeyInfo Info)> CreateKeyAsync(string user, string name, Role role = Role.Admin, string? project = null, TimeSpan? life = null)
    {
        var owner = store.Load().Users.FirstOrDefault(found => found.Name == AccountNames.Normal(user)) ?? throw ServiceException.NotFound($"No user '{user}'");
        return await CreateKeyAsync(owner.Id, owner.Name, name, new KeyScope(role, project), life is { } span ? (time.GetUtcNow() + span).ToUnixTimeMilliseconds() : null).ConfigureAwait(false);
    }

    /// <summary>Revokes a key.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    public Task RevokeKeyAsync(string id) => store.RevokeAsync(id, null);

    internal async Task<(string Secret, KeyInfo Info)> CreateKeyAsync(long user, string userName, string name, KeyScope scope, long? expires)
    {
        CheckProject(scope.Project);
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestKeyName || name.Any(char.IsControl))
        {
            throw ServiceException.Invalid($"a key needs a name of up to {LongestKeyName} characters that says what it is for");
        }

        if (scope.Role == Role.None)
        {
            throw ServiceException.Invalid("a key needs a role that its user, and the key that asks for it, have: viewer, editor or admin");
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (expires <= now)
        {
            throw ServiceException.Invalid("the key would have expired already");
        }

        var secret = Secrets.New();
        var credential = new CredentialRecord(Secrets.NewId(), user, CredentialKind.Key, name, Secrets.Hash(secret), scope, now, expires, null);
        await store.AddCredentialAsync(credential).ConfigureAwait(false);
        return (secret, Info(credential, userName));
    }

    internal static void CheckProject(string? project)
    {
        if (project is not null && !Project.IsName(project))
        {
            throw ServiceException.Invalid("a project's name has up to 100 letters, digits, '.', '_', '-' and '/'");
        }
    }

    private static KeyInfo Info(CredentialRecord credential, string user) => new(
        credential.KeyId, user, credential.Name, credential.Scope.Role, credential.Scope.Project,
        DateTimeOffset.FromUnixTimeMilliseconds(credential.Created), Time(credential.Expires), Time(credential.Used));

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
