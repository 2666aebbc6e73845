using Roux.Tracking.Artifacts;

namespace Roux.Tracking;

/// <summary>Whether the files of a version are those that were registered.</summary>
/// <param name="Intact">Whether they are.</param>
/// <param name="Expected">Digest as registered.</param>
/// <param name="Found">Digest of the files as they are; <c>null</c> where they are gone or cannot be read.</param>
/// <param name="Problem">What is wrong, in words; empty where nothing is.</param>
public sealed record VersionIntegrity(bool Intact, string Expected, string? Found, string Problem)
{
    /// <summary>Digests the files of a version again.</summary>
    internal static VersionIntegrity Of(Tracker tracker, ModelVersionRecord version, CancellationToken cancellation)
    {
        var owner = ArtifactStore.OwnerOfCopy(version.Copy);
        if (tracker.Artifacts.FindAsync(owner, version.NameInCopy, cancellation).GetAwaiter().GetResult() is null)
        {
            return new VersionIntegrity(false, version.Digest, null, "its files are gone");
        }

        try
        {
            var (digest, bytes) = Registry.ArtifactDigest.Of(tracker.Artifacts.Local(owner, version.NameInCopy), cancellation);
            return digest == version.Digest && bytes == version.Bytes
                ? new VersionIntegrity(true, version.Digest, digest, "")
                : new VersionIntegrity(false, version.Digest, digest, FormattableString.Invariant($"its files were changed after it was registered: {digest}, {bytes} bytes; registered {version.Digest}, {version.Bytes} bytes"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new VersionIntegrity(false, version.Digest, null, "its files cannot be read");
        }
    }

    /// <summary>As a rule that every gate has.</summary>
    internal RuleResult AsResult() => new("files", "files unchanged", "", Judgement.Of(Intact, Intact ? $"they have the digest that was registered, {Expected}" : Problem));
}
