using Roux.Tracking.Artifacts;

namespace Roux.Tracking.Transfer;

/// <summary>Artifacts as a transfer sees them: all files of an owner, each read or written whole.</summary>
internal static class ArtifactFiles
{
    /// <summary>Paths of an owner's files, below it, in order.</summary>
    public static IReadOnlyList<string> Of(ArtifactStore store, string owner)
    {
        var files = new List<string>();
        Walk(store, owner, null, files);
        return files;
    }

    /// <summary>Opens a file; <c>null</c> where there is none.</summary>
    public static Stream? Open(ArtifactStore store, string owner, string path) => store.OpenAsync(owner, ArtifactPath.Check(path)).GetAwaiter().GetResult()?.Content;

    private static void Walk(ArtifactStore store, string owner, string? under, List<string> files)
    {
        foreach (var entry in store.List(owner, under))
        {
            if (entry.IsDirectory)
            {
                Walk(store, owner, entry.Path, files);
            }
            else
            {
                files.Add(entry.Path);
            }
        }
    }
}
