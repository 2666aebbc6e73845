using System.Security.Claims;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Hosting;

/// <summary>
/// Stands before the pages and their connection. Where callers log in, nobody else sees any: pages lead to the login, the connection is refused. The
/// connection is taken from pages of this server only: a browser would let any page open it, with whatever this machine's user may do.
/// </summary>
internal sealed class PageGuard(ServerAccess access)
{
    private const string Connection = "/_blazor";

    // Scripts come from this server alone and none is written into a page. Styles of elements are set by the framework as it lays out tables.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
        "frame-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var isConnection = http.Request.Path.StartsWithSegments(Connection, StringComparison.Ordinal);
        if (!isConnection && http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null)
        {
            await next(http).ConfigureAwait(false);
            return;
        }

        var changes = !HttpMethods.IsGet(http.Request.Method) || http.Request.Headers.Upgrade.Count > 0;
        if (isConnection && changes && !RequestGuard.IsOwnPage(http.Request))
        {
            await Reply.ErrorAsync(http, ServiceError.PermissionDenied, "Cross-origin request refused").ConfigureAwait(false);
            return;
        }

        if (!await AdmitAsync(http, isConnection).ConfigureAwait(false))
        {
            return;
        }

        http.Response.Headers.ContentSecurityPolicy = Policy;

        // Without a referrer browsers name no origin when a form of the page is sent, and the server would take it for another site's.
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        if (!isConnection)
        {
            http.Response.Headers.CacheControl = "no-store";
        }

        await next(http).ConfigureAwait(false);
    }

    private async ValueTask<bool> AdmitAsync(HttpContext http, bool isConnection)
    {
        try
        {
            Caller? caller = null;
            try
            {
                caller = await access.Authenticator.FindAsync(http).ConfigureAwait(false);
            }
            finally
            {
                access.Limits.Take(caller, http.Connection.RemoteIpAddress);
            }

            var session = caller.IsSession && Sessions.Read(http) is { } secret ? Secrets.Hash(secret) : null;
            http.User = new ClaimsPrincipal(new VisitorIdentity(caller, session));
            return true;
        }
        catch (RefusedException refused) when (refused.Error == ServiceError.Unauthenticated && !isConnection)
        {
            http.Response.Redirect("/login?return=" + Uri.EscapeDataString(http.Request.Path + http.Request.QueryString));
        }
        catch (RefusedException refused)
        {
            await Reply.ErrorAsync(http, refused.Error, refused.Message).ConfigureAwait(false);
        }

        return false;
    }
}
