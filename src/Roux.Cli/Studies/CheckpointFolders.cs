using System.Globalization;

namespace Roux.Cli.Studies;

/// <summary>
/// Checkpoints of training that goes in turns. A turn works in a folder of its own, filled with what an earlier turn left; what it leaves is kept
/// under the steps that it was trained, once, whole. So a turn that was killed begins again from where it began.
/// </summary>
internal static class CheckpointFolders
{
    private const string Working = "checkpoints";
    private const string Kept = "checkpoints-at-";

    /// <summary>Fills the working folder from another training's that is kept, or empties it.</summary>
    /// <param name="folder">Of the training that begins.</param>
    /// <param name="from">Of the training that left them; <c>null</c> for a beginning.</param>
    /// <param name="steps">Under which they are kept.</param>
    /// <returns>The working folder.</returns>
    public static string Begin(string folder, string? from, long steps)
    {
        var working = Path.Combine(folder, Working);
        if (Directory.Exists(working))
        {
            Directory.Delete(working, recursive: true);
        }

        Directory.CreateDirectory(working);
        if (from is not null && PathOf(from, steps) is var source && Directory.Exists(source))
        {
            Copy(new DirectoryInfo(source), working);
        }

        return working;
    }

    /// <summary>Keeps what is in the working folder now.</summary>
    public static void Keep(string folder, long steps)
    {
        var (kept, half) = (PathOf(folder, steps), Path.Combine(folder, "checkpoints.half"));
        foreach (var left in new[] { kept, half }.Where(Directory.Exists))
        {
            Directory.Delete(left, recursive: true);
        }

        Copy(new DirectoryInfo(Path.Combine(folder, Working)), half);
        Directory.Move(half, kept);
    }

    /// <summary>The most steps below a limit under which checkpoints are kept; 0 where there are none.</summary>
    public static long Latest(string folder, long below) => !Directory.Exists(folder) ? 0
        : Directory.EnumerateDirectories(folder, Kept + "*").Select(path => long.TryParse(Path.GetFileName(path).AsSpan(Kept.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var steps) ? steps : 0)
            .Where(steps => steps < below).DefaultIfEmpty(0).Max();

    /// <summary>Lets go of those of fewer steps.</summary>
    public static void Forget(string folder, long below)
    {
        foreach (var path in Directory.EnumerateDirectories(folder, Kept + "*"))
        {
            if (long.TryParse(Path.GetFileName(path).AsSpan(Kept.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var steps) && steps < below)
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }

    private static string PathOf(string folder, long steps) => Path.Combine(folder, Kept + steps.ToString(CultureInfo.InvariantCulture));

    /// <summary>Copies files and folders; links are left out, for they may lead anywhere.</summary>
    private static void Copy(DirectoryInfo source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var entry in source.EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is null))
        {
            var path = Path.Combine(target, entry.Name);
            if (entry is DirectoryInfo inner)
            {
                Copy(inner, path);
            }
            else
            {
                ((FileInfo)entry).CopyTo(path);
            }
        }
    }
}
