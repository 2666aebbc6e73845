using System.Globalization;
using System.Text;

namespace Roux.Tracking.Capture.Lineage;

/// <summary>A pointer file of Git LFS (specification version 1): what git stores in the place of a large file.</summary>
/// <param name="Oid">SHA-256 of the content, 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Size of the content.</param>
internal sealed record LfsPointer(string Oid, long Bytes)
{
    /// <summary>Bytes of a pointer at most, by the specification.</summary>
    public const int Largest = 1024;

    /// <summary>Reads a pointer.</summary>
    /// <returns>Null where the text is none.</returns>
    public static LfsPointer? Parse(string text)
    {
        if (text.Length > Largest || !text.StartsWith("version https://git-lfs.github.com/spec/", StringComparison.Ordinal))
        {
            return null;
        }

        string? oid = null;
        long? bytes = null;
        foreach (var line in text.Split('\n'))
        {
            oid = line.StartsWith("oid sha256:", StringComparison.Ordinal) ? line["oid sha256:".Length..].Trim() : oid;
            bytes = line.StartsWith("size ", StringComparison.Ordinal) && long.TryParse(line["size ".Length..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : bytes;
        }

        return oid is { Length: 64 } && oid.All(char.IsAsciiHexDigitLower) && bytes is { } b ? new LfsPointer(oid, b) : null;
    }

    /// <summary>The pointer that a file is.</summary>
    /// <returns>Null where it is not there, or holds something else, such as the content.</returns>
    public static LfsPointer? Read(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length <= Largest ? Parse(Encoding.UTF8.GetString(File.ReadAllBytes(path))) : null;
    }
}
