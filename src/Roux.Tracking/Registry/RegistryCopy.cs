using Roux.Tracking.Artifacts;

namespace Roux.Tracking.Registry;

/// <summary>The registry's own copy of what a version was registered from, so that later changes to the run leave the version as it is.</summary>
/// <param name="Folder">Its name under the artifact store's folder of models.</param>
/// <param name="Digest">See <see cref="ModelVersionRecord.Digest"/>.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record RegistryCopy(string Folder, string Digest, long Bytes)
{
    private const long LargestDownload = 64 << 20;

    /// <summary>What the model in it takes and gives, as JSON; <c>null</c> where it does not say.</summary>
    public string? Signature { get; init; }

    /// <summary>Copies, then registers; the copy goes away again when registering fails.</summary>
    /// <param name="artifacts">The store of both.</param>
    /// <param name="owner">Whose artifact it is.</param>
    /// <param name="path">The file or folder; empty for all of the owner.</param>
    /// <param name="name">Its name in the copy; empty for a folder whose contents are the copy.</param>
    /// <param name="register">Writes the version.</param>
    public static async Task<T> MakeAsync<T>(ArtifactStore artifacts, string owner, string path, string name, Func<RegistryCopy, Task<T>> register)
    {
        var copy = Guid.NewGuid().ToString("N");
        var (digest, bytes) = await artifacts.CopyToRegistryAsync(owner, path, copy, name).ConfigureAwait(false);
        var registered = false;
        try
        {
            var described = await DescribedAsync(artifacts, ArtifactStore.OwnerOfCopy(copy), name, bytes).ConfigureAwait(false);
            var signature = described is null ? null : SignatureReader.Read(described);
            var result = await register(new RegistryCopy(copy, digest, bytes) { Signature = signature?.ToJson().ToJsonString() }).ConfigureAwait(false);
            registered = true;
            return result;
        }
        finally
        {
            if (!registered)
            {
                await artifacts.DeleteAsync(ArtifactStore.OwnerOfCopy(copy), "").ConfigureAwait(false);
            }
        }
    }

    /// <summary>A path to read the model's description from; <c>null</c> where a large model would have to be downloaded for it.</summary>
    private static async Task<string?> DescribedAsync(ArtifactStore artifacts, string owner, string name, long bytes)
    {
        if (artifacts.IsLocal || bytes <= LargestDownload)
        {
            return artifacts.Local(owner, name);
        }

        var description = name.Length == 0 ? "MLmodel" : $"{name}/MLmodel";
        return await artifacts.FindAsync(owner, description).ConfigureAwait(false) is { IsDirectory: false } ? artifacts.Local(owner, description) : null;
    }
}
