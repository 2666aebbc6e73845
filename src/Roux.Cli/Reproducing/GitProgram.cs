namespace Roux.Cli.Reproducing;

/// <summary>Runs git without hooks, prompts, or what the environment says about another repository.</summary>
/// <param name="stop">Ends a call under way.</param>
internal sealed class GitProgram(CancellationToken stop)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly string[] Settings = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "advice.detachedHead=false", "-c", "protocol.ext.allow=never", "-c", "gc.auto=0"];

    private static readonly Dictionary<string, string?> Variables = Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToDictionary(k => k, _ => (string?)null, StringComparer.Ordinal);

    static GitProgram()
    {
        Variables["GIT_TERMINAL_PROMPT"] = "0";
        Variables["GIT_ASKPASS"] = "";
        Variables["SSH_ASKPASS"] = "";
        Variables["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes";
        Variables["LC_ALL"] = "C.UTF-8";
    }

    /// <summary>Runs git in a folder.</summary>
    public ChildResult Run(string folder, params string[] arguments) =>
        Directory.Exists(folder) ? ChildProgram.Run("git", [.. Settings, .. arguments], folder, Limit, stop, Variables) : new ChildResult(128, "", $"'{folder}' is not there");

    /// <summary>What git prints, trimmed; null where it fails.</summary>
    public string? Ask(string folder, params string[] arguments) => Run(folder, arguments) is { Ok: true } result ? result.Output.Trim('\n', '\r') : null;

    /// <summary>Whether the repository of a folder has a commit.</summary>
    public bool Has(string folder, string commit) => Run(folder, "cat-file", "-e", commit + "^{commit}").Ok;
}
