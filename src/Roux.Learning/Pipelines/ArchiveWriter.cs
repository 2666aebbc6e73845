using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Learning.Pipelines;

/// <summary>
/// Writes the parts of a model file: a zip archive of JSON texts and NumPy arrays (<c>.npy</c>, format version 1.0),
/// so that any language can read it and nothing in it can run.
/// </summary>
public sealed class ArchiveWriter
{
    private readonly ZipArchive zip;
    private readonly string folder;
    private readonly SortedDictionary<string, string> digests;

    /// <param name="zip">An archive opened for writing.</param>
    /// <param name="folder">Where entries go: empty, or a path that ends in a slash.</param>
    public ArchiveWriter(ZipArchive zip, string folder = "") : this(zip, folder, new SortedDictionary<string, string>(StringComparer.Ordinal))
    {
    }

    private ArchiveWriter(ZipArchive zip, string folder, SortedDictionary<string, string> digests) =>
        (this.zip, this.folder, this.digests) = (zip, folder, digests);

    /// <summary>SHA-256 of every entry written so far, by full name, in lower-case hexadecimal.</summary>
    public IReadOnlyDictionary<string, string> Digests => digests;

    /// <summary>A writer for a folder below this one.</summary>
    public ArchiveWriter In(string name) => new(zip, $"{folder}{name}/", digests);

    /// <summary>Writes <c>name.json</c>.</summary>
    public void WriteJson(string name, JsonNode node) => WriteText($"{name}.json", node.ToJsonString(JsonOptions));

    /// <summary>Writes a text file under the full name given.</summary>
    public void WriteText(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text), []);

    /// <summary>Writes bytes under the full name given.</summary>
    public void WriteBytes(string name, ReadOnlySpan<byte> bytes) => Write(name, bytes, []);

    /// <summary>Writes <c>name.npy</c>, one-dimensional little-endian float64.</summary>
    public void WriteArray(string name, ReadOnlySpan<double> values) => WriteNpy(name, "<f8", values.Length, MemoryMarshal.AsBytes(values));

    /// <summary>Writes <c>name.npy</c>, one-dimensional little-endian float32.</summary>
    public void WriteArray(string name, ReadOnlySpan<float> values) => WriteNpy(name, "<f4", values.Length, MemoryMarshal.AsBytes(values));

    /// <summary>Writes <c>name.npy</c>, one-dimensional little-endian int32.</summary>
    public void WriteArray(string name, ReadOnlySpan<int> values) => WriteNpy(name, "<i4", values.Length, MemoryMarshal.AsBytes(values));

    internal static JsonSerializerOptions JsonOptions { get; } = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
    };

    private void Write(string name, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var entry = zip.CreateEntry(folder + name, CompressionLevel.Fastest);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the same model gives the same bytes
        using var stream = entry.Open();
        stream.Write(head);
        stream.Write(body);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(body);
        digests.Add(folder + name, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private void WriteNpy(string name, string type, int length, ReadOnlySpan<byte> bytes)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({length},), }}";
        header = header.PadRight((header.Length + 11 + 63) / 64 * 64 - 11) + "\n";
        byte[] head =
        [
            0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0,
            (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header),
        ];
        Write($"{name}.npy", head, bytes);
    }
}
