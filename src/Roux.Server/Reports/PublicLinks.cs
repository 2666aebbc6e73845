using System.Buffers.Text;
using System.Security.Cryptography;
using Roux.Server.Security;
using Roux.Tracking.Service;

namespace Roux.Server.Reports;

/// <summary>Secret links that show a report to whoever has one: 256 random bits, of which only the hash is kept. Off until an admin allows them.</summary>
internal static class PublicLinks
{
    /// <summary>The path of links, before the secret.</summary>
    public const string Path = "/public/reports/";

    private const int Bytes = 32;

    /// <summary>Makes a link in place of an earlier one; returns its secret.</summary>
    /// <exception cref="ServiceException">Links are not allowed, or there is no such report.</exception>
    public static async Task<string> MakeAsync(TrackingService service, string report, string actor)
    {
        if (!service.Settings.HasPublicLinks)
        {
            throw new ServiceException(ServiceError.PermissionDenied, "Public links are off: an admin can allow them");
        }

        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        await service.Reports.LinkAsync(report, Secrets.Hash(secret), actor).ConfigureAwait(false);
        return secret;
    }

    /// <summary>The report of a secret; <c>null</c> where there is none, or links are off.</summary>
    public static Report? Find(TrackingService service, string secret) =>
        secret.Length is > 0 and <= 100 && service.Settings.HasPublicLinks ? service.Reports.OfLink(Secrets.Hash(secret)) : null;
}
