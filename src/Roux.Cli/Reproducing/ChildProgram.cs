using System.ComponentModel;
using System.Diagnostics;

namespace Roux.Cli.Reproducing;

/// <summary>How a helper program such as git ended.</summary>
/// <param name="ExitCode">Its exit code; 127 where it is not there, 124 where it took too long.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record ChildResult(int ExitCode, string Output, string Error)
{
    /// <summary>Whether it ended well.</summary>
    public bool Ok => ExitCode == 0;

    /// <summary>The last line that says something, of the error, else of the output.</summary>
    public string LastLine => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()
        ?? Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? $"exit code {ExitCode}";
}

/// <summary>Runs helper programs, whose output is read and not shown.</summary>
internal static class ChildProgram
{
    /// <summary>Runs one to its end.</summary>
    /// <param name="program">Name on PATH, or a path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="limit">Time after which it and its children are ended.</param>
    /// <param name="stop">Ends it as well.</param>
    /// <param name="variables">Environment variables beside those of this process; null takes one away.</param>
    public static ChildResult Run(string program, IEnumerable<string> arguments, string folder, TimeSpan limit, CancellationToken stop, IReadOnlyDictionary<string, string?>? variables = null)
    {
        stop.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var (name, value) in variables ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
            ending.CancelAfter(limit);
            try
            {
                process.WaitForExitAsync(ending.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                stop.ThrowIfCancellationRequested();
                return new ChildResult(124, "", $"{Path.GetFileName(program)} took longer than {limit.TotalSeconds:0} s");
            }

            // Ctrl+C at a terminal ends it as well, perhaps before this process has seen the signal's effect.
            stop.ThrowIfCancellationRequested();
            return new ChildResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            return new ChildResult(127, "", $"{program} is not installed");
        }
    }
}
