using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Roux.Server.Components.Hosting;
using Roux.Server.Protocol;

namespace Roux.Server.Security;

/// <summary>How browsers log in and out.</summary>
internal static class LoginRoutes
{
    /// <summary>Where a login that came to nothing ends.</summary>
    public const string FailedPath = "/login?failed=1";

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/login", Access.Open, PageAsync) { Body = BodyKind.Bytes },
        new("POST", "/login", Access.Open, LoginAsync) { Body = BodyKind.Bytes },
        new("POST", "/logout", Access.Open, LogoutAsync) { Body = BodyKind.Bytes },
        new("GET", "/login/oidc", Access.Open, call => call.Options.Security.Oidc is null
            ? Dispatcher.UnknownAsync(call.Http)
            : OidcLogin.ChallengeAsync(call.Http, LocalPath(call.Fields.Text("return")))) { Body = BodyKind.Bytes },
        new("GET", OidcLogin.Callback, Access.Open, call => call.Options.Security.Oidc is null ? Dispatcher.UnknownAsync(call.Http) : OidcLogin.ReturnAsync(call.Http)) { Body = BodyKind.Bytes },
    ];

    /// <summary>A path of this server; anything else leads to its root: a link to the login must not lead on to another site.</summary>
    public static string LocalPath(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.AsSpan().ContainsAnyInRange('\0', '\x1f') ? path : "/";

    private static Task PageAsync(Call call)
    {
        var http = call.Http;
        http.Response.Headers.CacheControl = "no-store";

        // The login form has to be sent, which a sandbox would not let it; it has nothing else that could run but the server's own script.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

        // Without a referrer browsers name no origin when the form is sent, and the guard would take it for another site's.
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        http.Response.ContentType = "text/html; charset=utf-8";
        var target = LocalPath(call.Fields.Text("return"));
        var provider = call.Options.Security.Oidc is null ? "" : $"<p><a class=\"btn\" href=\"/login/oidc?return={Uri.EscapeDataString(target)}\">Log in with your organisation's account</a></p>";
        return http.Response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Log in · Roux</title>
            <link rel="icon" type="image/svg+xml" href="{EmbeddedAssets.Url("icon.svg")}"><link rel="stylesheet" href="{EmbeddedAssets.Url("app.css")}"><script src="{EmbeddedAssets.Url("app.js")}"></script></head>
            <body>
            <main class="login"><div class="panel">
            <div class="brand"><img src="{EmbeddedAssets.Url("icon.svg")}" width="28" height="28" alt="">Roux</div>
            <h1>Log in</h1>
            {(call.Fields.Text("failed") is null ? "" : "<p class=\"notice bad\" role=\"alert\">That did not work. Check what you typed, or wait a while after several attempts.</p>")}
            <form method="post" action="/login">
            <input type="hidden" name="return" value="{HtmlEncoder.Default.Encode(target)}">
            <label>User <input class="field" name="username" autocomplete="username" required></label>
            <label>Password <input class="field" name="password" type="password" autocomplete="current-password" required></label>
            <button class="btn primary">Log in</button>
            </form>
            {provider}
            </div></main>
            </body>
            </html>
            """,
            call.Cancellation);
    }

    private static async Task LoginAsync(Call call)
    {
        var http = call.Http;
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(call.Cancellation).ConfigureAwait(false) : FormCollection.Empty;
        var (name, password) = (form["username"].ToString(), form["password"].ToString());
        if (name.Length == 0 || password.Length == 0 || await call.Server.Authenticator.OfPasswordAsync(http, name, password).ConfigureAwait(false) is not { } member)
        {
            http.Response.Redirect(FailedPath);
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            return;
        }

        await call.Server.Sessions.BeginAsync(http, member.User.Id).ConfigureAwait(false);
        http.Response.Redirect(LocalPath(form["return"]));
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
    }

    private static async Task LogoutAsync(Call call)
    {
        await call.Server.Sessions.EndAsync(call.Http).ConfigureAwait(false);
        call.Http.Response.Redirect("/login");
        call.Http.Response.StatusCode = StatusCodes.Status303SeeOther;
    }
}
