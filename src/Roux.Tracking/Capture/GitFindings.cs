using System.Text.Json.Nodes;

namespace Roux.Tracking.Capture;

/// <summary>What about a repository stands in the way of bringing its state back.</summary>
internal static class GitFindings
{
    private const int MostNamed = 5;

    /// <summary>Findings about a repository, the most important first.</summary>
    public static IEnumerable<Finding> Of(GitRecord git)
    {
        if (git.State.Contains("no-commit"))
        {
            yield return new Finding("git-no-commit", Severity.Medium, $"'{git.Root}' has no commit yet, so the run names none; git.diff holds the staged and small untracked text files whole")
            {
                Cause = "git init without a first commit.", Fix = "git add -A && git commit", Verify = "the next run has the tag mlflow.source.git.commit",
            };
        }

        if (git.State.Contains("shallow"))
        {
            yield return new Finding("git-shallow", Severity.Low, $"'{git.Root}' is a shallow clone: bringing this run back elsewhere needs commit {git.Commit?[..8]} from the remote{(git.RemoteUrl is { } url ? $" {url}" : ", and none is configured")}")
            {
                Evidence = new JsonObject { ["commit"] = git.Commit, ["remote"] = git.RemoteUrl },
                Cause = "git clone --depth, as CI systems do; a later fetch may drop the commit here.", Fix = "git fetch --unshallow", Verify = "git rev-parse --is-shallow-repository prints false",
            };
        }

        var untracked = git.Untracked.Where(f => !f.InDiff && GitCapture.IsSource(f.Path)).Select(f => new GitLeftOut(f.Path, "untracked, too large, or looks like it holds secrets"));
        List<GitLeftOut> left = [.. git.LeftOut, .. untracked];
        if (left.Count > 0)
        {
            yield return new Finding("git-incomplete", Severity.Medium, $"commit and git.diff are not the whole code: {Names([.. left.Select(f => $"{f.Path} ({f.Reason})")])}")
            {
                Evidence = new JsonObject { ["left_out"] = new JsonArray([.. left.Take(100).Select(f => (JsonNode)new JsonObject { ["path"] = f.Path, ["reason"] = f.Reason })]) },
                Cause = "Changes that a diff cannot or should not hold: binary, large, secret.", Fix = "Commit them, or leave them out with .gitignore where the run does not need them.", Verify = "the next run has the tag roux.git.patch=complete",
            };
        }

        var modules = git.Submodules.Where(s => s.Dirty == true || s.Commit is null || s.Commit != s.Expected).ToList();
        if (modules.Count > 0)
        {
            yield return new Finding("git-submodule", modules.Any(s => s.Dirty == true) ? Severity.Medium : Severity.Low, $"submodules are not as the commit has them: {Names([.. modules.Select(Describe)])}")
            {
                Evidence = new JsonObject
                {
                    ["submodules"] = new JsonArray([.. modules.Take(100).Select(s => (JsonNode)new JsonObject { ["path"] = s.Path, ["commit"] = s.Commit, ["expected"] = s.Expected, ["dirty"] = s.Dirty })]),
                },
                Cause = "Work in a submodule that is not committed there and here; git.diff does not reach into it.", Fix = "Commit in the submodule, then here; or git submodule update --init.", Verify = "git submodule status shows neither + nor -",
            };
        }
    }

    private static string Describe(GitSubmodule module) => module switch
    {
        { Commit: null } => $"{module.Path} (not checked out)",
        { Dirty: true } => $"{module.Path} (changed inside)",
        _ => $"{module.Path} (at {module.Commit[..8]}, expected {module.Expected?[..8] ?? "none"})",
    };

    private static string Names(List<string> names) => string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
}
