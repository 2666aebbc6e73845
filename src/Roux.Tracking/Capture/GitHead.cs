namespace Roux.Tracking.Capture;

/// <summary>Finds a repository and reads what HEAD points at from its plain files, without a git library.</summary>
/// <remarks>Stands in where the library refuses: a repository owned by somebody else, or one in a format it does not know.</remarks>
internal static class GitHead
{
    /// <summary>The folder that holds <c>HEAD</c>, and the working tree above it (null where the repository is bare).</summary>
    internal readonly record struct Place(string GitFolder, string? WorkingTree);

    /// <summary>Looks in a folder and those above it.</summary>
    /// <returns>Null where there is no repository.</returns>
    public static Place? Find(string start)
    {
        for (var folder = new DirectoryInfo(Path.GetFullPath(start)); folder is not null; folder = folder.Parent)
        {
            var dotGit = Path.Combine(folder.FullName, ".git");
            if (Directory.Exists(dotGit) && IsRepository(dotGit))
            {
                return new Place(dotGit, folder.FullName);
            }

            // Linked worktrees and submodules have a file that names the folder.
            if (File.Exists(dotGit) && new FileInfo(dotGit).Length < 8192 && File.ReadAllText(dotGit).Trim() is var text && text.StartsWith("gitdir:", StringComparison.Ordinal))
            {
                return new Place(Path.GetFullPath(Path.Combine(folder.FullName, text["gitdir:".Length..].Trim())), folder.FullName);
            }

            if (IsRepository(folder.FullName))
            {
                return new Place(folder.FullName, null);
            }
        }

        return null;
    }

    /// <summary>Commit and branch of HEAD; either is null where it is not to be found.</summary>
    public static (string? Commit, string? Branch) Read(string gitFolder)
    {
        var head = ReadLine(Path.Combine(gitFolder, "HEAD"));
        if (head is null)
        {
            return (null, null);
        }

        if (!head.StartsWith("ref:", StringComparison.Ordinal))
        {
            return (IsHash(head) ? head : null, null);
        }

        var reference = head[4..].Trim();
        var branch = reference.StartsWith("refs/heads/", StringComparison.Ordinal) ? reference["refs/heads/".Length..] : null;
        var common = ReadLine(Path.Combine(gitFolder, "commondir")) is { } relative ? Path.GetFullPath(Path.Combine(gitFolder, relative)) : gitFolder;
        foreach (var folder in new[] { gitFolder, common })
        {
            var path = Path.GetFullPath(Path.Combine(folder, reference));
            if (path.StartsWith(Path.GetFullPath(folder), StringComparison.Ordinal) && ReadLine(path) is { } hash && IsHash(hash))
            {
                return (hash, branch);
            }
        }

        var packed = Path.Combine(common, "packed-refs");
        if (File.Exists(packed))
        {
            foreach (var line in File.ReadLines(packed))
            {
                var space = line.IndexOf(' ', StringComparison.Ordinal);
                if (space > 0 && line.AsSpan(space + 1).SequenceEqual(reference) && IsHash(line[..space]))
                {
                    return (line[..space], branch);
                }
            }
        }

        return (null, branch);
    }

    private static bool IsRepository(string folder) =>
        File.Exists(Path.Combine(folder, "HEAD")) && Directory.Exists(Path.Combine(folder, "objects")) && Directory.Exists(Path.Combine(folder, "refs"));

    private static string? ReadLine(string path) => File.Exists(path) ? File.ReadLines(path).FirstOrDefault()?.Trim() : null;

    private static bool IsHash(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);
}
