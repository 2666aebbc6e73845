using System.Text.RegularExpressions;

namespace Roux.Tracking.Capture;

/// <summary>A container as it looks from inside.</summary>
/// <param name="Kind"><c>docker</c>, <c>podman</c>, <c>kubernetes</c>, <c>lxc</c>, <c>wsl</c>.</param>
/// <param name="Id">Its id, 64 hexadecimal digits, or null where it is not to be seen.</param>
/// <param name="Image">Name or digest of its image, where it is told; a container does not know its image by itself.</param>
internal sealed record ContainerRecord(string Kind, string? Id, string? Image);

/// <summary>Reads id and image of a container from the few places that show them.</summary>
/// <param name="root"><c>/</c>, or a folder of files that look like it.</param>
internal sealed partial class ContainerFiles(string root = "/")
{
    private const int LargestFile = 1 << 20;

    /// <summary>Variables by which an image is told to what runs in it; checked in this order.</summary>
    public static readonly string[] ImageVariables = ["ROUX_CONTAINER_IMAGE", "CONTAINER_IMAGE_DIGEST", "IMAGE_DIGEST", "CONTAINER_IMAGE", "DOCKER_IMAGE", "SINGULARITY_CONTAINER", "APPTAINER_CONTAINER", "CI_JOB_IMAGE"];

    /// <summary>Describes the container.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="variable">Environment variables.</param>
    public ContainerRecord Read(string kind, Func<string, string?> variable)
    {
        var podman = Podman();
        var image = ImageVariables.Select(variable).FirstOrDefault(v => v is { Length: > 0 and <= 500 }) ?? podman.Image;
        return new ContainerRecord(kind, podman.Id ?? Id(), image is null ? null : SecretMask.Url(image));
    }

    // Version 1 of control groups names the container in their path; with version 2 only the mounts of /etc/hostname and its like do.
    private string? Id() =>
        Last(GroupPattern(), Text("proc/self/cgroup")) ?? Last(MountPattern(), Text("proc/self/mountinfo"));

    private (string? Id, string? Image) Podman()
    {
        string? id = null, name = null, digest = null;
        foreach (var line in Text("run/.containerenv").Split('\n'))
        {
            var value = line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? line[(equals + 1)..].Trim().Trim('"') : "";
            id = line.StartsWith("id=", StringComparison.Ordinal) ? value : id;
            name = line.StartsWith("image=", StringComparison.Ordinal) ? value : name;
            digest = line.StartsWith("imageid=", StringComparison.Ordinal) ? value : digest;
        }

        return (id is { Length: > 0 } ? id : null, (name, digest) switch
        {
            ({ Length: > 0 }, { Length: > 0 }) => $"{name} (id {digest})",
            ({ Length: > 0 }, _) => name,
            (_, { Length: > 0 }) => digest,
            _ => null,
        });
    }

    private static string? Last(Regex pattern, string text) => pattern.Matches(text).LastOrDefault()?.Groups["id"].Value;

    private string Text(string relative)
    {
        try
        {
            var path = Path.Combine(root, relative);
            using var reader = File.Exists(path) ? new StreamReader(path) : StreamReader.Null;
            var buffer = new char[LargestFile];
            return new string(buffer, 0, reader.ReadBlock(buffer));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [GeneratedRegex("""(?:/|-|:)(?<id>[0-9a-f]{64})(?:\.scope)?\s*$""", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GroupPattern();

    [GeneratedRegex("""/(?:containers|overlay-containers|sandboxes)/(?<id>[0-9a-f]{64})/""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MountPattern();
}
