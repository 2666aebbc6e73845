using System.Security.Claims;
using System.Xml.Linq;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Roux.Tracking.Accounts;

namespace Roux.Server.Security;

/// <summary>
/// Login of browsers through an identity provider: OpenID Connect's code flow with PKCE (RFC 7636), by ASP.NET Core's handler. It only finds
/// out who somebody is; the session is ours.
/// </summary>
internal static class OidcLogin
{
    public const string Scheme = "oidc";
    public const string Callback = "/login/oidc/callback";

    // What the handler would sign in to, had it not been told that all is done.
    private const string Nothing = "none";

    public static void AddTo(IServiceCollection services, OidcSettings settings, AccountStore store, Sessions sessions)
    {
        var roles = new OidcRoles(settings);
        services.AddDataProtection().SetApplicationName("roux");
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new StoredKeys(store));
        services.AddAuthentication().AddOpenIdConnect(Scheme, options =>
        {
            options.Authority = settings.Authority;
            options.ClientId = settings.ClientId;
            options.ClientSecret = settings.ClientSecret;
            options.RequireHttpsMetadata = !settings.IsLocal;
            options.ResponseType = OpenIdConnectResponseType.Code;
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.UsePkce = true;
            options.SaveTokens = false;
            options.MapInboundClaims = false;
            options.CallbackPath = Callback;
            options.SignInScheme = Nothing;
            options.Scope.Clear();
            options.Scope.Add("openid");
            foreach (var scope in settings.Scopes)
            {
                options.Scope.Add(scope);
            }

            // The provider sends the browser back by a GET from the top, with which such cookies go.
            options.CorrelationCookie.SameSite = options.NonceCookie.SameSite = SameSiteMode.Lax;
            options.CorrelationCookie.SecurePolicy = options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.TokenValidationParameters.ValidAlgorithms = BearerTokens.Algorithms;
            options.Events.OnTokenValidated = validated =>
            {
                // The handler takes an unsigned token in the code flow, as the specification lets it: it came straight from the provider. We do not.
                if (!BearerTokens.Algorithms.Contains(validated.SecurityToken.Header.Alg))
                {
                    validated.Fail("The id token is not signed");
                }

                return Task.CompletedTask;
            };
            options.Events.OnTicketReceived = received => BeginAsync(received, settings, roles, store, sessions);
            options.Events.OnRemoteFailure = failed =>
            {
                failed.HandleResponse();
                failed.Response.Redirect(LoginRoutes.FailedPath);
                return Task.CompletedTask;
            };
        });
    }

    /// <summary>Sends a browser to the provider.</summary>
    public static Task ChallengeAsync(HttpContext http, string returnPath) => http.ChallengeAsync(Scheme, new AuthenticationProperties { RedirectUri = returnPath });

    /// <summary>Takes a browser back from the provider.</summary>
    public static async Task ReturnAsync(HttpContext http)
    {
        var handlers = http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        if (await handlers.GetHandlerAsync(http, Scheme).ConfigureAwait(false) is not IAuthenticationRequestHandler handler || !await handler.HandleRequestAsync().ConfigureAwait(false))
        {
            http.Response.Redirect(LoginRoutes.FailedPath);
        }
    }

    private static async Task BeginAsync(TicketReceivedContext received, OidcSettings settings, OidcRoles roles, AccountStore store, Sessions sessions)
    {
        var identity = received.Principal?.Identity as ClaimsIdentity;
        received.HandleResponse();
        if (identity?.FindFirst("sub")?.Value is not { Length: > 0 } subject || (identity.FindFirst("iss")?.Value ?? identity.FindFirst("sub")!.Issuer) is not { Length: > 0 } issuer)
        {
            received.Response.Redirect(LoginRoutes.FailedPath);
            return;
        }

        var user = await store.NoteAsync(issuer, subject, roles.NameOf(identity), roles.Of(identity)).ConfigureAwait(false);
        await sessions.BeginAsync(received.HttpContext, user).ConfigureAwait(false);
        received.Response.Redirect(LoginRoutes.LocalPath(received.ReturnUri));
    }

    /// <summary>The keys that protect state and nonce of a login lie in the store, so that any of several servers can take the browser back.</summary>
    private sealed class StoredKeys(AccountStore store) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() => [.. store.ProtectionKeys().Select(XElement.Parse)];

        public void StoreElement(XElement element, string friendlyName) =>
            store.AddProtectionKeyAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting)).GetAwaiter().GetResult();
    }
}
