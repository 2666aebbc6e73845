using Roux.Tracking;

namespace Roux.Server.Security;

/// <summary>A role that people get whose claim has a value.</summary>
/// <param name="Value">Value of the role claim, or <c>*</c> for everybody of the provider.</param>
/// <param name="Project">In which project; <c>null</c>: the whole server.</param>
/// <param name="Role">What they get.</param>
public sealed record OidcRole(string Value, string? Project, Role Role);

/// <summary>An identity provider that speaks OpenID Connect.</summary>
public sealed record OidcSettings
{
    /// <summary>Address of the provider (its issuer), https unless on this machine.</summary>
    public required string Authority { get; init; }

    /// <summary>What the provider calls this server.</summary>
    public required string ClientId { get; init; }

    /// <summary>The secret that goes with it; <c>null</c> for a public client.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The audience of access tokens that programs may send; <c>null</c>: none are taken.</summary>
    public string? Audience { get; init; }

    /// <summary>The claim with the name to show.</summary>
    public string NameClaim { get; init; } = "preferred_username";

    /// <summary>The claim whose values give roles.</summary>
    public string RoleClaim { get; init; } = "groups";

    /// <summary>Which values give which roles.</summary>
    public IReadOnlyList<OidcRole> Roles { get; init; } = [];

    /// <summary>What to ask the provider for beside <c>openid</c>.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["profile"];

    /// <summary>Whether the provider is on this machine, so that plain HTTP will do.</summary>
    internal bool IsLocal => Uri.TryCreate(Authority, UriKind.Absolute, out var uri) && uri is { Scheme: "http", IsLoopback: true };
}
