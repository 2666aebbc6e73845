using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace Roux.Server.Security;

/// <summary>Whose word is taken for where a request comes from and whether it came over TLS: that of the reverse proxies that were named, and nobody else's.</summary>
internal static class TrustedProxies
{
    public static void Use(IApplicationBuilder application, IReadOnlyList<string> proxies)
    {
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = proxies.Count };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var text in proxies)
        {
            if (IPAddress.TryParse(text, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else if (System.Net.IPNetwork.TryParse(text, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
            else
            {
                throw new ServerException($"--trusted-proxy '{text}': give the address of a reverse proxy, or a network such as 10.0.0.0/8");
            }
        }

        application.UseForwardedHeaders(options);
    }
}
