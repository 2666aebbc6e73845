namespace Roux.Cli;

/// <summary>The command line of Roux as a program, also for a file-based app that refers to the package Roux.Cli.</summary>
public static class RouxProgram
{
    /// <summary>Runs a verb.</summary>
    /// <param name="args">As typed after <c>roux</c>.</param>
    /// <returns>The exit code: 0 done, 1 failed, 2 wrong call, 130 interrupted.</returns>
    public static Task<int> Main(string[] args) => CommandLine.RunAsync(args);
}
