namespace Roux.Tracking.Accounts;

/// <summary>What a key allows at most, whatever its user may do.</summary>
/// <param name="Role">The highest role.</param>
/// <param name="Project">The only project; <c>null</c>: all.</param>
internal sealed record KeyScope(Role Role, string? Project)
{
    /// <summary>All that the user may do.</summary>
    public static KeyScope All { get; } = new(Role.Admin, null);

    /// <summary>What both allow.</summary>
    /// <returns>The narrower of the two; no role at all where they name different projects.</returns>
    public KeyScope And(KeyScope other) => Project is not null && other.Project is not null && Project != other.Project
        ? new KeyScope(Role.None, Project)
        : new KeyScope(Role < other.Role ? Role : other.Role, Project ?? other.Project);
}
