using TorchSharp;

namespace Roux.Torch;

/// <summary>The native library behind TorchSharp.</summary>
public static class TorchLibrary
{
    /// <summary>Version of libtorch that is loaded.</summary>
    public static string Version => torch.__version__;
}
