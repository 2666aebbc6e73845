namespace Roux.Tracking;

/// <summary>Which entries of the audit log are asked for; what is not set does not narrow.</summary>
public sealed record AuditQuery
{
    /// <summary>Of this model.</summary>
    public string? Model { get; init; }

    /// <summary>Of this version.</summary>
    public int? Version { get; init; }

    /// <summary>By this user.</summary>
    public string? Actor { get; init; }

    /// <summary>Of this kind, such as <c>version.promoted</c>; with a <c>*</c> at its end all that begin so.</summary>
    public string? Action { get; init; }

    /// <summary>Not before this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only entries before this number: the next page of a list, which is newest first.</summary>
    public long? Below { get; init; }

    /// <summary>At most so many, 1 to 10,000.</summary>
    public int MaxResults { get; init; } = 100;
}
