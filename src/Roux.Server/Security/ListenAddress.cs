using System.Net;
using System.Net.Sockets;

namespace Roux.Server.Security;

/// <summary>Where a server listens; without users, only this machine unless somebody says otherwise knowingly.</summary>
internal static class ListenAddress
{
    public static IPEndPoint Of(ServerOptions options)
    {
        if (options.Port is < 0 or > IPEndPoint.MaxPort)
        {
            throw new ServerException($"port {options.Port}: give 0 (any free one) to {IPEndPoint.MaxPort}");
        }

        var address = Resolve(options.Host);
        if (!IPAddress.IsLoopback(address) && !options.AllowUnauthenticatedPublic)
        {
            throw new ServerException(
                $"--host {options.Host} is reachable from other machines, and nobody would have to log in: anyone could read, change and delete everything. " +
                "Keep the default host and reach it through a reverse proxy that asks for a login or through an ssh tunnel (ssh -L 5000:127.0.0.1:5000 MACHINE); " +
                "if the network itself keeps strangers out, say so with --allow-unauthenticated-public");
        }

        return new IPEndPoint(address, options.Port);
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
