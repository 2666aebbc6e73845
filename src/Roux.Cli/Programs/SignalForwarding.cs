using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Roux.Cli.Programs;

/// <summary>While a program runs, signals that this process gets go on to it, and this process stays to see how it ends.</summary>
/// <remarks>Ctrl+C at a terminal reaches the whole foreground group by itself; sent again, it would interrupt a program while it cleans up.</remarks>
internal sealed partial class SignalForwarding : IDisposable
{
    private const int Interrupt = 2;
    private const int Quit = 3;
    private readonly Lock _gate = new();
    private readonly Process _program;
    private readonly List<int> _waiting = [];
    private bool _started;
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Starts forwarding.</summary>
    public SignalForwarding(Process program)
    {
        _program = program;
        _registrations = OperatingSystem.IsWindows()
            ? [PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true)]
            : [Forward(PosixSignal.SIGINT, Interrupt), Forward(PosixSignal.SIGTERM, 15), Forward(PosixSignal.SIGHUP, 1), Forward(PosixSignal.SIGQUIT, Quit)];
    }

    /// <summary>Says that the program has an id now: signals that came while it was being started go to it.</summary>
    public void Started()
    {
        lock (_gate)
        {
            _started = true;
            _waiting.ForEach(Send);
        }
    }

    /// <summary>Stops forwarding.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private PosixSignalRegistration Forward(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        if (number is Interrupt or Quit && IsForeground())
        {
            return;
        }

        lock (_gate)
        {
            if (_started)
            {
                Send(number);
            }
            else
            {
                _waiting.Add(number);
            }
        }
    });

    private void Send(int number)
    {
        try
        {
            if (!_program.HasExited)
            {
                _ = Kill(_program.Id, number);
            }
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
        }
    }

    private static bool IsForeground() => !Console.IsInputRedirected && ForegroundGroup(0) == Group();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ForegroundGroup(int descriptor);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Group();
}
