using Microsoft.AspNetCore.Http;
using Roux.Tracking.Accounts;

namespace Roux.Server.Security;

/// <summary>Browsers' sessions: a random cookie that no script reads and no other site's page sends along with a change, its hash kept in the store.</summary>
internal sealed class Sessions(AccountStore store, AccountDirectory accounts, ServerSecurity security, TimeProvider time)
{
    private const string Plain = "roux-session";

    // The prefix makes browsers refuse the cookie from anything but this host over TLS.
    private const string Secure = "__Host-roux-session";

    /// <summary>The secret that a browser sends.</summary>
    public static string? Read(HttpContext http) =>
        http.Request.Cookies.TryGetValue(http.Request.IsHttps ? Secure : Plain, out var secret) && secret is { Length: > 0 and < 200 } ? secret : null;

    /// <summary>Begins one; whatever session there was is not carried on.</summary>
    public async Task BeginAsync(HttpContext http, long user)
    {
        await EndAsync(http).ConfigureAwait(false);
        var secret = Secrets.New();
        var now = time.GetUtcNow();
        await store.AddCredentialAsync(new CredentialRecord(
            Secrets.NewId(), user, CredentialKind.Session, "browser", Secrets.Hash(secret), KeyScope.All,
            now.ToUnixTimeMilliseconds(), (now + security.SessionLife).ToUnixTimeMilliseconds(), null)).ConfigureAwait(false);
        accounts.Invalidate();
        http.Response.Cookies.Append(http.Request.IsHttps ? Secure : Plain, secret, Options(http));
    }

    /// <summary>Ends the browser's session, here and in the store.</summary>
    public async Task EndAsync(HttpContext http)
    {
        if (Read(http) is not { } secret)
        {
            return;
        }

        http.Response.Cookies.Delete(http.Request.IsHttps ? Secure : Plain, Options(http));
        if (accounts.Find(Secrets.Hash(secret), CredentialKind.Session) is { } holder)
        {
            await store.RevokeAsync(holder.Credential.KeyId, null).ConfigureAwait(false);
            accounts.Invalidate();
        }
    }

    private CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true,
        Secure = http.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = security.SessionLife,
        IsEssential = true,
    };
}
