using System.Text;
using LibGit2Sharp;

namespace Roux.Tracking.Capture;

/// <summary>Records commit, branch, remote and uncommitted changes of the repository that a folder lies in. Reads only: index, refs and files stay untouched.</summary>
internal static class GitCapture
{
    /// <summary>Untracked files listed at most.</summary>
    public const int LargestFileList = 1000;

    private const int LargestChangedFile = 1 << 20;
    private const int LargestUntracked = 64 << 10;
    private const int MostChangedFiles = 2000;
    private const int MostSubmodules = 200;
    private const int TextProbe = 8000;

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
        catch (Exception error) when (IsExpected(error))
        {
            var root = place.WorkingTree ?? place.GitFolder;
            var (commit, branch) = TryReadHead(place.GitFolder);
            var warning = error.Message.Contains("not owned", StringComparison.OrdinalIgnoreCase)
                ? $"git: '{root}' belongs to another user, so uncommitted changes are not recorded; allow it with: git config --global --add safe.directory '{root}'"
                : $"git: uncommitted changes of '{root}' are not recorded: {OneLine(error.Message)}";
            return new GitRecord(root, commit, branch, null, null, "", [], [], [], [warning], [], null);
        }
    }

    /// <summary>What a repository that is damaged, foreign or new to the library ends in.</summary>
    internal static bool IsExpected(Exception error) =>
        error is LibGit2SharpException or DllNotFoundException or TypeInitializationException or BadImageFormatException or IOException or UnauthorizedAccessException;

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
            return new GitRecord(place.GitFolder, tip?.Sha, branch, remote, null, "", [], [], [], ["git: the repository is bare, so there is no working tree to compare with it"], ["bare"], null);
        }

        var root = repository.Info.WorkingDirectory.TrimEnd('/', '\\');
        if (repository.Info.CurrentOperation != CurrentOperation.None)
        {
            warnings.Add($"git: a {repository.Info.CurrentOperation} is in progress in '{root}'");
        }

        var changes = ChangedFiles.Find(repository, root);
        var submodules = Submodules(repository, root, warnings);
        var dirty = changes.Tracked.Count > 0 || submodules.Any(s => s.Dirty == true || (s.Commit is not null && s.Commit != s.Expected));
        var leftOut = new List<GitLeftOut>();
        var (diff, masked) = Diff(repository, root, tip, changes, largestDiff, leftOut, warnings);
        var held = new HashSet<string>(diff.Paths, StringComparer.Ordinal);
        List<GitFile> untracked = [.. changes.Untracked.Select(f => f with { InDiff = held.Contains(f.Path) })];
        // Untracked files count where they may be code: data and results lie about in every working tree.
        var complete = leftOut.Count == 0 && !masked && untracked.All(f => f.InDiff || !IsSource(f.Path)) && submodules.All(s => s.Dirty != true);
        return new GitRecord(root, tip?.Sha, branch, remote, dirty, diff.Text, untracked, leftOut, submodules, warnings, State(repository, place, tip), complete);
    }

    private static List<string> State(Repository repository, GitHead.Place place, Commit? tip)
    {
        var state = new List<string>();
        Add("detached", repository.Info.IsHeadDetached && tip is not null);
        Add("shallow", repository.Info.IsShallow);
        // A linked worktree's folder points at the one that all share; a submodule's does not.
        Add("worktree", File.Exists(Path.Combine(place.GitFolder, "commondir")));
        Add("no-commit", tip is null);
        return state;

        void Add(string word, bool holds)
        {
            if (holds)
            {
                state.Add(word);
            }
        }
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
            return [.. repository.Submodules.Take(MostSubmodules).Select(s => new GitSubmodule(s.Path, s.WorkDirCommitId?.Sha, s.HeadCommitId?.Sha, s.Url is { Length: > 0 } url ? SecretMask.Url(url) : null, IsDirty(Path.Combine(root, s.Path))))];
        }
        catch (LibGit2SharpException error)
        {
            warnings.Add($"git: submodules are not recorded: {OneLine(error.Message)}");
            return [];
        }
    }

    private static bool? IsDirty(string folder)
    {
        if (!Path.Exists(Path.Combine(folder, ".git")))
        {
            return null;
        }

        try
        {
            using var repository = new Repository(folder);
            return repository.RetrieveStatus(new StatusOptions { IncludeUntracked = false, IncludeIgnored = false, IncludeUnaltered = false, ExcludeSubmodules = true }).IsDirty;
        }
        catch (Exception error) when (IsExpected(error))
        {
            return null;
        }
    }

    private readonly record struct Changes(string Text, IReadOnlyList<string> Paths);

    // What the diff is to hold: changed files within limits, and new text files that are small.
    private static List<string> Paths(Repository repository, string root, Commit? tip, ChangedFiles changes, List<GitLeftOut> leftOut)
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

        paths.AddRange(changes.Untracked.Where(f => f.Bytes is > 0 and <= LargestUntracked && !LooksSecret(f.Path) && (IsSource(f.Path) || IsText(root, f.Path))).Take(MostChangedFiles).Select(f => f.Path));
        return paths;
    }

    private static (Changes Diff, bool Masked) Diff(Repository repository, string root, Commit? tip, ChangedFiles changes, int largestDiff, List<GitLeftOut> leftOut, List<string> warnings)
    {
        var paths = Paths(repository, root, tip, changes, leftOut);
        if (paths.Count == 0)
        {
            return (new Changes(Header(tip, leftOut, ""), []), false);
        }

        var options = new CompareOptions { Similarity = SimilarityOptions.None };
        using var patch = repository.Diff.Compare<Patch>(
            tip?.Tree, DiffTargets.Index | DiffTargets.WorkingDirectory, paths, new ExplicitPathsOptions { ShouldFailOnUnmatchedPath = false }, options);
        var text = new StringBuilder();
        var held = new List<string>();
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
                held.Add(entry.Path);
            }
        }

        var masked = SecretMask.Tokens(text.ToString(), out var secrets);
        if (secrets > 0)
        {
            warnings.Add($"git: {secrets} secret(s) in the uncommitted changes are masked in git.diff, so it may not apply as it is");
        }

        return (new Changes(Header(tip, leftOut, masked), held), secrets > 0);
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

    internal static bool IsSource(string path) =>
        SourceExtensions.Contains(Path.GetExtension(path)) || Path.GetFileName(path) is "Makefile" or "Dockerfile" or "Snakefile" or "requirements.txt" or "CMakeLists.txt";

    // git's own rule for text: no zero byte among the first 8000. A link is what it points at, and that is not for here.
    private static bool IsText(string root, string path)
    {
        try
        {
            var file = new FileInfo(Path.Combine(root, path));
            if (file.LinkTarget is not null)
            {
                return false;
            }

            Span<byte> start = stackalloc byte[TextProbe];
            using var stream = file.OpenRead();
            return !start[..stream.ReadAtLeast(start, TextProbe, throwOnEndOfStream: false)].Contains((byte)0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

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
