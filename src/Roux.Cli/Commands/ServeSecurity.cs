using System.CommandLine;
using Roux.Server.Security;

namespace Roux.Cli.Commands;

/// <summary>The options of <c>roux serve</c> that say who may use it and how it is reached safely.</summary>
internal static class ServeSecurity
{
    private static readonly Option<string> Auth = new("--auth")
    {
        Description = "Whether callers log in: on, off, or auto (on a public address, and wherever the store has users).",
        HelpName = "on|off|auto",
        DefaultValueFactory = _ => "auto",
    };

    private static readonly Option<string?> Certificate = new("--tls-cert") { Description = "Certificate: PEM with its chain, or PFX; ROUX_TLS_PASSWORD has its password.", HelpName = "FILE" };
    private static readonly Option<string?> Key = new("--tls-key") { Description = "PEM key of the certificate.", HelpName = "FILE" };
    private static readonly Option<bool> PlainHttp = new("--allow-plain-http") { Description = "Take passwords unencrypted on a public address." };

    private static readonly Option<string[]> Proxies = new("--trusted-proxy")
    {
        Description = "Reverse proxy whose X-Forwarded-For and -Proto are believed; address or network.",
        HelpName = "ADDRESS",
    };

    private static readonly Option<string[]> Origins = new("--cors-origin") { Description = "Origin whose pages may call the API, such as https://ui.example.org.", HelpName = "ORIGIN" };
    private static readonly Option<int?> Rate = new("--rate-limit") { Description = "Requests a second of one user; 0 for no limit (default 10000 where callers log in).", HelpName = "N" };
    private static readonly Option<string?> Authority = new("--oidc-authority") { Description = "OpenID Connect provider to log in by, https.", HelpName = "URL" };

    private static readonly Option<string?> Client = new("--oidc-client-id")
    {
        Description = "What the provider calls this server; ROUX_OIDC_CLIENT_SECRET has its secret.",
        HelpName = "ID",
    };

    private static readonly Option<string?> Audience = new("--oidc-audience") { Description = "Take access tokens for this audience from programs.", HelpName = "TEXT" };
    private static readonly Option<string> RoleClaim = new("--oidc-role-claim") { Description = "Claim whose values give roles.", HelpName = "CLAIM", DefaultValueFactory = _ => "groups" };
    private static readonly Option<string> NameClaim = new("--oidc-name-claim") { Description = "Claim with the name to show.", HelpName = "CLAIM", DefaultValueFactory = _ => "preferred_username" };

    private static readonly Option<string[]> Roles = new("--oidc-role")
    {
        Description = "Value of the claim (* for everybody) and what it gives: ml-team=editor, ops=admin, nlp=films:editor.",
        HelpName = "VALUE=[PROJECT:]ROLE",
    };

    public static IReadOnlyList<Option> Options { get; } =
        [Auth, Certificate, Key, PlainHttp, Proxies, Origins, Rate, Authority, Client, Audience, RoleClaim, NameClaim, Roles];

    /// <summary>What a call asks for. A nested type of its own keeps the server out of the help.</summary>
    public static class Reading
    {
        public static ServerSecurity Of(ParseResult call) => new()
        {
            Auth = call.GetValue(Auth)!.ToUpperInvariant() switch
            {
                "ON" => AuthMode.On,
                "OFF" => AuthMode.Off,
                "AUTO" => AuthMode.Auto,
                _ => throw new UsageException($"--auth '{call.GetValue(Auth)}': give on, off or auto"),
            },
            TlsCertificate = call.GetValue(Certificate) ?? (call.GetValue(Key) is null ? null : throw new UsageException("--tls-key without --tls-cert: give the certificate too")),
            TlsKey = call.GetValue(Key),
            TlsPassword = Variable("ROUX_TLS_PASSWORD"),
            AllowPlainHttp = call.GetValue(PlainHttp),
            TrustedProxies = Split(call.GetValue(Proxies)),
            CorsOrigins = Split(call.GetValue(Origins)),
            RequestsPerSecond = call.GetValue(Rate),
            Oidc = OidcOf(call),
        };

        private static OidcSettings? OidcOf(ParseResult call) => (call.GetValue(Authority), call.GetValue(Client)) switch
        {
            (null, null) => null,
            ({ } authority, { } client) => new OidcSettings
            {
                Authority = authority,
                ClientId = client,
                ClientSecret = Variable("ROUX_OIDC_CLIENT_SECRET"),
                Audience = call.GetValue(Audience),
                RoleClaim = call.GetValue(RoleClaim)!,
                NameClaim = call.GetValue(NameClaim)!,
                Roles = [.. (call.GetValue(Roles) ?? []).Select(RoleOf)],
            },
            _ => throw new UsageException("an identity provider takes both --oidc-authority and --oidc-client-id"),
        };

        private static OidcRole RoleOf(string text)
        {
            var split = text.LastIndexOf('=');
            if (split < 1)
            {
                throw new UsageException($"--oidc-role '{text}': give VALUE=ROLE or VALUE=PROJECT:ROLE, such as ml-team=editor");
            }

            var given = text[(split + 1)..].Split(':', 2);
            return new OidcRole(text[..split], given.Length == 2 ? given[0] : null, UsersCommand.RoleOf("--oidc-role", given[^1]));
        }

        private static string[] Split(string[]? values) =>
            [.. (values ?? []).SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

        private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
    }
}
