using System.Net;
using Roux.Tracking.Service;

namespace Roux.Tracking.Registry;

/// <summary>Checks the address of a webhook when it is added. What its name resolves to is checked at every connection.</summary>
internal static class WebhookUrl
{
    private const int Longest = 2000;

    public static Uri Check(string url, bool allowPrivate)
    {
        if (url.Length > Longest || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            throw ServiceException.Invalid($"webhook url '{(url.Length > 200 ? url[..200] + "…" : url)}': give an address that begins with https:// or http://");
        }

        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            throw ServiceException.Invalid("webhook url: leave out user name, password and fragment; the receiver knows the sender by the signature");
        }

        return allowPrivate || !IPAddress.TryParse(uri.DnsSafeHost, out var address) || PublicAddress.IsPublic(address) ? uri
            : throw ServiceException.Invalid($"webhook url: {address} is an address of this machine or of a private network, which is not allowed here");
    }
}
