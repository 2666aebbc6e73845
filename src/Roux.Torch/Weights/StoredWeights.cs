using System.Runtime.InteropServices;
using Roux.Learning.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace Roux.Torch.Weights;

/// <summary>The weights of a network in a model file, as <c>model.safetensors</c>: all parameters, and what normalisation layers counted.</summary>
internal static class StoredWeights
{
    private const string FileName = "model.safetensors";

    /// <summary>Writes them.</summary>
    public static void Write(ArchiveWriter archive, nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [.. network.state_dict().Select(pair => Of(pair.Key, pair.Value.detach().cpu().contiguous()))]);
        archive.WriteBytes(FileName, stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>Opens them.</summary>
    /// <exception cref="InvalidDataException">Not there, or damaged.</exception>
    public static SafetensorsReader Open(ArchiveReader archive) => new(new MemoryStream(archive.ReadBytes(FileName)));

    /// <summary>Copies them into a network that has exactly these.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, too many, or of another shape or type.</exception>
    public static void CopyTo(SafetensorsReader weights, nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var state = network.state_dict();
        if (weights.Tensors.FirstOrDefault(tensor => !state.ContainsKey(tensor.Name)) is { } unknown)
        {
            throw new InvalidDataException($"{FileName}: the network has no weights '{unknown.Name}'");
        }

        foreach (var (name, values) in state)
        {
            var stored = weights.Find(name) ?? throw new InvalidDataException($"{FileName}: weights '{name}' are missing");
            if (!stored.Shape.SequenceEqual(values.shape) || stored.Type != (values.dtype == ScalarType.Int64 ? "I64" : "F32"))
            {
                throw new InvalidDataException($"{FileName}: weights '{name}' are {stored.Type} of {string.Join(" x ", stored.Shape)}, not {string.Join(" x ", values.shape)}");
            }

            values.copy_(stored.Type == "I64" ? tensor(weights.ReadIntegers(stored), values.shape) : tensor(weights.ReadFloats(stored), values.shape));
        }
    }

    private static TensorData Of(string name, Tensor values) => new(
        name, values.dtype == ScalarType.Int64 ? "I64" : "F32", values.shape,
        values.dtype == ScalarType.Int64 ? MemoryMarshal.AsBytes<long>(values.data<long>().ToArray()).ToArray() : MemoryMarshal.AsBytes<float>(values.data<float>().ToArray()).ToArray());
}
