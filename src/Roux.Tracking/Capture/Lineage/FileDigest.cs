using System.Buffers;
using System.Security.Cryptography;

namespace Roux.Tracking.Capture.Lineage;

/// <summary>Hashes of a file, all from reading it once.</summary>
/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="Md5">Lower-case hexadecimal: what DVC names content by.</param>
/// <param name="Bytes">Bytes read.</param>
internal sealed record FileDigest(string Sha256, string Md5, long Bytes)
{
    private const int TextProbe = 512;

    /// <summary>Reads a file.</summary>
    public static FileDigest Of(string path, CancellationToken cancellation)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        long bytes = 0;
        Read(path, part =>
        {
            sha256.AppendData(part);
            md5.AppendData(part);
            bytes += part.Length;
        }, cancellation);
        return new FileDigest(Convert.ToHexStringLower(sha256.GetHashAndReset()), Convert.ToHexStringLower(md5.GetHashAndReset()), bytes);
    }

    /// <summary>The MD5 alone.</summary>
    public static string Md5Of(string path, CancellationToken cancellation)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        Read(path, part => md5.AppendData(part), cancellation);
        return Convert.ToHexStringLower(md5.GetHashAndReset());
    }

    /// <summary>The SHA-256 alone.</summary>
    public static string Sha256Of(string path, CancellationToken cancellation)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Read(path, part => sha256.AppendData(part), cancellation);
        return Convert.ToHexStringLower(sha256.GetHashAndReset());
    }

    /// <summary>The MD5 as DVC before version 3 took it: of a text file with CRLF read as LF; null where the file is no text by its first 512 bytes.</summary>
    public static string? TextMd5Of(string path, CancellationToken cancellation)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var text = true;
        var first = true;
        var pending = false;
        Read(path, part =>
        {
            if (first)
            {
                text = LooksLikeText(part[..Math.Min(part.Length, TextProbe)]);
                first = false;
            }

            if (!text)
            {
                return;
            }

            foreach (var range in part.Split((byte)'\r'))
            {
                // Every piece but the first stands behind a carriage return: it is kept unless a line feed follows.
                var piece = part[range];
                if (range.Start.Value > 0)
                {
                    if (pending)
                    {
                        md5.AppendData("\r"u8);
                    }

                    pending = true;
                }

                if (piece.Length > 0)
                {
                    if (pending && piece[0] != (byte)'\n')
                    {
                        md5.AppendData("\r"u8);
                    }

                    pending = false;
                    md5.AppendData(piece);
                }
            }
        }, cancellation);
        if (pending)
        {
            md5.AppendData("\r"u8);
        }

        return text ? Convert.ToHexStringLower(md5.GetHashAndReset()) : null;
    }

    // DVC's own rule: no zero byte, and at most 30% that are neither printable ASCII nor white space.
    private static bool LooksLikeText(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
        {
            return true;
        }

        var odd = 0;
        foreach (var value in start)
        {
            if (value == 0)
            {
                return false;
            }

            odd += value is (>= 32 and < 127) or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'\f' or (byte)'\b' ? 0 : 1;
        }

        return odd <= start.Length * 0.3;
    }

    private delegate void Part(ReadOnlySpan<byte> bytes);

    private static void Read(string path, Part part, CancellationToken cancellation)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            int got;
            while ((got = file.Read(buffer)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                part(buffer.AsSpan(0, got));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
