using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Roux.Tracking.Registry;

/// <summary>
/// The hash of an entry of the audit log: SHA-256, in lower-case hexadecimal, of its fields as netstrings (<c>LENGTH:BYTES,</c>, length in bytes
/// of UTF-8; Bernstein 1997) in the order number, time in milliseconds, actor, action, model, version, before, after, previous hash;
/// what is absent is an empty string.
/// </summary>
internal static class AuditHash
{
    public static string Of(AuditEntry entry)
    {
        var text = new StringBuilder();
        foreach (var field in (ReadOnlySpan<string?>)[
            Number(entry.Number), Number(entry.Time.ToUnixTimeMilliseconds()), entry.Actor, entry.Action, entry.Model,
            entry.Version is { } version ? Number(version) : null, entry.Before, entry.After, entry.Previous])
        {
            text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(field ?? "")}:{field},");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
