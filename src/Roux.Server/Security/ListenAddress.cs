using System.Net;
using System.Net.Sockets;

namespace Roux.Server.Security;

/// <summary>Where a server listens, and whether its callers log in: on a public address they do, over TLS, unless somebody says otherwise knowingly.</summary>
internal static class ListenAddress
{
    public static IPEndPoint Of(ServerOptions options)
    {
        if (options.Port is < 0 or > IPEndPoint.MaxPort)
        {
            throw new ServerException($"port {options.Port}: give 0 (any free one) to {IPEndPoint.MaxPort}");
        }

        return new IPEndPoint(Resolve(options.Host), options.Port);
    }

    /// <summary>Whether callers log in.</summary>
    /// <exception cref="ServerException">The address, the users that there are and the settings do not go together.</exception>
    public static AuthMode Decide(ServerOptions options, IPAddress address, bool hasUsers)
    {
        var security = options.Security;
        CheckSettings(security);
        var somebody = hasUsers || security.Oidc is not null;
        if (security.Auth == AuthMode.On && !somebody)
        {
            throw new ServerException($"--auth on, and there is nobody who could log in: {Remedy(options)}");
        }

        if (IPAddress.IsLoopback(address))
        {
            return security.Auth == AuthMode.Auto && security.Oidc is not null ? AuthMode.On : security.Auth;
        }

        if (security.Auth == AuthMode.Off || !somebody)
        {
            return options.AllowUnauthenticatedPublic
                ? security.Auth
                : throw new ServerException(
                    $"--host {options.Host} is reachable from other machines, and nobody would have to log in: anyone could read, change and delete everything. " +
                    $"{(somebody ? "Leave --auth off away" : $"Make users first: {Remedy(options)}")}. " +
                    "Or keep the default host and reach it through an ssh tunnel (ssh -L 5000:127.0.0.1:5000 MACHINE); " +
                    "if the network itself keeps strangers out, say so with --allow-unauthenticated-public");
        }

        return security.TlsCertificate is not null || security.TrustedProxies.Count > 0 || security.AllowPlainHttp
            ? AuthMode.On
            : throw new ServerException(
                $"--host {options.Host} is reachable from other machines, and passwords would go there unencrypted. Give a certificate (--tls-cert FILE --tls-key FILE), " +
                "or name the reverse proxy that has one (--trusted-proxy ADDRESS); if the network itself is private, say so with --allow-plain-http");
    }

    private static string Remedy(ServerOptions options) => $"roux users add NAME --role admin --store {options.Store}, or set an identity provider (--oidc-authority)";

    private static void CheckSettings(ServerSecurity security)
    {
        foreach (var origin in security.CorsOrigins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.GetLeftPart(UriPartial.Authority) != origin.TrimEnd('/'))
            {
                throw new ServerException($"--cors-origin '{origin}': give an origin such as https://ui.example.org; wildcards are not taken");
            }
        }

        if (security.RequestsPerSecond is < 0)
        {
            throw new ServerException($"--rate-limit {security.RequestsPerSecond}: give requests a second, or 0 for no limit");
        }

        if (security.Oidc is { } oidc && !(oidc.IsLocal || (Uri.TryCreate(oidc.Authority, UriKind.Absolute, out var authority) && authority.Scheme == "https")))
        {
            throw new ServerException($"--oidc-authority '{oidc.Authority}': give the provider's address, which begins with https://");
        }
    }

    private static IPAddress Resolve(string host)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return IPAddress.Loopback;
        }

        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            return address;
        }

        try
        {
            return Dns.GetHostAddresses(host) is [var first, ..] ? first : throw Unknown(host);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw Unknown(host);
        }
    }

    private static ServerException Unknown(string host) => new($"--host '{host}': no such address; give one of this machine's, such as 127.0.0.1");
}
