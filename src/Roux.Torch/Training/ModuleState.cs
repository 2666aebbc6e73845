using TorchSharp;

namespace Roux.Torch.Training;

/// <summary>A copy of all parameters and buffers of a module.</summary>
internal sealed class ModuleState : IDisposable
{
    private readonly Dictionary<string, torch.Tensor> tensors = new(StringComparer.Ordinal);

    /// <summary>The names and tensors, on the processor or where the module is.</summary>
    public IReadOnlyDictionary<string, torch.Tensor> Tensors => tensors;

    /// <summary>A copy of the module as it is now.</summary>
    public static ModuleState Of(torch.nn.Module module)
    {
        var state = new ModuleState();
        state.CopyFrom(module);
        return state;
    }

    /// <summary>Takes over what the module is now.</summary>
    public void CopyFrom(torch.nn.Module module)
    {
        using var none = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        foreach (var (name, tensor) in module.state_dict())
        {
            if (tensors.TryGetValue(name, out var copy))
            {
                copy.copy_(tensor);
            }
            else
            {
                tensors.Add(name, tensor.detach().clone().DetachFromDisposeScope());
            }
        }
    }

    /// <summary>Makes the module as it was.</summary>
    public void CopyTo(torch.nn.Module module)
    {
        using var none = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        foreach (var (name, tensor) in module.state_dict())
        {
            tensor.copy_(tensors[name]);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }

        tensors.Clear();
    }
}
