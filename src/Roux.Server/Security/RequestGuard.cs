using System.Net;
using Microsoft.AspNetCore.Http;
using Roux.Server.Protocol;
using Roux.Tracking.Service;

namespace Roux.Server.Security;

/// <summary>
/// Keeps web pages of others out, which a browser on this machine would let through to a server on it: a request must name this server in
/// its Host header (else a page could point its own name here: DNS rebinding), and one that changes something must not come from another
/// site's page. Every answer tells browsers not to guess types, not to run it and not to frame it.
/// </summary>
internal sealed class RequestGuard
{
    private readonly HashSet<string> allowed;
    private readonly HashSet<string> origins;

    public RequestGuard(ServerOptions options)
    {
        allowed = new HashSet<string>([.. options.AllowedHosts, options.Host], StringComparer.OrdinalIgnoreCase) { "localhost" };
        origins = new HashSet<string>(options.Security.CorsOrigins.Select(origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);
    }

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (!IsAllowed(http.Request.Host.Host) && !Probes.IsProbe(http.Request.Path))
        {
            return Refuse(http, "Invalid Host header; name the hosts that this server is reached by with --allowed-hosts");
        }

        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        if (http.Request.Headers.Origin is [{ } origin] && origins.Contains(origin))
        {
            return Welcome(http, origin, next);
        }

        return HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || !IsCrossSite(http.Request)
            ? next(http)
            : Refuse(http, "Cross-origin request refused");
    }

    /// <summary>Whether a browser says that a page of this server made the request. Where it says nothing, it is not known.</summary>
    public static bool IsOwnPage(HttpRequest request) => !IsCrossSite(request) && (request.Headers["Sec-Fetch-Site"] == "same-origin" || request.Headers.Origin.Count > 0);

    /// <summary>A page of an origin that was named: it may call, with credentials that it holds itself. Cookies are none of its business.</summary>
    private static Task Welcome(HttpContext http, string origin, RequestDelegate next)
    {
        http.Request.Headers.Remove("Cookie");
        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (!HttpMethods.IsOptions(http.Request.Method))
        {
            headers.AccessControlExposeHeaders = "Retry-After";
            return next(http);
        }

        headers.AccessControlAllowMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, Content-Encoding";
        headers.AccessControlMaxAge = "600";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private bool IsAllowed(string host) => allowed.Contains(host) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Whether a browser says that another site's page made the request. Programs send neither header.</summary>
    private static bool IsCrossSite(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site != "same-origin" && site != "none")
        {
            return true;
        }

        var origin = request.Headers.Origin;
        return origin.Count > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private static Task Refuse(HttpContext http, string message) => Reply.ErrorAsync(http, ServiceError.PermissionDenied, message);
}
