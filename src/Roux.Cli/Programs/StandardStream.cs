using System.Runtime.InteropServices;

namespace Roux.Cli.Programs;

/// <summary>Writes bytes to standard output or error of this process as they are, and says when nobody reads them any more.</summary>
/// <remarks>The console stream of .NET keeps a broken pipe to itself, and a program whose output nobody reads would run on for ever; a file stream would keep a position of its own, wrong where both share one file.</remarks>
/// <param name="descriptor">1 or 2.</param>
internal sealed partial class StandardStream(int descriptor)
{
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private readonly Stream? _console = OperatingSystem.IsWindows() ? descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError() : null;

    /// <summary>Writes all of it.</summary>
    /// <returns>False when the other end is closed or broken.</returns>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        if (_console is not null)
        {
            _console.Write(bytes);
            _console.Flush();
            return true;
        }

        while (!bytes.IsEmpty)
        {
            var written = Write(descriptor, ref MemoryMarshal.GetReference(bytes), bytes.Length);
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case TryAgain:
                    // Another program has made the terminal non-blocking.
                    Thread.Sleep(5);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(int descriptor, ref byte bytes, nint count);
}
