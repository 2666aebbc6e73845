namespace Roux.Tracking.Artifacts;

/// <summary>The files under a folder, in ordinal order of their relative paths; links to folders are not entered.</summary>
internal static class FolderWalk
{
    /// <summary>Files and links below a folder, with paths relative to it, parts joined by '/'.</summary>
    public static IReadOnlyList<(string Relative, string Full, bool IsLink)> Files(string folder)
    {
        var files = new List<(string Relative, string Full, bool IsLink)>();
        Walk(new DirectoryInfo(folder), "", files);
        files.Sort((left, right) => string.CompareOrdinal(left.Relative, right.Relative));
        return files;
    }

    private static void Walk(DirectoryInfo folder, string prefix, List<(string Relative, string Full, bool IsLink)> files)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var isLink = entry.LinkTarget is not null;
            if (entry is DirectoryInfo inner && !isLink)
            {
                Walk(inner, prefix + entry.Name + "/", files);
            }
            else
            {
                files.Add((prefix + entry.Name, entry.FullName, isLink));
            }
        }
    }
}
