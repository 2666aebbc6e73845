using System.Runtime.CompilerServices;
using Xunit.v3;

// libtorch's generator of random numbers is one for the whole process: tests that draw from it side by side would disturb each other.
[assembly: Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Roux.Torch.Tests;

/// <summary>Tests call TorchSharp before they touch Roux.Torch.</summary>
internal static class TorchStart
{
    [ModuleInitializer]
    internal static void Load() => TorchLibrary.Load();
}
