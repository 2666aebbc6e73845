using Roux.Tracking.Reproduction;

namespace Roux.Cli.Reproducing;

/// <summary>
/// A temporary folder with the code of a run: a repository of its own that borrows the objects of the user's, with the commit checked out, submodules too, and the recorded uncommitted changes applied.
/// </summary>
/// <remarks>
/// Not a linked worktree of the user's repository (<c>git worktree add</c>): that writes into its <c>.git</c>, fetching submodules changes its configuration, and a crash leaves an entry behind.
/// The full path of the first run's repository is kept below the temporary folder, so that relative paths that lead out of it stay inside.
/// </remarks>
internal sealed class Workspace : IDisposable
{
    private readonly GitProgram _git;
    private readonly string _top;
    private readonly bool _keep;

    private Workspace(string top, GitProgram git, bool keep)
    {
        (_top, _git, _keep) = (top, git, keep);
    }

    /// <summary>Where the top of the repository lies, or the working directory of a run outside one.</summary>
    public string Tree { get; private set; } = "";

    /// <summary>Where that lay for the first run.</summary>
    public string RecordedTree { get; private set; } = "";

    /// <summary>The user's repository that the code came from; null where it came from elsewhere.</summary>
    public string? Source { get; private set; }

    /// <summary>Where the program runs.</summary>
    public string WorkingDirectory { get; private set; } = "";

    /// <summary>What is missing to have the code.</summary>
    public List<Difference> Missing { get; } = [];

    /// <summary>Makes it.</summary>
    /// <param name="recipe">What the run recorded.</param>
    /// <param name="currentFolder">Where the user is: the repository may have moved there.</param>
    /// <param name="keep">Whether it stays when disposed.</param>
    /// <param name="stop">Ends the making; what there is of it is removed.</param>
    public static Workspace Make(RunRecipe recipe, string currentFolder, bool keep, CancellationToken stop)
    {
        var workspace = new Workspace(Directory.CreateTempSubdirectory("roux-reproduce-").FullName, new GitProgram(stop), keep);
        try
        {
            workspace.Fill(recipe, currentFolder);
            return workspace;
        }
        catch
        {
            workspace.Dispose();
            throw;
        }
    }

    /// <summary>Where a recorded path lies in this folder, there or not: the same full path below it.</summary>
    public string Place(string recorded) => Path.Combine(_top, Path.GetFullPath(recorded)[(Path.GetPathRoot(Path.GetFullPath(recorded))?.Length ?? 0)..]);

    /// <summary>Whether a path lies in this folder.</summary>
    public bool Holds(string path) => DataSearch.Relative(_top, path) is not null;

    public void Dispose()
    {
        if (_keep || !Directory.Exists(_top))
        {
            return;
        }

        try
        {
            if (OperatingSystem.IsWindows())
            {
                foreach (var file in new DirectoryInfo(_top).EnumerateFiles("*", SearchOption.AllDirectories))
                {
                    file.Attributes = FileAttributes.Normal;
                }
            }

            Directory.Delete(_top, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"roux: '{_top}' could not be removed: {Terminal.OneLine(error.Message)}");
        }
    }

    private void Fill(RunRecipe recipe, string currentFolder)
    {
        RecordedTree = recipe.Root ?? recipe.WorkingDirectory;
        Tree = Place(RecordedTree);
        WorkingDirectory = Place(recipe.WorkingDirectory);
        Directory.CreateDirectory(Tree);
        if (recipe.Root is not null)
        {
            Checkout(recipe, currentFolder);
        }
        else if (recipe.CodeFolder is null && !recipe.IsRoux)
        {
            Missing.Add(new Difference(DifferenceKind.Code, "the run was started outside a git repository, so its code is not known", null, null, "git init && git add -A && git commit, then start it again"));
        }

        Directory.CreateDirectory(WorkingDirectory);
        if (Missing.Count == 0 && recipe.CodeFolder is { } code)
        {
            AddMissingFiles(code, recipe.MaskedCode);
        }
    }

    private void Checkout(RunRecipe recipe, string currentFolder)
    {
        if (_git.Ask(Tree, "--version") is null)
        {
            Missing.Add(new Difference(DifferenceKind.Code, "git is not installed", null, null, "install git"));
            return;
        }

        if (recipe.HasMaskedDiff)
        {
            Missing.Add(new Difference(DifferenceKind.Code, "secrets in the uncommitted changes were masked", null, null, "move them into environment variables, commit, then start the run again"));
        }

        Source = FindSource(recipe, currentFolder);
        if (recipe.Commit is null)
        {
            if (recipe.DiffFile is null && recipe.CodeFolder is null)
            {
                Missing.Add(new Difference(DifferenceKind.Code, "the repository had no commit, and nothing of it was recorded", null, null, "git add -A && git commit, then start the run again"));
                return;
            }

            _git.Run(Tree, "init", "-q");
        }
        else if (!(Source is { } source ? Borrow(source, Tree, recipe.Commit) : Fetch(recipe, currentFolder)))
        {
            return;
        }

        Submodules(Source, Tree, recipe.Submodules.ToDictionary(s => s.Path, s => s.Commit, StringComparer.Ordinal), 0);
        if (recipe.DiffFile is { } diff && HasPatch(diff) && _git.Run(Tree, "apply", "--whitespace=nowarn", diff) is { Ok: false } failed)
        {
            Missing.Add(new Difference(DifferenceKind.Code, "the recorded uncommitted changes do not apply to the commit", null, failed.LastLine, $"look at {diff}; commit before the next run"));
        }
    }

    // The header of a diff that holds nothing names what was left out, and git refuses it for having no patch.
    private static bool HasPatch(string diff) => File.ReadLines(diff).Any(l => l.StartsWith("diff --git ", StringComparison.Ordinal));

    private string? FindSource(RunRecipe recipe, string currentFolder)
    {
        if (recipe.Commit is not { } commit)
        {
            return Directory.Exists(recipe.Root) ? recipe.Root : null;
        }

        // The recorded folder goes first; it may have moved to where the user is now.
        foreach (var folder in new[] { recipe.Root!, currentFolder }.Where(Directory.Exists))
        {
            if (_git.Ask(folder, "rev-parse", "--show-toplevel") is { Length: > 0 } top && _git.Has(top, commit))
            {
                return top;
            }
        }

        return null;
    }

    // A repository that has no objects of its own but looks for them in another's, which stays as it is.
    private bool Borrow(string source, string target, string commit)
    {
        var objects = Path.GetFullPath(Path.Combine(source, _git.Ask(source, "rev-parse", "--git-path", "objects") ?? ".git/objects"));
        var format = _git.Ask(source, "rev-parse", "--show-object-format") is { Length: > 0 } known ? known : "sha1";
        Directory.CreateDirectory(target);
        var made = _git.Run(target, "init", "-q", "--template=", "--object-format=" + format);
        var info = Path.Combine(target, ".git", "objects", "info");
        Directory.CreateDirectory(info);
        File.WriteAllText(Path.Combine(info, "alternates"), objects + "\n");
        // Alternates of the source are found by git itself; where a shallow clone ends is written beside.
        if (_git.Ask(source, "rev-parse", "--git-path", "shallow") is { } shallow && File.Exists(Path.Combine(source, shallow)))
        {
            File.Copy(Path.Combine(source, shallow), Path.Combine(target, ".git", "shallow"), overwrite: true);
        }

        foreach (var setting in new[] { "core.autocrlf", "core.eol", "core.symlinks", "remote.origin.url" })
        {
            if (_git.Ask(source, "config", "--get", setting) is { Length: > 0 } value)
            {
                _git.Run(target, "config", setting, value);
            }
        }

        var media = Path.GetFullPath(Path.Combine(source, _git.Ask(source, "rev-parse", "--git-path", "lfs") ?? ".git/lfs"));
        if (Directory.Exists(media))
        {
            _git.Run(target, "config", "lfs.storage", media);
        }

        var checkout = made.Ok ? _git.Run(target, "checkout", "-q", "--detach", commit) : made;
        if (!checkout.Ok)
        {
            Missing.Add(new Difference(DifferenceKind.Code, $"commit {Short(commit)} cannot be checked out", commit, checkout.LastLine, $"look at: git -C {source} checkout {Short(commit)}"));
        }

        return checkout.Ok;
    }

    private bool Fetch(RunRecipe recipe, string currentFolder)
    {
        var commit = recipe.Commit!;
        var near = new[] { recipe.Root!, currentFolder }.FirstOrDefault(f => Directory.Exists(f) && _git.Ask(f, "rev-parse", "--show-toplevel") is { Length: > 0 });
        var shallow = near is not null && _git.Ask(near, "rev-parse", "--is-shallow-repository") == "true";
        var url = (near is null ? null : _git.Ask(near, "config", "--get", "remote.origin.url")) ?? recipe.Remote;
        string? failure = null;
        if (url is { Length: > 0 } && !url.StartsWith('-') && !commit.StartsWith('-'))
        {
            _git.Run(Tree, "init", "-q", "--template=");
            _git.Run(Tree, "config", "remote.origin.url", url);
            var fetched = _git.Run(Tree, "fetch", "-q", "--depth", "1", "--no-tags", "--", url, commit);
            if (fetched.Ok && _git.Run(Tree, "checkout", "-q", "--detach", commit).Ok)
            {
                return true;
            }

            failure = fetched.LastLine;
        }

        var where = near is null ? Directory.Exists(recipe.Root) ? $"'{recipe.Root}' cannot be read as a repository ({_git.Run(recipe.Root, "rev-parse").LastLine})" : $"'{recipe.Root}' is not there" : shallow ? $"'{near}' is a shallow clone that does not reach back to it" : $"it is not in '{near}'";
        var remote = url is null ? "there is no remote to fetch it from" : $"fetching it failed: {failure}";
        Missing.Add(new Difference(
            DifferenceKind.Code, $"commit {Short(commit)} is missing: {where}, and {remote}", commit, null,
            shallow ? $"git -C {near} fetch --unshallow" : url is null ? "bring back the clone that the run was started in" : $"git fetch {url} {commit}"));
        return false;
    }

    private void Submodules(string? source, string tree, Dictionary<string, string> recorded, int depth)
    {
        if (depth > 8 || !File.Exists(Path.Combine(tree, ".gitmodules")))
        {
            return;
        }

        var listed = _git.Ask(tree, "config", "-f", ".gitmodules", "--null", "--get-regexp", @"^submodule\..*\.path$") ?? "";
        foreach (var path in listed.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\n', 2)).Where(l => l.Length == 2).Select(l => l[1].Trim('/')))
        {
            var target = Path.GetFullPath(Path.Combine(tree, path));
            if (DataSearch.Relative(tree, target) is null or "." || (recorded.GetValueOrDefault(path) ?? _git.Ask(tree, "rev-parse", "HEAD:" + path)) is not { Length: > 0 } commit || commit.StartsWith('-'))
            {
                continue;
            }

            // Not checked out for the first run either: nothing of it was used.
            if (depth == 0 && recorded.Count > 0 && !recorded.ContainsKey(path))
            {
                continue;
            }

            var own = source is null ? null : Path.Combine(source, path);
            if (own is not null && _git.Ask(own, "rev-parse", "--show-prefix") is "" && _git.Has(own, commit))
            {
                if (Borrow(own, target, commit))
                {
                    Submodules(own, target, [], depth + 1);
                }

                continue;
            }

            var updated = _git.Run(tree, "submodule", "update", "--init", "-q", "--", path);
            if (!updated.Ok || (_git.Ask(target, "rev-parse", "HEAD") != commit && !_git.Run(target, "checkout", "-q", "--detach", commit).Ok))
            {
                Missing.Add(new Difference(DifferenceKind.Code, $"submodule {path} at commit {Short(commit)} is missing", commit, updated.Ok ? null : updated.LastLine, $"git submodule update --init {path}"));
            }
        }
    }

    // Files that the run kept beside the commit: an untracked script that is too large for the diff, or all there is outside a repository.
    private void AddMissingFiles(string code, IReadOnlyList<string> masked)
    {
        foreach (var file in new DirectoryInfo(code).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            var target = Path.Combine(Tree, Path.GetRelativePath(code, file.FullName));
            if (!File.Exists(target) && !masked.Contains(Path.GetRelativePath(code, file.FullName).Replace('\\', '/')))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                file.CopyTo(target);
            }
        }
    }

    private static string Short(string commit) => commit.Length > 10 ? commit[..10] : commit;
}
