using System.Runtime.InteropServices;

namespace Roux.Cli.Programs;

/// <summary>Lets a program start with the usual answer to a broken pipe.</summary>
/// <remarks>.NET ignores SIGPIPE in its own process, and a program that it starts inherits that: the stages of a shell pipeline would then complain where they should end silently.</remarks>
internal static partial class BrokenPipe
{
    private const int Signal = 13;

    /// <summary>Does something, starting a program, while the signal has its default action.</summary>
    public static void WithDefault(Action start)
    {
        if (OperatingSystem.IsWindows())
        {
            start();
            return;
        }

        var before = SetAction(Signal, 0);
        try
        {
            start();
        }
        finally
        {
            SetAction(Signal, before);
        }
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SetAction(int signal, nint action);
}
