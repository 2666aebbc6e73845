using System.Diagnostics;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

/// <summary>A repository made by the real git; tests are skipped where there is none.</summary>
internal sealed class GitRepository : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public GitRepository(string relative = "repo")
    {
        Path = _folder.At(relative);
        Directory.CreateDirectory(Path);
        Git("init", "-q", "-b", "main");
    }

    public string Path { get; }

    public string Outside => _folder.Path;

    public string Write(string relative, string text) => _folder.Write(System.IO.Path.GetRelativePath(_folder.Path, System.IO.Path.Combine(Path, relative)), text);

    public string Commit(string message = "step")
    {
        Git("add", "-A");
        Git("commit", "-q", "--allow-empty", "-m", message);
        return Git("rev-parse", "HEAD").Trim();
    }

    public string Git(params string[] arguments) => GitIn(Path, arguments);

    public static string GitIn(string folder, params string[] arguments)
    {
        string[] identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always", "-c", "core.autocrlf=false", "-c", "commit.gpgsign=false"];
        var start = new ProcessStartInfo("git", [.. identity, .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error.Result}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("git is not installed; this test makes repositories with it");
            throw;
        }
    }

    public void Dispose() => _folder.Dispose();
}
