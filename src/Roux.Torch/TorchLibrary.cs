using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Roux.Torch.Native;
using TorchSharp;

namespace Roux.Torch;

/// <summary>The native library behind TorchSharp: loads it also where the system's libstdc++ is older than TorchSharp asks for (Debian 12, Ubuntu 22.04).</summary>
/// <remarks>
/// Whoever touches a type of Roux.Torch before the first call of TorchSharp needs to do nothing. A program that calls TorchSharp first starts with
/// <c>TorchLibrary.Load()</c>. Loading takes some tenths of a second, once a process; until then neither TorchSharp nor libtorch is loaded.
/// </remarks>
public static class TorchLibrary
{
    private static readonly Lock Gate = new();
    private static nint handle;
    private static Action<string>? log;
    private static string? problem;
    private static bool loaded;

    /// <summary>Version of libtorch that is loaded.</summary>
    /// <exception cref="TorchUnavailableException">It cannot be loaded.</exception>
    public static string Version
    {
        get
        {
            Load();
            return torch.__version__;
        }
    }

    /// <summary>Loads libtorch now. Calling again does nothing. Safe from many threads.</summary>
    /// <param name="log">Told in one line when a mended copy is loaded; with the variable ROUX_DEBUG set, standard error is told too.</param>
    /// <exception cref="TorchUnavailableException">It cannot be loaded; the message says why and what to do.</exception>
    public static void Load(Action<string>? log = null)
    {
        lock (Gate)
        {
            if (loaded)
            {
                return;
            }

            TorchLibrary.log = log;
            try
            {
                Start();
                loaded = true;
            }
            catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException or IOException or BadImageFormatException)
            {
                throw new TorchUnavailableException(Diagnose(e), e);
            }
        }
    }

    /// <summary>Why libtorch does not load here and what to do; <c>null</c> when it works. Loads it.</summary>
    public static string? Unavailable
    {
        get
        {
            try
            {
                Load();
                return null;
            }
            catch (TorchUnavailableException e)
            {
                return e.Message;
            }
        }
    }

    /// <summary>How many threads one operation of libtorch may use when called from the current thread, at least 1; threads started later take the number over.</summary>
    public static int Threads
    {
        get
        {
            Load();
            return torch.get_num_threads();
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Load();
            if (torch.get_num_threads() != value)
            {
                torch.set_num_threads(value);
            }
        }
    }

    /// <summary>The graphics processor where there is one that libtorch can use, else the processor.</summary>
    public static torch.Device BestDevice
    {
        get
        {
            Load();
            return torch.cuda.is_available() ? torch.CUDA : torch.CPU;
        }
    }

    /// <summary>Listens for libraries that were not found or did not load. Costs nothing until then, and where the library loads as it is nothing is ever done.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries", Justification = "A call that loads the mended library must not be left to memory.")]
    internal static void Listen() =>
        (AssemblyLoadContext.GetLoadContext(typeof(TorchLibrary).Assembly) ?? AssemblyLoadContext.Default).ResolvingUnmanagedDll += Resolve;

    private static void Start() => torch.InitializeDeviceType(DeviceType.CPU);

    private static nint Resolve(Assembly assembly, string name)
    {
        if (name is not ("LibTorchSharp" or "libLibTorchSharp" or MendedLibrary.FileName))
        {
            return 0;
        }

        lock (Gate)
        {
            if (handle == 0 && problem is null)
            {
                handle = Mend();
            }

            return handle;
        }
    }

    private static nint Mend()
    {
        try
        {
            if (!MendedLibrary.IsNeeded)
            {
                return 0;
            }

            if (Original() is not { } original)
            {
                return 0;
            }

            var mended = MendedLibrary.Load(original);
            Tell($"{MendedLibrary.FileName} asks for a newer libstdc++ (GLIBCXX_3.4.32) than this system has: a mended copy is used");
            return mended;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or DllNotFoundException or BadImageFormatException)
        {
            problem = e.Message;
            return 0;
        }
    }

    /// <summary>Where the runtime would look: the folders it was started with, then the program's own.</summary>
    private static string? Original()
    {
        var folders = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Append(AppContext.BaseDirectory).Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"))
            .Select(folder => Path.Combine(folder, MendedLibrary.FileName)).FirstOrDefault(File.Exists);
    }

    private static void Tell(string message)
    {
        log?.Invoke(message);
        if (Environment.GetEnvironmentVariable("ROUX_DEBUG") is { Length: > 0 })
        {
            Console.Error.WriteLine($"roux: {message}");
        }
    }

    private static string Diagnose(Exception e)
    {
        var platform = RuntimeInformation.RuntimeIdentifier;
        if (!Environment.Is64BitProcess || (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture != Architecture.X64))
        {
            return $"neural learners need libtorch, which has no build for {platform}; on Linux it runs on x64 only. Use another learner, such as lightgbm";
        }

        if (problem is not null)
        {
            return $"libtorch does not load: TorchSharp's library needs a newer libstdc++ (GLIBCXX_3.4.32, of GCC 13.2) than this system has, and a mended copy could not be loaded: {problem}. Use Debian 13, Ubuntu 24.04 or newer, or give a TMPDIR that programs may be loaded from";
        }

        if (OperatingSystem.IsLinux() && Original() is null)
        {
            return $"libtorch does not load: {MendedLibrary.FileName} is not beside the program ({AppContext.BaseDirectory}); publish with '-r linux-x64', or add the packages TorchSharp and libtorch-cpu-linux-x64";
        }

        return OperatingSystem.IsLinux()
            ? $"libtorch does not load: {Innermost(e)}"
            : $"libtorch does not load on {platform}: add the package libtorch-cpu for this platform (such as libtorch-cpu-win-x64 or libtorch-cpu-osx-arm64, version 2.10.0). {Innermost(e)}";
    }

    private static string Innermost(Exception e)
    {
        var message = e.GetBaseException().Message;
        var end = message.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? message : message[..end].TrimEnd();
    }
}
