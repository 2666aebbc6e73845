using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>Gives modules a common prefix to their names, and nothing else.</summary>
internal sealed class ModuleGroup : nn.Module
{
    public ModuleGroup(string name, params (string Name, nn.Module Module)[] parts) : base(name)
    {
        foreach (var (part, module) in parts)
        {
            register_module(part, module);
        }
    }
}
