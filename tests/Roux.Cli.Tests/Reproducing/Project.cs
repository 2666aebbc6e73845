using System.Diagnostics;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Reproducing;

/// <summary>A git repository with a store, in a folder whose name has a space and an umlaut.</summary>
internal sealed class Project : IDisposable
{
    /// <summary>Appends a metric to the file that <c>roux run</c> names.</summary>
    public const string LogFunction = """
        import json, os, sys
        def log(metric, value, step=0):
            with open(os.environ["ROUX_METRICS_FILE"], "a") as f:
                f.write(json.dumps({"metric": metric, "value": value, "step": step}) + "\n")

        """;

    private readonly TemporaryFolder _folder = new();

    public Project(bool git = true)
    {
        Path = System.IO.Path.Combine(_folder.Path, "Prüf Stand");
        Directory.CreateDirectory(Path);
        if (git)
        {
            Git("init", "-q", "-b", "main");
            Write(".gitignore", ".roux/\n*.csv\n");
        }
    }

    public string Path { get; }

    public string Outside => _folder.Path;

    public string Write(string relative, string text)
    {
        var path = System.IO.Path.Combine(Path, relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string Commit()
    {
        Git("add", "-A");
        Git("commit", "-q", "--allow-empty", "-m", "step");
        return Git("rev-parse", "HEAD").Trim();
    }

    public string Git(params string[] arguments) => GitIn(Path, arguments);

    public static string GitIn(string folder, params string[] arguments)
    {
        string[] settings = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"];
        try
        {
            using var process = Process.Start(new ProcessStartInfo("git", [.. settings, .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error.Result}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("[needs] git");
            throw;
        }
    }

    /// <summary>Runs roux here.</summary>
    public RouxProcess.Result Roux(params string[] arguments) => RouxProcess.Run(Path, arguments);

    /// <summary>Runs a program under <c>roux run</c>, which must end well.</summary>
    public void Run(params string[] command)
    {
        var result = Roux(["run", "--name", "first", "--", .. command]);
        if (result.ExitCode == 127)
        {
            Assert.Skip($"[needs] {command[0]}");
        }

        result.ExitCode.ShouldBe(0, result.Error);
    }

    /// <summary>Repeats the run named first.</summary>
    public JsonNode Reproduce(params string[] options) => ReproduceIn(Path, null, options);

    public JsonNode ReproduceIn(string folder, IReadOnlyDictionary<string, string>? environment, params string[] options)
    {
        using var roux = RouxProcess.Start(folder, environment, ["reproduce", "first", "--json", "--store", System.IO.Path.Combine(Path, ".roux"), .. options]);
        var result = roux.Wait();
        result.Output.ShouldNotBeEmpty(result.Error);
        result.ExitCode.ShouldBe(result.Json["verdict"]!.ToString() == "reproduced" ? 0 : 1);
        return result.Json;
    }

    public Tracker Store() => Tracker.OpenReadOnly(System.IO.Path.Combine(Path, ".roux"));

    /// <summary>Everything below the folder but the store, with contents: to see that nothing of it changes.</summary>
    public string Snapshot() => string.Join('\n', Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Where(f => !f.Contains("/.roux/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        .Select(f => f + " " + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))));

    public void Dispose() => _folder.Dispose();
}
