using System.Runtime.InteropServices;

namespace Roux.Torch.Native;

/// <summary>Loads TorchSharp's native library where the system's libstdc++ is older than it asks for, from a mended copy.</summary>
internal static class MendedLibrary
{
    /// <summary>The file's name on Linux.</summary>
    public const string FileName = "libLibTorchSharp.so";

    /// <summary>Whether libstdc++ of this system lacks what the library asks for; <c>false</c> where there is none at all.</summary>
    public static bool IsNeeded =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libstdc++.so.6", out var standard) && !NativeLibrary.TryGetExport(standard, ElfMend.NeededSymbol, out _);

    /// <summary>
    /// Writes a mended copy into a private folder, loads it and deletes it again: the mapping lives on, other processes are not concerned, and no
    /// file that somebody else could have written is ever loaded. The original is only read, since it may be a hard link into a package cache.
    /// </summary>
    /// <param name="original">Path of the library as it came; libtorch lies beside it or is loaded already.</param>
    /// <exception cref="IOException">No folder can be written to.</exception>
    /// <exception cref="InvalidDataException">The library is not as expected.</exception>
    /// <exception cref="DllNotFoundException">The copy does not load.</exception>
    public static nint Load(string original)
    {
        var bytes = File.ReadAllBytes(original);
        ElfMend.Apply(bytes);
        LoadDependencies(Path.GetDirectoryName(original)!);
        try
        {
            return LoadCopy(bytes, Directory.CreateTempSubdirectory("roux-torch-"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            // No place for temporary files, or none that programs may be loaded from (noexec): beside the original, then.
            return LoadCopy(bytes, Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(original)!, $".roux-torch-{Guid.NewGuid():N}")));
        }
    }

    private static nint LoadCopy(byte[] bytes, DirectoryInfo folder)
    {
        try
        {
            var copy = Path.Combine(folder.FullName, FileName);
            File.WriteAllBytes(copy, bytes);
            return NativeLibrary.Load(copy);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The copy does not lie beside libtorch; what is loaded already is found by its name.</summary>
    private static void LoadDependencies(string folder)
    {
        foreach (var name in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                NativeLibrary.Load(path);
            }
        }
    }
}
