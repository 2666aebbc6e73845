using System.Runtime.CompilerServices;

namespace Roux.Torch.Tests;

/// <summary>Tests call TorchSharp before they touch Roux.Torch.</summary>
internal static class TorchStart
{
    [ModuleInitializer]
    internal static void Load() => TorchLibrary.Load();
}
