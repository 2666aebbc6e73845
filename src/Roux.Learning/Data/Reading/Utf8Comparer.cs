using System.Text;

namespace Roux.Learning.Data.Reading;

/// <summary>Compares strings with UTF-8 bytes, so that a dictionary of strings can be asked without making a string.</summary>
internal sealed class Utf8Comparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    public static Utf8Comparer Instance { get; } = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = most <= 512 ? stackalloc byte[512] : new byte[most];
        return GetHashCode((ReadOnlySpan<byte>)bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);

    public bool Equals(ReadOnlySpan<byte> alternate, string other)
    {
        if (alternate.Length == other.Length)
        {
            if (Ascii.Equals(alternate, other))
            {
                return true;
            }
        }
        else if (alternate.Length < other.Length)
        {
            return false;
        }

        var most = Encoding.UTF8.GetMaxByteCount(other.Length);
        Span<byte> bytes = most <= 512 ? stackalloc byte[512] : new byte[most];
        return alternate.SequenceEqual(bytes[..Encoding.UTF8.GetBytes(other, bytes)]);
    }

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        // Seeded per process, so that a file cannot be made to collide; the order of levels does not depend on it.
        var hash = new HashCode();
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }
}
