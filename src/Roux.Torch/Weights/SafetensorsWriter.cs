using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Torch.Weights;

/// <summary>Writes safetensors files. The same tensors give the same bytes.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes tensors in the given order, with <c>format</c> <c>pt</c> in the metadata, which the readers of PyTorch ask for.</summary>
    /// <param name="stream">Written to from where it stands.</param>
    /// <param name="tensors">Their names differ.</param>
    /// <exception cref="ArgumentException">A name is given twice, or values do not fill a shape.</exception>
    public static void Write(Stream stream, IReadOnlyList<TensorData> tensors)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var header = new JsonObject { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
        var offset = 0L;
        foreach (var tensor in tensors)
        {
            if (header.ContainsKey(tensor.Name) || tensor.Shape.Aggregate(1L, (product, size) => checked(product * size)) * SafetensorsHeader.SizeOf(tensor.Type) != tensor.Bytes.Length)
            {
                throw new ArgumentException($"tensor '{tensor.Name}' is given twice, or its {tensor.Bytes.Length} bytes do not fill its shape", nameof(tensors));
            }

            header[tensor.Name] = new JsonObject
            {
                ["dtype"] = tensor.Type,
                ["shape"] = new JsonArray([.. tensor.Shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(offset, offset += tensor.Bytes.Length),
            };
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var padding = (8 - json.Length % 8) % 8; // values then begin at a multiple of their size
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length + padding);
        stream.Write(length);
        stream.Write(json);
        stream.Write("       "u8[..padding]);
        foreach (var tensor in tensors)
        {
            stream.Write(tensor.Bytes.Span);
        }
    }
}

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in the words of the format, such as F32.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Bytes">Its values, row-major, little-endian.</param>
public sealed record TensorData(string Name, string Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>A tensor of F32.</summary>
    public static TensorData Of(string name, IReadOnlyList<long> shape, float[] values) => new(name, "F32", shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
