using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Roux.Cli.Tests;

/// <summary>Runs the real command line in a process and a folder of its own.</summary>
internal sealed class RouxProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    private RouxProcess(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        error = process.StandardError.ReadToEndAsync();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Starts <c>roux</c> with arguments in a folder; does not wait.</summary>
    public static RouxProcess Start(string folder, params string[] arguments) => Start(folder, null, arguments);

    /// <summary>Starts <c>roux</c> with further environment variables; does not wait.</summary>
    public static RouxProcess Start(string folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "roux.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("ROUX_STORE");
        start.Environment.Remove("MLFLOW_TRACKING_URI");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new RouxProcess(Process.Start(start)!);
    }

    /// <summary>Runs <c>roux</c> to its end.</summary>
    public static Result Run(string folder, params string[] arguments)
    {
        using var roux = Start(folder, arguments);
        return roux.Wait();
    }

    /// <summary>Waits for the end, at most three minutes.</summary>
    public Result Wait()
    {
        if (!process.WaitForExit(TimeSpan.FromMinutes(3)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException("roux did not end within three minutes; stderr so far: " + error.Result);
        }

        process.WaitForExit();
        return new Result(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Waits for the end of the process itself, whoever still holds its output open.</summary>
    public int WaitForExitOnly() => process.WaitForExit(TimeSpan.FromMinutes(1)) ? process.ExitCode : throw new TimeoutException("roux did not end within a minute");

    /// <summary>Sends a signal, such as 2 (Ctrl+C) or 9 (kill).</summary>
    public void Signal(int number) => _ = Kill(process.Id, number);

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    /// <summary>How a call ended.</summary>
    public sealed record Result(int ExitCode, string Output, string Error)
    {
        public JsonNode Json => JsonNode.Parse(Output)!;
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("roux-test-").FullName;

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
