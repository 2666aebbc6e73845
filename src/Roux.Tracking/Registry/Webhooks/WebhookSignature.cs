using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Roux.Tracking.Registry;

/// <summary>
/// Signatures as in the Standard Webhooks specification 1.0: <c>v1,</c> and base64 of HMAC-SHA256 over <c>ID.TIMESTAMP.BODY</c>. The key is what
/// follows <c>whsec_</c> in the secret, in base64.
/// </summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";
    private const int KeyBytes = 32;

    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));

    public static string Of(string secret, string id, long seconds, string body)
    {
        var content = string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.{body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), Encoding.UTF8.GetBytes(content)));
    }
}
