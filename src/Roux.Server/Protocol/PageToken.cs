using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Roux.Tracking.Service;

namespace Roux.Server.Protocol;

/// <summary>MLflow's page tokens: base64 of <c>{"offset": 2}</c>.</summary>
internal static class PageToken
{
    private const int Longest = 256;

    public static string Of(long offset) => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"offset\": {offset}}}")));

    /// <summary>The offset of a token; 0 for none.</summary>
    public static long Read(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return 0;
        }

        var bytes = new byte[Longest];
        var decoded = 0;
        try
        {
            if (token.Length < Longest && Base64.IsValid(token) && Convert.TryFromBase64String(token, bytes, out decoded))
            {
                using var document = JsonDocument.Parse(bytes.AsMemory(0, decoded));
                if (document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("offset", out var offset)
                    && offset.ValueKind == JsonValueKind.Number && offset.TryGetInt64(out var number) && number >= 0)
                {
                    return number;
                }
            }
        }
        catch (JsonException)
        {
            // Not one of ours.
        }

        throw ServiceException.Invalid($"Invalid page token, decoded value=b'{Printable(bytes.AsSpan(0, decoded))}'");
    }

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var letter in bytes)
        {
            text.Append(letter is >= 0x20 and < 0x7F ? ((char)letter).ToString() : string.Create(CultureInfo.InvariantCulture, $"\\x{letter:x2}"));
        }

        return text.ToString();
    }
}
