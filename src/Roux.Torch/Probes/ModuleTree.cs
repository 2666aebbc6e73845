using Roux.Debugging.Checks.Training;
using TorchSharp.Modules;
using Module = TorchSharp.torch.nn.Module;

namespace Roux.Torch.Probes;

/// <summary>What the parts of a module are.</summary>
internal static class ModuleTree
{
    /// <summary>The module and all its parts, containers before their parts, in the order registered.</summary>
    public static IReadOnlyList<ModuleNode> Of(Module module)
    {
        var nodes = new List<ModuleNode> { new("", KindOf(module), module.GetType().Name) };
        foreach (var (name, part) in module.named_modules())
        {
            if (name.Length > 0)
            {
                nodes.Add(new ModuleNode(name, KindOf(part), part.GetType().Name));
            }
        }

        return nodes;
    }

    /// <summary>Parts without parts of their own, by path.</summary>
    public static IEnumerable<(string Name, Module Module)> Leaves(Module module)
    {
        var any = false;
        foreach (var (name, part) in module.named_modules())
        {
            if (name.Length > 0 && !part.children().Any())
            {
                any = true;
                yield return (name, part);
            }
        }

        if (!any)
        {
            yield return ("", module);
        }
    }

    /// <summary>Kind of the module that holds a parameter.</summary>
    public static ModuleKind OwnerOf(Dictionary<string, Module> parts, string parameter)
    {
        var dot = parameter.LastIndexOf('.');
        return parts.TryGetValue(dot < 0 ? "" : parameter[..dot], out var owner) ? KindOf(owner) : ModuleKind.Other;
    }

    /// <summary>Parts by path, the whole under the empty one.</summary>
    public static Dictionary<string, Module> ByName(Module module)
    {
        var parts = new Dictionary<string, Module>(StringComparer.Ordinal) { [""] = module };
        foreach (var (name, part) in module.named_modules())
        {
            parts[name] = part;
        }

        return parts;
    }

    /// <summary>What a module does, by its class.</summary>
    public static ModuleKind KindOf(Module module) => module switch
    {
        Sequential => ModuleKind.Sequence,
        Linear => ModuleKind.Linear,
        Embedding or EmbeddingBag => ModuleKind.Embedding,
        ReLU or ReLU6 => ModuleKind.Relu,
        Sigmoid => ModuleKind.Sigmoid,
        Tanh => ModuleKind.Tanh,
        Softmax => ModuleKind.Softmax,
        LogSoftmax => ModuleKind.LogSoftmax,
        LayerNorm or GroupNorm => ModuleKind.Norm,
        _ => ByTypeName(module.GetType().Name),
    };

    private static ModuleKind ByTypeName(string type) => type switch
    {
        _ when type.StartsWith("Sequential", StringComparison.Ordinal) => ModuleKind.Sequence,
        _ when type.StartsWith("BatchNorm", StringComparison.Ordinal) => ModuleKind.BatchNorm,
        _ when type.StartsWith("InstanceNorm", StringComparison.Ordinal) || type.EndsWith("RMSNorm", StringComparison.Ordinal) => ModuleKind.Norm,
        _ when type.Contains("Dropout", StringComparison.Ordinal) => ModuleKind.Dropout,
        _ when type.StartsWith("Conv", StringComparison.Ordinal) => ModuleKind.Convolution,
        "RNN" or "LSTM" or "GRU" or "RNNCell" or "LSTMCell" or "GRUCell" => ModuleKind.Recurrent,
        "GELU" or "SiLU" or "ELU" or "SELU" or "CELU" or "LeakyReLU" or "PReLU" or "RReLU" or "Mish" or "Hardswish" or "Hardsigmoid" or "Hardtanh" or "Softplus" or "Softsign" or "GLU" or "LogSigmoid" => ModuleKind.Activation,
        "Softmax2d" or "Softmin" => ModuleKind.Softmax,
        _ => ModuleKind.Other,
    };
}
