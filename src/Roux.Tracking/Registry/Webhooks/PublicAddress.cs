using System.Net;
using System.Net.Sockets;

namespace Roux.Tracking.Registry;

/// <summary>
/// Whether an address is one of the public internet: not this machine, a private network, a link, a cloud's metadata service (169.254.169.254),
/// a group, or anything else in IANA's special-purpose registries (RFC 6890 and its updates). Addresses of IPv4 within IPv6 are judged as what they stand for.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Special = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    }.Select(IPNetwork.Parse)];

    // Global unicast is all that is public in IPv6 (RFC 4291): this leaves out loopback, link-local, unique local, site-local and groups.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return Translated.Contains(address) ? IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12))) : Global.Contains(address) && !IsSpecial(address);
        }

        return !IsSpecial(address);
    }

    private static bool IsSpecial(IPAddress address) => Array.Exists(Special, network => network.Contains(address));
}
