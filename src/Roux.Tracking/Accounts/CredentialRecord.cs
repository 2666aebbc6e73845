namespace Roux.Tracking.Accounts;

/// <summary>How a credential is used.</summary>
internal enum CredentialKind
{
    /// <summary>A key that a program sends.</summary>
    Key = 0,

    /// <summary>A cookie that a browser sends.</summary>
    Session = 1,
}

/// <summary>A key or a session as stored. Times are milliseconds since 1970.</summary>
/// <param name="KeyId">What people call it by.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Kind">How it is used.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Hash">SHA-256 of the secret, in hexadecimal.</param>
/// <param name="Scope">What it allows at most.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">When it ends; <c>null</c>: never.</param>
/// <param name="Used">When it was last seen, to a minute or so; <c>null</c>: never.</param>
internal sealed record CredentialRecord(
    string KeyId, long UserId, CredentialKind Kind, string Name, string Hash, KeyScope Scope, long Created, long? Expires, long? Used);

/// <summary>All accounts at one moment.</summary>
/// <param name="Change">Number of the last change.</param>
/// <param name="Users">By name.</param>
/// <param name="Credentials">In the order made.</param>
internal sealed record AccountSnapshot(long Change, IReadOnlyList<UserRecord> Users, IReadOnlyList<CredentialRecord> Credentials);
