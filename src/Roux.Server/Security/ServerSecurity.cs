namespace Roux.Server.Security;

/// <summary>Whether callers have to log in.</summary>
public enum AuthMode
{
    /// <summary>On a public address, and wherever the store has users or an identity provider is set; else not.</summary>
    Auto,

    /// <summary>Always.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}

/// <summary>Who may use a server and how it is reached safely. Change single settings with <c>with</c>.</summary>
public sealed record ServerSecurity
{
    /// <summary>Whether callers have to log in.</summary>
    public AuthMode Auth { get; init; }

    /// <summary>File of the certificate: PEM (with its chain), or PFX; <c>null</c>: plain HTTP.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>PEM file of the certificate's key; <c>null</c>: in the certificate's file.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Password of the key's or the PFX file.</summary>
    public string? TlsPassword { get; init; }

    /// <summary>Take passwords over plain HTTP on a public address, because the network itself is private.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Addresses and networks (10.0.0.0/8) of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Origins (https://ui.example.org) whose pages may call the API from a browser, with credentials of their own and never with cookies.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Requests a second of one user (or, where nobody is logged in, one address), twice as many at once; 0: no limit. <c>null</c>: 10,000 where callers log in.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>How long a browser stays logged in.</summary>
    public TimeSpan SessionLife { get; init; } = TimeSpan.FromHours(12);

    /// <summary>An identity provider; <c>null</c>: none.</summary>
    public OidcSettings? Oidc { get; init; }
}
