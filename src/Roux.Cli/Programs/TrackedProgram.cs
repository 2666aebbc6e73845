using System.ComponentModel;
using System.Diagnostics;
using Roux.Tracking;
using Roux.Tracking.Capture;

namespace Roux.Cli.Programs;

/// <summary>Runs a program with its output passed through and recorded.</summary>
internal static class TrackedProgram
{
    // A program that leaves a daemon behind holds its output open for as long as that lives.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="path">Full path of it.</param>
    /// <param name="command">Name and arguments.</param>
    /// <param name="variables">Environment variables that it gets beside those of this process.</param>
    /// <param name="capture">Gets the output and measures the program.</param>
    /// <param name="outputToError">Whether its standard output goes to standard error, to keep ours for a document.</param>
    /// <param name="folder">Where it runs; null for the current folder.</param>
    /// <param name="printed">Gets its standard output as well.</param>
    /// <param name="limit">Time after which it and its children are ended; null for none.</param>
    public static ProgramOutcome Run(
        string path, IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> variables, RunCapture capture, bool outputToError, string? folder = null, TimeSpan? limit = null,
        Action<ReadOnlyMemory<byte>>? printed = null)
    {
        var start = new ProcessStartInfo(path, command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        // Into a pipe, Python keeps what it prints until a buffer is full; live output and a crash's last words matter more.
        start.Environment.TryAdd("PYTHONUNBUFFERED", "1");
        using var program = new Process { StartInfo = start };
        using var forwarding = new SignalForwarding(program);
        try
        {
            BrokenPipe.WithDefault(() => program.Start());
            forwarding.Started();
        }
        catch (Win32Exception error)
        {
            Console.Error.WriteLine($"roux: '{Terminal.OneLine(command[0])}' could not be started: {error.Message}");
            return new ProgramOutcome(126, RunStatus.Failed, $"could not be started: {error.Message}");
        }

        capture.MeasureChildren(program.Id);
        var tail = new ErrorTail();
        var pumps = new[]
        {
            new OutputPump(program.StandardOutput.BaseStream, new StandardStream(outputToError ? 2 : 1), (bytes, count) =>
            {
                capture.WriteOutput(bytes.AsSpan(0, count));
                printed?.Invoke(bytes.AsMemory(0, count));
            }),
            new OutputPump(program.StandardError.BaseStream, new StandardStream(2), (bytes, count) =>
            {
                tail.Write(bytes.AsSpan(0, count));
                capture.WriteOutput(bytes.AsSpan(0, count));
            }),
        };
        var late = false;
        if (limit is { } most && !program.WaitForExit(most))
        {
            late = true;
            program.Kill(entireProcessTree: true);
        }

        program.WaitForExit();
        while (!Task.WaitAll([.. pumps.Select(p => p.Done)], TimeSpan.FromMilliseconds(50)))
        {
            if (pumps.All(p => p.Done.IsCompleted || p.Idle > Silence))
            {
                break;
            }
        }

        return late
            ? new ProgramOutcome(124, RunStatus.Killed, $"ended because it took longer than {limit!.Value.TotalSeconds:0} s") { IsLate = true }
            : ProgramOutcome.Of(program.ExitCode, tail.ToString());
    }
}
