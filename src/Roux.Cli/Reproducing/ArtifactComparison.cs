using System.Security.Cryptography;
using Roux.Tracking;
using Roux.Tracking.Reproduction;

namespace Roux.Cli.Reproducing;

/// <summary>The files that a program logged, by their bytes; what capturing writes itself does not count.</summary>
internal static class ArtifactComparison
{
    private const int MostFiles = 1000;
    private const long LargestFile = 1L << 30;
    private static readonly string[] Captured = ["environment.json", "git.diff", "output.log", "code", "notebook"];

    /// <summary>Files that one run has and the other has not, or that differ.</summary>
    public static IEnumerable<Difference> Of(Tracker tracker, RunRecord first, RunRecord again)
    {
        var before = Files(tracker, first.Id, null).Take(MostFiles).ToDictionary(a => a.Path, StringComparer.Ordinal);
        var after = Files(tracker, again.Id, null).Take(MostFiles).ToDictionary(a => a.Path, StringComparer.Ordinal);
        foreach (var path in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (a, b) = (Text(tracker, first.Id, before.GetValueOrDefault(path)), Text(tracker, again.Id, after.GetValueOrDefault(path)));
            if (a != b)
            {
                yield return new Difference(DifferenceKind.Output, $"artifact {path}", a, b, "files that hold times or paths differ every time: log what counts as a metric");
            }
        }
    }

    private static IEnumerable<ArtifactInfo> Files(Tracker tracker, string run, string? folder)
    {
        foreach (var entry in tracker.ListArtifacts(run, folder).Where(e => folder is not null || !Captured.Contains(e.Path)))
        {
            foreach (var file in entry.IsDirectory ? Files(tracker, run, entry.Path) : [entry])
            {
                yield return file;
            }
        }
    }

    private static string? Text(Tracker tracker, string run, ArtifactInfo? artifact)
    {
        if (artifact is null || artifact.Bytes > LargestFile)
        {
            return artifact is null ? null : $"{artifact.Bytes} bytes";
        }

        using var file = File.OpenRead(tracker.ArtifactFile(run, artifact.Path));
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
