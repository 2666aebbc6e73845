namespace Roux.Tracking.Accounts;

/// <summary>A user as stored.</summary>
/// <param name="Id">Key in the store.</param>
/// <param name="Name">Name, in small letters.</param>
/// <param name="PasswordHash">Hash; <c>null</c>: no login by password.</param>
/// <param name="Role">Role for the whole server, as given by an admin.</param>
/// <param name="Created">Milliseconds since 1970.</param>
internal sealed record UserRecord(long Id, string Name, string? PasswordHash, Role Role, long Created)
{
    /// <summary>Whether nobody may log in as this user for now.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>Identity provider and who the person is there.</summary>
    public (string Issuer, string Subject)? Identity { get; init; }

    /// <summary>Roles by project, as given by admins.</summary>
    public IReadOnlyDictionary<string, Role> Projects { get; init; } = new Dictionary<string, Role>();

    /// <summary>Roles by project (empty name: everywhere) that the identity provider's claims gave at the last login.</summary>
    public IReadOnlyDictionary<string, Role> Claimed { get; init; } = new Dictionary<string, Role>();
}
