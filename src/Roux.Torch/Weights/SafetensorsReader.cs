using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Roux.Torch.Weights;

/// <summary>Reads a safetensors file, tensor by tensor: only what is asked for comes into memory. The file is not trusted. Not safe for several threads at once.</summary>
public sealed class SafetensorsReader : IDisposable
{
    private const int ChunkBytes = 1 << 20;

    private readonly Stream stream;
    private readonly long dataStart;
    private readonly Dictionary<string, TensorEntry> byName;

    /// <summary>Reads the head.</summary>
    /// <param name="stream">Seekable; owned from now on.</param>
    /// <exception cref="InvalidDataException">Not such a file, or a damaged one.</exception>
    public SafetensorsReader(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        try
        {
            Span<byte> length = stackalloc byte[8];
            stream.Position = 0;
            stream.ReadExactly(length);
            var bytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
            if (bytes is < 2 or > SafetensorsHeader.MaxBytes || (long)bytes > stream.Length - 8)
            {
                throw new InvalidDataException($"not a safetensors file: its head would be {bytes} bytes long, of {stream.Length} in all");
            }

            var json = new byte[bytes];
            stream.ReadExactly(json);
            dataStart = 8 + (long)bytes;
            (Tensors, Metadata) = SafetensorsHeader.Parse(json, stream.Length - dataStart);
            byName = Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        }
        catch (Exception e)
        {
            stream.Dispose();
            throw e is EndOfStreamException ? new InvalidDataException("not a safetensors file: it is cut off", e) : e;
        }
    }

    /// <summary>All tensors, in the order of the file.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>What the writer noted, such as <c>format</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">Not such a file, or a damaged one; the message names it.</exception>
    public static SafetensorsReader Open(string path)
    {
        try
        {
            return new SafetensorsReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>The tensor of that name, or <c>null</c>.</summary>
    public TensorEntry? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The values of a tensor of F32, F16 or BF16 (the last two widened without loss), row-major.</summary>
    /// <exception cref="InvalidDataException">It is of another type, or too large for one array.</exception>
    public float[] ReadFloats(TensorEntry tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var values = new float[Length(tensor, tensor.Type is "F32" or "F16" or "BF16")];
        if (tensor.Type == "F32")
        {
            Fill(tensor, MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }

        var isHalf = tensor.Type == "F16";
        InChunks(tensor, (bytes, start) =>
        {
            var codes = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (var i = 0; i < codes.Length; i++)
            {
                values[start / 2 + i] = isHalf ? (float)BitConverter.UInt16BitsToHalf(codes[i]) : BitConverter.UInt32BitsToSingle((uint)codes[i] << 16);
            }
        });
        return values;
    }

    /// <summary>The values of a tensor of I64, row-major.</summary>
    /// <exception cref="InvalidDataException">It is of another type, or too large for one array.</exception>
    public long[] ReadIntegers(TensorEntry tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var values = new long[Length(tensor, tensor.Type == "I64")];
        Fill(tensor, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private static int Length(TensorEntry tensor, bool isReadable)
    {
        if (!isReadable || tensor.Count > Array.MaxLength)
        {
            throw new InvalidDataException(isReadable
                ? $"tensor '{tensor.Name}' has {tensor.Count} values, more than an array can hold"
                : $"tensor '{tensor.Name}' is of type {tensor.Type}; read are F32, F16 and BF16 as numbers and I64 as whole numbers");
        }

        return (int)tensor.Count;
    }

    private void Fill(TensorEntry tensor, Span<byte> bytes)
    {
        stream.Position = dataStart + tensor.Start;
        stream.ReadExactly(bytes);
    }

    private void InChunks(TensorEntry tensor, Action<ReadOnlySpan<byte>, long> take)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            stream.Position = dataStart + tensor.Start;
            for (var start = 0L; start < tensor.Bytes; start += ChunkBytes)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(ChunkBytes, tensor.Bytes - start));
                stream.ReadExactly(chunk);
                take(chunk, start);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
