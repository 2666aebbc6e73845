using System.Text.Json;

namespace Roux.Torch.Weights;

/// <summary>
/// The head of a safetensors file: eight bytes with its length, then JSON that says of every tensor its type, its shape and where its bytes
/// lie. Source: the description of the format in the safetensors project, whose rules are all kept: no name twice, no overlap, no hole, no byte
/// that belongs to nobody.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>Longest head that the reference implementation reads.</summary>
    public const long MaxBytes = 100_000_000;

    private const string MetadataName = "__metadata__";

    private static readonly Dictionary<string, int> Sizes = new(StringComparer.Ordinal)
    {
        ["BOOL"] = 1, ["U8"] = 1, ["I8"] = 1, ["F8_E5M2"] = 1, ["F8_E4M3"] = 1, ["U16"] = 2, ["I16"] = 2, ["F16"] = 2, ["BF16"] = 2,
        ["U32"] = 4, ["I32"] = 4, ["F32"] = 4, ["F64"] = 8, ["U64"] = 8, ["I64"] = 8,
    };

    /// <summary>Reads and checks the JSON.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="dataBytes">Bytes of the file after it.</param>
    /// <exception cref="InvalidDataException">It breaks a rule of the format.</exception>
    public static (IReadOnlyList<TensorEntry> Tensors, IReadOnlyDictionary<string, string> Metadata) Parse(ReadOnlyMemory<byte> json, long dataBytes)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            Require(document.RootElement.ValueKind == JsonValueKind.Object, "its head is not a JSON object");
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            var tensors = new List<TensorEntry>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                Require(names.Add(property.Name), $"tensor '{property.Name}' is listed twice");
                if (property.Name == MetadataName)
                {
                    ReadMetadata(property.Value, metadata);
                }
                else
                {
                    tensors.Add(Read(property.Name, property.Value, dataBytes));
                }
            }

            CheckLayout(tensors, dataBytes);
            return (tensors, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"its head cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Bytes of a value.</summary>
    public static int SizeOf(string type) => Sizes.TryGetValue(type, out var size) ? size : throw new InvalidDataException($"'{type}' is no type of tensor");

    private static void ReadMetadata(JsonElement json, Dictionary<string, string> metadata)
    {
        Require(json.ValueKind == JsonValueKind.Object, $"{MetadataName} is not an object of texts");
        foreach (var pair in json.EnumerateObject())
        {
            metadata[pair.Name] = pair.Value.GetString() ?? "";
        }
    }

    private static TensorEntry Read(string name, JsonElement json, long dataBytes)
    {
        Require(json.ValueKind == JsonValueKind.Object && json.TryGetProperty("dtype", out _) && json.TryGetProperty("shape", out _) && json.TryGetProperty("data_offsets", out _),
            $"tensor '{name}' lacks dtype, shape or data_offsets");
        var type = json.GetProperty("dtype").GetString() ?? "";
        long[] shape = [.. json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        long[] offsets = [.. json.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        Require(shape.All(size => size >= 0), $"tensor '{name}' has a negative size");
        Require(offsets.Length == 2 && offsets[0] >= 0 && offsets[0] <= offsets[1] && offsets[1] <= dataBytes, $"tensor '{name}' lies outside the file");
        var entry = new TensorEntry(name, type, shape, offsets[0], offsets[1] - offsets[0]);
        Require(checked(entry.Count * SizeOf(type)) == entry.Bytes, $"tensor '{name}' has {entry.Bytes} bytes, not those of {entry.Count} values of {type}");
        return entry;
    }

    private static void CheckLayout(List<TensorEntry> tensors, long dataBytes)
    {
        var end = 0L;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Start).ThenBy(tensor => tensor.Bytes))
        {
            Require(tensor.Start == end, $"tensor '{tensor.Name}' {(tensor.Start < end ? "overlaps another" : "comes after bytes that belong to nobody")}");
            end += tensor.Bytes;
        }

        Require(end == dataBytes, $"{dataBytes - end} bytes at its end belong to no tensor");
    }

    private static void Require(bool fact, string message)
    {
        if (!fact)
        {
            throw new InvalidDataException($"not a safetensors file: {message}");
        }
    }
}
