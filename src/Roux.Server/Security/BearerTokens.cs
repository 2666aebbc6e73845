using System.Collections.Concurrent;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Roux.Tracking;
using Roux.Tracking.Accounts;

namespace Roux.Server.Security;

/// <summary>
/// Access tokens of the identity provider: signed by one of its published keys with an asymmetric algorithm, by this issuer, for this
/// audience, and not expired.
/// </summary>
internal sealed class BearerTokens
{
    private const int MostKept = 4096;
    private const int LongestToken = 8192;

    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    /// <summary>Signatures that only the provider can make.</summary>
    internal static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };
    private readonly ConcurrentDictionary<string, (Caller Caller, long Since, long Change)> known = new(StringComparer.Ordinal);
    private readonly ConfigurationManager<OpenIdConnectConfiguration> provider;
    private readonly OidcSettings settings;
    private readonly OidcRoles roles;
    private readonly AccountDirectory accounts;
    private readonly TimeProvider time;

    public BearerTokens(OidcSettings settings, AccountDirectory accounts, TimeProvider time)
    {
        this.settings = settings;
        this.accounts = accounts;
        this.time = time;
        roles = new OidcRoles(settings);
        provider = new ConfigurationManager<OpenIdConnectConfiguration>(
            settings.Authority.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever { RequireHttps = !settings.IsLocal });
    }

    /// <summary>Who a token stands for; <c>null</c>: nobody.</summary>
    public async ValueTask<Caller?> FindAsync(string token, CancellationToken cancellation)
    {
        if (settings.Audience is null || token.Length > LongestToken)
        {
            return null;
        }

        var key = Secrets.Hash(token);
        if (known.TryGetValue(key, out var entry) && time.GetElapsedTime(entry.Since) < Kept && entry.Change == accounts.Change
            && !(entry.Caller.Expires < time.GetUtcNow().ToUnixTimeMilliseconds()))
        {
            return entry.Caller;
        }

        if (await CheckAsync(token, cancellation).ConfigureAwait(false) is not { } result)
        {
            return null;
        }

        var caller = CallerOf(result);
        if (known.Count >= MostKept)
        {
            known.Clear();
        }

        known[key] = (caller, time.GetTimestamp(), accounts.Change);
        return caller;
    }

    private async Task<TokenValidationResult?> CheckAsync(string token, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            OpenIdConnectConfiguration configuration;
            try
            {
                configuration = await provider.GetConfigurationAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is InvalidOperationException or IOException or HttpRequestException)
            {
                // The provider cannot be reached: nobody can be let in on its word.
                return null;
            }

            var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
            {
                ValidIssuer = configuration.Issuer,
                ValidAudience = settings.Audience,
                IssuerSigningKeys = configuration.SigningKeys,
                ValidAlgorithms = Algorithms,
                RequireSignedTokens = true,
                RequireExpirationTime = true,
                ClockSkew = TimeSpan.FromSeconds(30),
            }).ConfigureAwait(false);
            if (result.IsValid)
            {
                return result;
            }

            if (result.Exception is not SecurityTokenSignatureKeyNotFoundException)
            {
                return null;
            }

            // Perhaps the provider has changed its keys. It is asked again at most every few minutes, however many tokens come.
            provider.RequestRefresh();
        }

        return null;
    }

    /// <summary>The user that the person became at a browser login, with what the token gives them; else what the token says alone.</summary>
    private Caller CallerOf(TokenValidationResult token)
    {
        var identity = token.ClaimsIdentity;
        var member = accounts.Find(token.Issuer, identity.FindFirst("sub")?.Value ?? "");
        if (member is { User.IsDisabled: true })
        {
            return new Caller(member.User.Name, Role.None, new Dictionary<string, Role>(), "token", KeyScope.All);
        }

        var claimed = roles.Of(identity);
        var given = member?.User.Projects ?? new Dictionary<string, Role>();
        var server = (Role)Math.Max((int)claimed.GetValueOrDefault(""), (int)(member?.User.Role ?? Role.None));
        var projects = given.Concat(claimed.Where(pair => pair.Key.Length > 0))
            .GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Max(pair => pair.Value), StringComparer.Ordinal);
        return new Caller(member?.User.Name ?? roles.NameOf(identity), server, projects, "token", KeyScope.All)
        {
            UserId = member?.User.Id,
            Expires = new DateTimeOffset(token.SecurityToken.ValidTo, TimeSpan.Zero).ToUnixTimeMilliseconds(),
        };
    }
}
