using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Roux.Server.Tests;

/// <summary>A real <c>roux serve</c> in a process of its own.</summary>
internal sealed partial class ServeProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;

    private ServeProcess(Process process, Task<string> errors, string address)
    {
        this.process = process;
        this.errors = errors;
        Address = address;
    }

    public string Address { get; }

    /// <summary>All of its standard error, once it has ended.</summary>
    public Task<string> Errors => errors;

    /// <summary>Starts it and waits until it says where it listens.</summary>
    public static Task<ServeProcess> StartAsync(string store, params string[] arguments) => StartAsync(store, [], arguments);

    /// <summary>Starts it with further environment variables.</summary>
    public static async Task<ServeProcess> StartAsync(string store, (string Name, string Value)[] environment, params string[] arguments)
    {
        var start = Call(["serve", "--store", store, "--port", "0", .. arguments]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return line is not null && Place().Match(line) is { Success: true } match
            ? new ServeProcess(process, errors, match.Value)
            : throw new InvalidOperationException($"roux serve did not start: {line} {await errors}");
    }

    /// <summary>Runs <c>roux</c> to its end.</summary>
    public static (int ExitCode, string Error) Run(params string[] arguments)
    {
        using var process = Process.Start(Call(arguments))!;
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(1)))
        {
            process.Kill();
            throw new TimeoutException("roux did not end within a minute");
        }

        return (process.ExitCode, errors.Result);
    }

    /// <summary>Sends a signal and waits for the end.</summary>
    public int End(int signal)
    {
        _ = Kill(process.Id, signal);
        return process.WaitForExit(TimeSpan.FromSeconds(30)) ? process.ExitCode : throw new TimeoutException("roux serve did not end within 30 seconds: " + (errors.IsCompleted ? errors.Result : ""));
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private static ProcessStartInfo Call(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "roux.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("ROUX_STORE");
        start.Environment.Remove("MLFLOW_TRACKING_URI");
        return start;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Place();
}
