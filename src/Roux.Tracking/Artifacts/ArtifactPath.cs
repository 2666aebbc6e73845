namespace Roux.Tracking.Artifacts;

/// <summary>Paths of artifacts: relative, parts joined by '/', no way out of the run's folder.</summary>
internal static class ArtifactPath
{
    private const int LongestPart = 255;

    /// <summary>Checks a path and returns it without doubled or trailing separators.</summary>
    /// <exception cref="TrackingException">It is empty, absolute, holds <c>..</c>, a control character or a part that no file system takes.</exception>
    public static string Check(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw Refuse(path, "it is empty");
        }

        if (path.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            throw Refuse(path, "it holds a control character");
        }

        if (path[0] is '/' or '\\' || (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0])))
        {
            throw Refuse(path, "it is absolute");
        }

        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var part in parts)
        {
            if (part is "." or ".." || part.Contains('\\', StringComparison.Ordinal))
            {
                throw Refuse(path, $"it holds '{part}'");
            }

            if (System.Text.Encoding.UTF8.GetByteCount(part) > LongestPart)
            {
                throw Refuse(path, $"a part is longer than {LongestPart} bytes");
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>A path under a folder, after making sure that no link on the way leads elsewhere.</summary>
    /// <exception cref="TrackingException">A part of the path is a symbolic link.</exception>
    public static string Under(string folder, string path)
    {
        var current = folder;
        foreach (var part in Check(path).Split('/'))
        {
            current = Path.Combine(current, part);
            if (IsLink(current))
            {
                throw Refuse(path, $"'{part}' is a symbolic link");
            }
        }

        return current;
    }

    /// <summary>Whether something is there and is a symbolic link (dangling ones too).</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static TrackingException Refuse(string path, string reason) =>
        new($"artifact path '{path}': {reason}; give a relative path such as 'plots/roc.png', without '..'");
}
