using System.Collections.Frozen;
using Roux.Tracking;
using Roux.Tracking.Accounts;

namespace Roux.Server.Security;

/// <summary>A credential with the caller that it makes.</summary>
internal sealed record Holder(CredentialRecord Credential, Caller Caller);

/// <summary>A user with the caller that a password makes.</summary>
internal sealed record Member(UserRecord User, Caller Caller);

/// <summary>
/// The accounts in memory, so that a request costs no read of the store. Every second at most the number of the last change is looked at:
/// what another server or the command line changes, a revoked key above all, takes effect within that time; the server's own changes at once.
/// </summary>
internal sealed class AccountDirectory(AccountStore store, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock refreshing = new();
    private volatile Accounts? current;
    private long read;

    /// <summary>Whether there is any user.</summary>
    public bool HasUsers => Current.Members.Count > 0;

    /// <summary>A number that changes with the accounts.</summary>
    public long Change => Current.Change;

    private Accounts Current
    {
        get
        {
            if (current is { } known && time.GetElapsedTime(Volatile.Read(ref read)) < Fresh)
            {
                return known;
            }

            lock (refreshing)
            {
                known = current;
                if (known is null || time.GetElapsedTime(Volatile.Read(ref read)) >= Fresh)
                {
                    var now = time.GetTimestamp();
                    if (known is null || store.Change() != known.Change)
                    {
                        current = known = new Accounts(store.Load());
                    }

                    Volatile.Write(ref read, now);
                }

                return known;
            }
        }
    }

    /// <summary>Reads again with the next request.</summary>
    public void Invalidate()
    {
        lock (refreshing)
        {
            current = null;
        }
    }

    /// <summary>The user of a name who may log in.</summary>
    public Member? Find(string name) => Current.Members.GetValueOrDefault(name) is { User.IsDisabled: false } member ? member : null;

    /// <summary>The user that an identity provider's person is, disabled or not.</summary>
    public Member? Find(string issuer, string subject) => Current.Federated.GetValueOrDefault((issuer, subject));

    /// <summary>The credential of a hash that has not ended.</summary>
    public Holder? Find(string hash, CredentialKind kind) =>
        Current.Holders.TryGetValue(hash, out var holder) && holder.Credential.Kind == kind
        && (holder.Credential.Expires is not { } end || end > time.GetUtcNow().ToUnixTimeMilliseconds()) ? holder : null;

    private sealed class Accounts
    {
        public Accounts(AccountSnapshot snapshot)
        {
            Change = snapshot.Change;
            var users = snapshot.Users.ToDictionary(user => user.Id);
            Members = users.Values.Select(user => new Member(user, CallerOf(user, KeyScope.All, isSession: false, "password"))).ToFrozenDictionary(member => member.User.Name, StringComparer.Ordinal);
            Federated = Members.Values.Where(member => member.User.Identity is not null).ToFrozenDictionary(member => member.User.Identity!.Value);
            Holders = snapshot.Credentials
                .Where(credential => users.GetValueOrDefault(credential.UserId) is { IsDisabled: false })
                .ToFrozenDictionary(
                    credential => credential.Hash,
                    credential => new Holder(credential, CallerOf(
                        users[credential.UserId], credential.Scope, credential.Kind == CredentialKind.Session, credential.Kind == CredentialKind.Session ? "session" : "key",
                        credential.Expires)),
                    StringComparer.Ordinal);
        }

        public long Change { get; }

        public FrozenDictionary<string, Member> Members { get; }

        public FrozenDictionary<(string Issuer, string Subject), Member> Federated { get; }

        public FrozenDictionary<string, Holder> Holders { get; }

        private static Caller CallerOf(UserRecord user, KeyScope scope, bool isSession, string scheme, long? expires = null)
        {
            var server = (Role)Math.Max((int)user.Role, (int)user.Claimed.GetValueOrDefault(""));
            var projects = user.Projects.Concat(user.Claimed.Where(claim => claim.Key.Length > 0))
                .GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Max(pair => pair.Value), StringComparer.Ordinal);
            return new Caller(user.Name, server, projects, scheme, scope) { UserId = user.Id, IsSession = isSession, Expires = expires };
        }
    }
}
