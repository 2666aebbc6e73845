using System.Text;
using LibGit2Sharp;

namespace Roux.Tracking.Capture;

/// <summary>Records commit, branch, remote and uncommitted changes of the repository that a folder lies in. Reads only: index, refs and files stay untouched.</summary>
internal static class GitCapture
{
    /// <summary>Untracked files listed at most.</summary>
    public const int LargestFileList = 1000;

    private const int LargestChangedFile = 1 << 20;
    private const int LargestUntrackedSource = 64 << 10;
    private const int MostChangedFiles = 2000;

    private static readonly HashSet<string> SourceExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".py", ".pyx", ".pyi", ".ipynb", ".cs", ".csx", ".fs", ".fsx", ".vb", ".csproj", ".fsproj", ".props", ".targets", ".slnx", ".r", ".rmd", ".qmd", ".jl", ".sql", ".sh", ".bash", ".ps1",
        ".cmd", ".bat", ".js", ".ts", ".mjs", ".c", ".h", ".cc", ".cpp", ".hpp", ".cu", ".cuh", ".java", ".kt", ".scala", ".go", ".rs", ".rb", ".lua", ".m", ".f90", ".toml", ".yaml", ".yml",
        ".ini", ".cfg", ".conf", ".json", ".md", ".rst", ".dvc", ".lock", ".dockerfile", ".mk",
    };

    /// <summary>Looks at the repository around a folder.</summary>
    /// <param name="folder">Any folder in the working tree.</param>
    /// <param name="largestDiff">Bytes of diff kept at most; files that do not fit are named.</param>
    /// <returns>Null where the folder is in no repository.</returns>
    /// <remarks>Never throws for what it finds: what could not be recorded is in the warnings.</remarks>
    public static GitRecord? Capture(string folder, int largestDiff = 4 << 20)
    {
        if (GitHead.Find(folder) is not { } place)
        {
            return null;
        }

        try
        {
            using var repository = new Repository(place.WorkingTree ?? place.GitFolder);
            return Read(repository, place, largestDiff);
        }
        catch (Exception error) when (error is LibGit2SharpException or DllNotFoundException or TypeInitializationException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            var root = place.WorkingTree ?? place.GitFolder;
            var (commit, branch) = TryReadHead(place.GitFolder);
            var warning = error.Message.Contains("not owned", StringComparison.OrdinalIgnoreCase)
                ? $"git: '{root}' belongs to another user, so uncommitted changes are not recorded; allow it with: git config --global --add safe.directory '{root}'"
                : $"git: uncommitted changes of '{root}' are not recorded: {OneLine(error.Message)}";
            return new GitRecord(root, commit, branch, null, null, "", [], [], [], [warning]);
        }
    }

    private static (string? Commit, string? Branch) TryReadHead(string gitFolder)
    {
        try
        {
            return GitHead.Read(gitFolder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, null);
        }
    }

    private static GitRecord Read(Repository repository, GitHead.Place place, int largestDiff)
    {
        var warnings = new List<string>();
        var tip = repository.Head.Tip;
        var branch = repository.Info.IsHeadDetached ? null : repository.Head.FriendlyName;
        var remote = RemoteUrl(repository, warnings);
        if (repository.Info.IsBare)
        {
            return new GitRecord(place.GitFolder, tip?.Sha, branch, remote, null, "", [], [], [], ["git: the repository is bare, so there is no working tree to compare with it"]);
        }

        var root = repository.Info.WorkingDirectory.TrimEnd('/', '\\');
        if (tip is null)
        {
            warnings.Add("git: the repository has no commit yet, so the run names none; the diff holds the staged and small untracked source files whole");
        }

        if (repository.Info.CurrentOperation != CurrentOperation.None)
        {
            warnings.Add($"git: a {repository.Info.CurrentOperation} is in progress in '{root}'");
        }

        var changes = ChangedFiles.Find(repository, root);
        var submodules = Submodules(repository, root, warnings);
        var dirty = changes.Tracked.Count > 0 || submodules.Any(s => s.Commit is not null && s.Commit != s.Expected);
        var leftOut = new List<GitLeftOut>();
        var diff = Diff(repository, root, tip, changes, largestDiff, leftOut, warnings);
        return new GitRecord(root, tip?.Sha, branch, remote, dirty, diff, changes.Untracked, leftOut, submodules, warnings);
    }

    private static string? RemoteUrl(Repository repository, List<string> warnings)
    {
        try
        {
            var remotes = repository.Network.Remotes;
            var name = repository.Info.IsHeadDetached ? null : repository.Head.RemoteName;
            var remote = (name is null ? null : remotes[name]) ?? remotes["origin"] ?? remotes.FirstOrDefault();
            return remote is null ? null : SecretMask.Url(remote.Url);
        }
        catch (LibGit2SharpException error)
        {
            warnings.Add($"git: the remote could not be read: {OneLine(error.Message)}");
            return null;
        }
    }

    private static List<GitSubmodule> Submodules(Repository repository, string root, List<string> warnings)
    {
        if (!File.Exists(Path.Combine(root, ".gitmodules")))
        {
            return [];
        }

        try
        {
            return [.. repository.Submodules.Select(s => new GitSubmodule(s.Path, s.WorkDirCommitId?.Sha, s.HeadCommitId?.Sha))];
        }
        catch (LibGit2SharpException error)
        {
            warnings.Add($"git: submodules are not recorded: {OneLine(error.Message)}");
            return [];
        }
    }

    private static string Diff(Repository repository, string root, Commit? tip, ChangedFiles changes, int largestDiff, List<GitLeftOut> leftOut, List<string> warnings)
    {
        var paths = new List<string>();
        foreach (var path in changes.Tracked)
        {
            if (LooksSecret(path))
            {
                leftOut.Add(new GitLeftOut(path, "its name looks like it holds secrets"));
            }
            else if (Math.Max(FileBytes(root, path), BlobBytes(repository, tip, path)) > LargestChangedFile)
            {
                leftOut.Add(new GitLeftOut(path, "larger than 1 MiB"));
            }
            else if (paths.Count < MostChangedFiles)
            {
                paths.Add(path);
            }
            else
            {
                leftOut.Add(new GitLeftOut(path, $"more than {MostChangedFiles} files changed"));
            }
        }

        paths.AddRange(changes.Untracked.Where(f => f.Bytes is > 0 and <= LargestUntrackedSource && IsSource(f.Path) && !LooksSecret(f.Path)).Take(MostChangedFiles).Select(f => f.Path));
        if (paths.Count == 0)
        {
            return Header(tip, leftOut, "");
        }

        var options = new CompareOptions { Similarity = SimilarityOptions.None };
        using var patch = repository.Diff.Compare<Patch>(
            tip?.Tree, DiffTargets.Index | DiffTargets.WorkingDirectory, paths, new ExplicitPathsOptions { ShouldFailOnUnmatchedPath = false }, options);
        var text = new StringBuilder();
        foreach (var entry in patch.OrderBy(e => e.Path, StringComparer.Ordinal))
        {
            if (entry.IsBinaryComparison)
            {
                leftOut.Add(new GitLeftOut(entry.Path, "binary"));
            }
            else if (text.Length + entry.Patch.Length > largestDiff)
            {
                leftOut.Add(new GitLeftOut(entry.Path, $"the diff is larger than {largestDiff >> 10} KiB"));
            }
            else
            {
                if (entry.Patch.Contains('\uFFFD', StringComparison.Ordinal))
                {
                    warnings.Add($"git: '{entry.Path}' is not UTF-8, so its part of the diff may not apply");
                }

                text.Append(entry.Patch);
            }
        }

        var masked = SecretMask.Tokens(text.ToString(), out var secrets);
        if (secrets > 0)
        {
            warnings.Add($"git: {secrets} secret(s) in the uncommitted changes are masked in git.diff, so it may not apply as it is");
        }

        return Header(tip, leftOut, masked);
    }

    // "git apply" passes over what stands before the first "diff --git" line.
    private static string Header(Commit? tip, List<GitLeftOut> leftOut, string diff)
    {
        if (diff.Length == 0 && leftOut.Count == 0)
        {
            return "";
        }

        var header = new StringBuilder("# Uncommitted changes against ").Append(tip?.Sha ?? "an empty tree").Append("; apply with: git apply git.diff\n");
        foreach (var file in leftOut)
        {
            header.Append("# left out: ").Append(OneLine(file.Path)).Append(" (").Append(file.Reason).Append(")\n");
        }

        return header.Append(diff).ToString();
    }

    private static bool IsSource(string path) =>
        SourceExtensions.Contains(Path.GetExtension(path)) || Path.GetFileName(path) is "Makefile" or "Dockerfile" or "Snakefile" or "requirements.txt" or "CMakeLists.txt";

    /// <summary>Whether a file of this name commonly holds secrets (<c>.env</c>, keys, credential files).</summary>
    internal static bool LooksSecret(string path)
    {
        var name = Path.GetFileName(path);
        var extension = Path.GetExtension(path);
        return name.StartsWith(".env", StringComparison.OrdinalIgnoreCase) || name.StartsWith("id_rsa", StringComparison.Ordinal) || name.StartsWith("id_ed25519", StringComparison.Ordinal)
            || extension.ToUpperInvariant() is ".PEM" or ".KEY" or ".PFX" or ".P12" or ".JKS" or ".KEYSTORE" or ".KDBX"
            || name is ".netrc" or "_netrc" or ".npmrc" or ".pypirc" or ".pgpass" or ".htpasswd" or "kubeconfig" or "service-account.json"
            || (extension.ToUpperInvariant() is "" or ".JSON" or ".YAML" or ".YML" or ".TOML" or ".INI" or ".TXT" or ".CFG" && SecretMask.IsSecretName(Path.GetFileNameWithoutExtension(path)));
    }

    private static long FileBytes(string root, string path)
    {
        var file = new FileInfo(Path.Combine(root, path));
        return file.Exists && file.LinkTarget is null ? file.Length : 0;
    }

    private static long BlobBytes(Repository repository, Commit? tip, string path) =>
        tip?[path] is { TargetType: TreeEntryTargetType.Blob } entry ? repository.ObjectDatabase.RetrieveObjectMetadata(entry.Target.Id).Size : 0;

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
