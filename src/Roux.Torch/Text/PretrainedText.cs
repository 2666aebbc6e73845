using Roux.Learning.Data;
using Roux.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>Reads the encoder of a Hugging Face folder: <c>config.json</c> and <c>model.safetensors</c>.</summary>
internal static class PretrainedText
{
    private const long MaxConfigBytes = 1_000_000;

    /// <summary>The sizes that a folder's <c>config.json</c> gives.</summary>
    /// <exception cref="DataException">It is not there or not of an architecture that can be read.</exception>
    public static BertConfig ReadConfig(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        try
        {
            return File.Exists(path) && new FileInfo(path).Length <= MaxConfigBytes
                ? BertConfig.Parse(File.ReadAllText(path))
                : throw new InvalidDataException(Directory.Exists(folder) ? "it has no config.json, or one of more than a megabyte" : "there is no such folder");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{folder}' cannot be used as a pre-trained transformer: {e.Message}", e);
        }
    }

    /// <summary>Copies the weights of a folder into a network.</summary>
    /// <returns>What was not as expected, one sentence each: tensors that the network does not know, parts that begin anew.</returns>
    /// <exception cref="DataException">The file is not there, is damaged, or lacks weights of the encoder or has them in another shape.</exception>
    public static IReadOnlyList<string> Load(string folder, TextNetwork network)
    {
        var path = Path.Combine(folder, "model.safetensors");
        if (!File.Exists(path))
        {
            throw new DataException(File.Exists(Path.Combine(folder, "pytorch_model.bin"))
                ? $"'{folder}' has its weights in pytorch_model.bin, a pickle, which can run code and is not read: save the model as safetensors (save_pretrained of a current transformers does)"
                : $"'{folder}' has no model.safetensors; weights in several files are not supported");
        }

        try
        {
            using var file = SafetensorsReader.Open(path);
            return Load(file, network);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{folder}' cannot be used as a pre-trained transformer: {e.Message}", e);
        }
    }

    /// <summary>Copies tensors into a network by name.</summary>
    /// <exception cref="InvalidDataException">Weights of the encoder are missing, or a tensor has another shape than the sizes ask for.</exception>
    internal static IReadOnlyList<string> Load(SafetensorsReader file, TextNetwork network)
    {
        var tensors = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var tensor in file.Tensors)
        {
            if (!WeightNames.IsKnownExtra(tensor.Name) && !tensors.TryAdd(WeightNames.InNetwork(tensor.Name), tensor))
            {
                throw new InvalidDataException($"tensor '{tensor.Name}' is there under two names");
            }
        }

        var missing = new List<string>();
        using var _ = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (!tensors.Remove(name, out var tensor))
            {
                missing.Add(name);
            }
            else if (tensor.Shape.SequenceEqual(parameter.shape))
            {
                Copy(file.ReadFloats(tensor), parameter);
            }
            else if (WeightNames.IsHead(name) && name.StartsWith("classifier.", StringComparison.Ordinal))
            {
                missing.Add(name); // of another question
            }
            else
            {
                throw new InvalidDataException($"tensor '{tensor.Name}' is {Sizes(tensor.Shape)}, where config.json asks for {Sizes(parameter.shape)}");
            }
        }

        if (missing.Where(name => !WeightNames.IsHead(name)).ToArray() is { Length: > 0 } lacking)
        {
            throw new InvalidDataException($"weights of the encoder are missing: {List(lacking)}{(tensors.Count > 0 ? $"; the file has instead {List([.. tensors.Values.Select(tensor => tensor.Name)])}" : "")}");
        }

        List<string> notes = [];
        if (missing.Count > 0)
        {
            notes.Add($"not in the weights, so they begin anew: {List(missing)}");
        }

        if (tensors.Count > 0)
        {
            notes.Add($"in the weights, but not used: {List([.. tensors.Values.Select(tensor => tensor.Name)])}");
        }

        return notes;
    }

    private static void Copy(float[] values, Tensor parameter)
    {
        using var source = tensor(values, parameter.shape);
        parameter.copy_(source);
    }

    private static string Sizes(IReadOnlyList<long> shape) => string.Join(" x ", shape);

    private static string List(IReadOnlyList<string> names) => string.Join(", ", names.Take(6)) + (names.Count > 6 ? $" and {names.Count - 6} more" : "");
}
