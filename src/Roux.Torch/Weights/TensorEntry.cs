namespace Roux.Torch.Weights;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Unique within the file.</param>
/// <param name="Type">As the file names it: F32, F16, BF16, I64 and others that are listed but not read.</param>
/// <param name="Shape">Sizes, none negative; empty for a single number.</param>
/// <param name="Start">First byte, counted from the beginning of the data.</param>
/// <param name="Bytes">Number of bytes.</param>
public sealed record TensorEntry(string Name, string Type, IReadOnlyList<long> Shape, long Start, long Bytes)
{
    /// <summary>Number of values.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));
}
