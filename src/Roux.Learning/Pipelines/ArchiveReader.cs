using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Roux.Learning.Pipelines;

/// <summary>Reads what <see cref="ArchiveWriter"/> wrote. The file is not trusted: sizes are bounded, shapes are checked, nothing in it runs.</summary>
public sealed partial class ArchiveReader
{
    /// <summary>Most bytes that one entry may unpack to.</summary>
    public const long MaxEntryBytes = 2_000_000_000;

    private readonly ZipArchive zip;
    /// <summary>Deflate shrinks nothing further than 1:1032; an entry that claims more is not honest about its size.</summary>
    private const long MaxRatio = 1032;

    private readonly string folder;
    private readonly IReadOnlyDictionary<string, string>? digests;

    /// <param name="zip">An archive opened for reading.</param>
    /// <param name="folder">Where entries lie: empty, or a path that ends in a slash.</param>
    /// <param name="digests">SHA-256 of every entry by full name, in lower-case hexadecimal: entries are compared with it as they are read. <c>null</c> compares nothing.</param>
    public ArchiveReader(ZipArchive zip, string folder = "", IReadOnlyDictionary<string, string>? digests = null) =>
        (this.zip, this.folder, this.digests) = (zip, folder, digests);

    /// <summary>A reader for a folder below this one.</summary>
    public ArchiveReader In(string name) => new(zip, $"{folder}{name}/", digests);

    /// <summary>Whether there is an entry of that full name, or should be one by the manifest: an optional part that was taken out is missed all the same.</summary>
    public bool Has(string name) => zip.GetEntry(folder + name) is not null || (digests?.ContainsKey(folder + name) ?? false);

    /// <summary>Reads <c>name.json</c>.</summary>
    /// <exception cref="InvalidDataException">Missing or not JSON.</exception>
    public JsonNode ReadJson(string name)
    {
        try
        {
            return JsonNode.Parse(ReadBytes($"{name}.json")) ?? throw new InvalidDataException($"{folder}{name}.json is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{folder}{name}.json is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>Reads a text entry.</summary>
    public string ReadText(string name) => Encoding.UTF8.GetString(ReadBytes(name));

    /// <summary>Reads <c>name.npy</c> of float64.</summary>
    public double[] ReadDoubles(string name) => ReadNpy<double>(name, "<f8");

    /// <summary>Reads <c>name.npy</c> of float32.</summary>
    public float[] ReadFloats(string name) => ReadNpy<float>(name, "<f4");

    /// <summary>Reads <c>name.npy</c> of int32.</summary>
    public int[] ReadInts(string name) => ReadNpy<int>(name, "<i4");

    /// <summary>Reads the bytes of an entry.</summary>
    /// <exception cref="InvalidDataException">Missing, damaged, or larger than <see cref="MaxEntryBytes"/>.</exception>
    public byte[] ReadBytes(string name)
    {
        var full = folder + name;
        var entry = zip.GetEntry(full) ?? throw new InvalidDataException($"the model file has no entry '{full}'");
        if (entry.Length < 0 || entry.Length > MaxEntryBytes || entry.Length > (entry.CompressedLength + 16) * MaxRatio)
        {
            throw new InvalidDataException($"entry '{full}' claims {entry.Length} bytes, which is more than the {MaxEntryBytes} allowed or than its {entry.CompressedLength} compressed bytes can hold");
        }

        var bytes = new byte[entry.Length];
        try
        {
            using var stream = entry.Open();
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"entry '{full}' is shorter than it claims", e);
        }

        if (digests is not null && (!digests.TryGetValue(full, out var digest) || digest != Convert.ToHexStringLower(SHA256.HashData(bytes))))
        {
            throw new InvalidDataException($"entry '{full}' is not what was saved: its SHA-256 differs from the manifest; the file is damaged or was changed");
        }

        return bytes;
    }

    private T[] ReadNpy<T>(string name, string type) where T : unmanaged
    {
        var bytes = ReadBytes($"{name}.npy").AsSpan();
        if (bytes.Length < 10 || bytes[0] != 0x93 || !bytes[1..6].SequenceEqual("NUMPY"u8))
        {
            throw new InvalidDataException($"{folder}{name}.npy is not a NumPy array");
        }

        var headerLength = BitConverter.ToUInt16(bytes[8..10]);
        if (bytes.Length < 10 + headerLength)
        {
            throw new InvalidDataException($"{folder}{name}.npy is cut off");
        }

        var header = Encoding.ASCII.GetString(bytes.Slice(10, headerLength));
        var shape = Shape().Match(header);
        var data = bytes[(10 + headerLength)..];
        var size = Marshal.SizeOf<T>();
        if (!header.Contains($"'{type}'", StringComparison.Ordinal) || !shape.Success
            || !int.TryParse(shape.Groups[1].Value, out var length) || (long)length * size != data.Length)
        {
            throw new InvalidDataException($"{folder}{name}.npy is not a one-dimensional array of {type} of its stated length");
        }

        return MemoryMarshal.Cast<byte, T>(data).ToArray();
    }

    [GeneratedRegex(@"'shape': \((\d+),\)")]
    private static partial Regex Shape();
}
