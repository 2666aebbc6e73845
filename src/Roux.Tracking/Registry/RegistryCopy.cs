using Roux.Tracking.Artifacts;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Registry;

/// <summary>The registry's own copy of what a version was registered from, so that later changes to the run leave the version as it is.</summary>
/// <param name="Folder">Its name under the artifact store's folder of models.</param>
/// <param name="Digest">See <see cref="ModelVersionRecord.Digest"/>.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record RegistryCopy(string Folder, string Digest, long Bytes)
{
    /// <summary>What the model in it takes and gives, as JSON; <c>null</c> where it does not say.</summary>
    public string? Signature { get; init; }

    /// <summary>Copies, then registers; the copy goes away again when registering fails.</summary>
    /// <param name="artifacts">Where the copy goes.</param>
    /// <param name="source">A file or folder.</param>
    /// <param name="name">Its name in the copy; empty for a folder whose contents are the copy.</param>
    /// <param name="register">Writes the version.</param>
    public static async Task<T> MakeAsync<T>(ArtifactStore artifacts, string source, string name, Func<RegistryCopy, Task<T>> register)
    {
        var temporary = artifacts.NewTemporary();
        var copy = Path.GetFileName(temporary);
        var folder = artifacts.ModelFolder(copy);
        var registered = false;
        try
        {
            Directory.CreateDirectory(temporary);
            var (digest, bytes) = ArtifactDigest.Copy(source, Path.Combine(temporary, name));
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            Directory.Move(temporary, folder);
            var signature = SignatureReader.Read(Path.Combine(folder, name));
            var result = await register(new RegistryCopy(copy, digest, bytes) { Signature = signature?.ToJson().ToJsonString() }).ConfigureAwait(false);
            registered = true;
            return result;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Explain(source, exception);
        }
        finally
        {
            foreach (var left in registered ? [] : new[] { temporary, folder }.Where(Directory.Exists))
            {
                Directory.Delete(left, recursive: true);
            }
        }
    }
}
