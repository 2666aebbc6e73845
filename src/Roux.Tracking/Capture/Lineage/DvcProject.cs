namespace Roux.Tracking.Capture.Lineage;

/// <summary>A DVC project as its own files describe it: remotes and cache. Keys, passwords and tokens of its configuration are never read.</summary>
internal sealed class DvcProject
{
    private readonly Dictionary<string, string> _settings = new(StringComparer.OrdinalIgnoreCase);

    private DvcProject(string root)
    {
        Root = root;
        // What is local to a machine stands in a file of its own and wins.
        ReadConfig(Path.Combine(root, ".dvc", "config"));
        ReadConfig(Path.Combine(root, ".dvc", "config.local"));
    }

    /// <summary>The folder that holds <c>.dvc</c>.</summary>
    public string Root { get; }

    /// <summary>Name of the remote that is used where none is named.</summary>
    public string? DefaultRemote => _settings.GetValueOrDefault("core/remote");

    /// <summary>The project that a path lies in, or null.</summary>
    public static DvcProject? Find(string path)
    {
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(path)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.Exists(Path.Combine(folder, ".dvc")))
            {
                return new DvcProject(folder);
            }

            if (Path.Exists(Path.Combine(folder, ".git")))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>URL of a remote without credentials; a relative path is relative to <c>.dvc</c> and comes back whole.</summary>
    public string? RemoteUrl(string? name)
    {
        if ((name ?? DefaultRemote) is not { } remote || _settings.GetValueOrDefault($"remote/{remote}/url") is not { } url)
        {
            return null;
        }

        return url.Contains("://", StringComparison.Ordinal) ? SecretMask.Url(url) : Path.GetFullPath(Path.Combine(Root, ".dvc", url));
    }

    /// <summary>Where the cache would hold a hash (version 3, then version 2); null where it does not.</summary>
    public string? CacheFile(string md5)
    {
        if (md5.Length < 4 || !md5.All(c => char.IsAsciiLetterOrDigit(c) || c == '.'))
        {
            return null;
        }

        var cache = _settings.GetValueOrDefault("cache/dir") is { } folder ? Path.GetFullPath(Path.Combine(Root, ".dvc", folder)) : Path.Combine(Root, ".dvc", "cache");
        return new[] { Path.Combine(cache, "files", "md5", md5[..2], md5[2..]), Path.Combine(cache, md5[..2], md5[2..]) }.FirstOrDefault(File.Exists);
    }

    // The form is that of Python's ConfigParser: [core], ['remote "name"'], key = value.
    private void ReadConfig(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists || info.Length > 1 << 20)
        {
            return;
        }

        var section = "";
        foreach (var raw in File.ReadLines(file))
        {
            var line = raw.Trim();
            if (line is ['[', .., ']'])
            {
                var name = line[1..^1].Trim('\'', ' ');
                section = name.StartsWith("remote ", StringComparison.Ordinal) ? "remote/" + name["remote ".Length..].Trim().Trim('"') : name;
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || line[0] is '#' or ';')
            {
                continue;
            }

            var key = line[..equals].Trim();
            if ((section, key) is ("core", "remote") or ("cache", "dir") || (key == "url" && section.StartsWith("remote/", StringComparison.Ordinal)))
            {
                _settings[$"{section}/{key}"] = line[(equals + 1)..].Trim();
            }
        }
    }
}
