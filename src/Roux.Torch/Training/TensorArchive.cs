using System.Text.Json.Nodes;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using TorchSharp;

namespace Roux.Torch.Training;

/// <summary>Named tensors in an archive: <c>tensors.json</c> tells name, type and shape of each, and file <c>i.bin</c> has the raw little-endian numbers of the i-th. Nothing in it can run.</summary>
internal static class TensorArchive
{
    /// <summary>Writes them.</summary>
    public static void Write(ArchiveWriter archive, IReadOnlyDictionary<string, torch.Tensor> tensors)
    {
        var list = new JsonArray();
        foreach (var (name, tensor) in tensors)
        {
            using var scope = torch.NewDisposeScope();
            var plain = tensor.detach().cpu().contiguous();
            archive.WriteBytes($"{list.Count}.bin", plain.bytes);
            list.Add(new JsonObject { ["name"] = name, ["type"] = tensor.dtype.ToString(), ["shape"] = Shape(tensor) });
        }

        archive.WriteJson("tensors", new JsonObject { ["tensors"] = list });
    }

    /// <summary>Reads into tensors of the same names, types and shapes.</summary>
    /// <exception cref="InvalidDataException">They are others than those written.</exception>
    public static void ReadInto(ArchiveReader archive, IReadOnlyDictionary<string, torch.Tensor> tensors)
    {
        if (archive.ReadJson("tensors")["tensors"] is not JsonArray list || list.Count != tensors.Count)
        {
            throw new InvalidDataException($"it does not have {tensors.Count} tensors");
        }

        for (var i = 0; i < list.Count; i++)
        {
            var entry = list[i] as JsonObject ?? throw new InvalidDataException($"tensor {i} is not described");
            var name = entry.Text("name");
            if (!tensors.TryGetValue(name, out var tensor) || entry.Text("type") != tensor.dtype.ToString() || !JsonNode.DeepEquals(entry["shape"], Shape(tensor)))
            {
                throw new InvalidDataException($"the network has no tensor '{name}' of type {entry["type"]} and shape {entry["shape"]?.ToJsonString()}");
            }

            using var scope = torch.NewDisposeScope();
            var bytes = archive.ReadBytes($"{i}.bin");
            var plain = torch.empty(tensor.shape, tensor.dtype);
            if (plain.bytes.Length != bytes.Length)
            {
                throw new InvalidDataException($"tensor '{name}' has {bytes.Length} bytes, not {plain.bytes.Length}");
            }

            bytes.CopyTo(plain.bytes);
            tensor.copy_(plain);
        }
    }

    private static JsonArray Shape(torch.Tensor tensor) => new([.. tensor.shape.Select(length => (JsonNode)length)]);
}
