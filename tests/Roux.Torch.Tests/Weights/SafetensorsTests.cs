using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using Roux.Torch.Weights;
using Shouldly;
using Xunit;

namespace Roux.Torch.Tests.Weights;

public sealed class SafetensorsTests
{
    [Fact]
    public void What_is_written_is_read_again_in_every_type()
    {
        float[] floats = [1, -2.5f, 0, float.MaxValue, 1e-40f, -0f];
        Half[] halves = [(Half)1, (Half)(-0.333), Half.MaxValue];
        ushort[] brains = [0x3F80, 0xC020, 0x0001]; // 1, -2.5, the smallest
        long[] whole = [1, -1, long.MaxValue];
        using var file = Read(
            TensorData.Of("a.weight", [2, 3], floats),
            new TensorData("half", "F16", [3], MemoryMarshal.AsBytes(halves.AsSpan()).ToArray()),
            new TensorData("brain", "BF16", [3, 1], MemoryMarshal.AsBytes(brains.AsSpan()).ToArray()),
            new TensorData("empty", "F32", [0, 7], ReadOnlyMemory<byte>.Empty),
            new TensorData("ids", "I64", [3], MemoryMarshal.AsBytes(whole.AsSpan()).ToArray()),
            TensorData.Of("number", [], [4]));
        file.Tensors.Select(tensor => tensor.Name).ShouldBe(["a.weight", "half", "brain", "empty", "ids", "number"]);
        file.Metadata["format"].ShouldBe("pt");
        file.Find("a.weight")!.Shape.ShouldBe([2, 3]);
        file.ReadFloats(file.Find("a.weight")!).ShouldBe(floats);
        file.ReadFloats(file.Find("half")!).ShouldBe([1, (float)(Half)(-0.333), 65504]);
        file.ReadFloats(file.Find("brain")!).ShouldBe([1, -2.5f, BitConverter.UInt32BitsToSingle(0x10000)]);
        file.ReadFloats(file.Find("empty")!).ShouldBeEmpty();
        file.ReadFloats(file.Find("number")!).ShouldBe([4]);
        file.ReadIntegers(file.Find("ids")!).ShouldBe(whole);
        file.Find("other").ShouldBeNull();
        Should.Throw<InvalidDataException>(() => file.ReadFloats(file.Find("ids")!)).Message.ShouldContain("I64");
    }

    [Fact]
    public void Halves_of_more_than_one_chunk_are_all_widened()
    {
        Half[] values = [.. Enumerable.Range(0, 1_300_000).Select(i => (Half)(i % 2048))];
        using var file = Read(TensorData.Of("first", [1], [9]), new TensorData("half", "F16", [values.Length], MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));
        file.ReadFloats(file.Find("half")!).ShouldBe(values.Select(value => (float)value));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, null)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "outside")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "3 values")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "outside")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "outside")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "belong to nobody")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "twice")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "F31")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,4]}}""", 4, "cannot be read")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "cannot be read")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "lacks")]
    [InlineData("""{"a":7}""", 4, "lacks")]
    [InlineData("""[1,2]""", 0, "not a JSON object")]
    [InlineData("""{"a":""", 0, "cannot be read")]
    [InlineData("""{"__metadata__":{"format":7}}""", 0, "cannot be read")]
    public void A_head_that_does_not_fit_the_file_is_refused(string head, int dataBytes, string? message)
    {
        var json = Encoding.UTF8.GetBytes(head);
        var bytes = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        if (message is null)
        {
            new SafetensorsReader(new MemoryStream(bytes)).Tensors.Count.ShouldBe(1);
        }
        else
        {
            Should.Throw<InvalidDataException>(() => new SafetensorsReader(new MemoryStream(bytes))).Message.ShouldContain(message);
        }
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(100_000_001UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(1_000UL)]
    public void A_head_of_no_honest_length_is_refused_before_memory_is_asked_for(ulong length)
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        Should.Throw<InvalidDataException>(() => new SafetensorsReader(new MemoryStream(bytes)));
        Should.Throw<InvalidDataException>(() => new SafetensorsReader(new MemoryStream([1, 2, 3])));
    }

    [Fact]
    public void Damaged_files_are_read_or_refused_and_nothing_else_happens()
    {
        var whole = Bytes(TensorData.Of("a.weight", [2, 3], [1, 2, 3, 4, 5, 6]), TensorData.Of("b", [1], [7]));
        Gen.Select(Gen.Int[0, whole.Length - 1].Array[1, 6], Gen.Byte.Array[6], Gen.Int[0, whole.Length]).Sample((places, values, length) =>
        {
            byte[] damaged = [.. whole];
            for (var i = 0; i < places.Length; i++)
            {
                damaged[places[i]] = values[i];
            }

            try
            {
                using var file = new SafetensorsReader(new MemoryStream(length % 3 == 0 ? damaged[..length] : damaged));
                foreach (var tensor in file.Tensors)
                {
                    _ = tensor.Type is "F32" or "F16" or "BF16" ? file.ReadFloats(tensor).Length : 0;
                }
            }
            catch (InvalidDataException)
            {
                // Said plainly: all that may happen.
            }
        }, iter: 3_000, seed: "0N0XIzNsQ0O2");
    }

    private static SafetensorsReader Read(params TensorData[] tensors) => new(new MemoryStream(Bytes(tensors)));

    private static byte[] Bytes(params TensorData[] tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors);
        return stream.ToArray();
    }
}
