using Roux.Tracking.Artifacts;
using Roux.Tracking.Registry;

namespace Roux.Tracking.Service;

/// <summary>What a client registers a model version from.</summary>
/// <param name="Folder">Whose it is in the artifact store.</param>
/// <param name="Path">A file or folder of the owner's; empty for all of it.</param>
/// <param name="ArtifactPath">Path below the run's or the logged model's artifacts; empty for all of them.</param>
/// <param name="RunId">The run that made it, if one did.</param>
internal sealed record ModelSource(string Folder, string Path, string ArtifactPath, string? RunId)
{
    private const string Runs = "runs:/";
    private const string Models = "models:/";

    /// <summary>Finds what <c>mlflow-artifacts:/…</c>, <c>runs:/RUN/PATH</c>, <c>models:/m-ID</c> or <c>models:/NAME/VERSION</c> names. Nothing else is a source: neither folders of this machine nor other servers.</summary>
    /// <exception cref="ServiceException">It is none of these, belongs to another run than the one given, or there is nothing.</exception>
    public static async Task<ModelSource> FindAsync(Tracker tracker, ArtifactService artifacts, string source, string? runId)
    {
        if (source.StartsWith(Models, StringComparison.Ordinal) && !source[Models.Length..].StartsWith("m-", StringComparison.Ordinal))
        {
            ServiceException.Checked(() => ModelReference.Parse(source));
            var version = tracker.Models.Find(source) ?? throw ServiceException.NotFound($"Model version source '{source}' not found");
            var owner = ArtifactStore.OwnerOfCopy(version.Copy);
            return await tracker.Artifacts.FindAsync(owner, version.NameInCopy).ConfigureAwait(false) is not null
                ? new ModelSource(owner, version.NameInCopy, version.ArtifactPath, runId ?? version.RunId)
                : throw ServiceException.NotFound($"Model version source '{source}': its files are gone");
        }

        var address = Address(artifacts, source);
        if (address.Owner is null || (address.IsRun && !string.IsNullOrEmpty(runId) && address.Owner != runId))
        {
            throw Invalid(source);
        }

        var maker = address.IsRun ? address.Owner : string.IsNullOrEmpty(runId) ? MakerOf(tracker, address.Owner) : runId;
        await artifacts.RequireAsync(address, default).ConfigureAwait(false);
        return new ModelSource(address.Folder, address.Path, address.Path, maker);
    }

    /// <summary>What kind of thing a source belongs to.</summary>
    internal enum OwnerKind
    {
        Run,
        LoggedModel,
        Model,
    }

    /// <summary>The run, logged model or registered model that a source names, there or not; <c>null</c> where it names none. To be asked for before anything is read.</summary>
    public static (OwnerKind Kind, string Id)? Owner(string source)
    {
        if (source.StartsWith(Models, StringComparison.Ordinal))
        {
            var name = source[Models.Length..];
            return name.StartsWith("m-", StringComparison.Ordinal) ? (OwnerKind.LoggedModel, name) : (OwnerKind.Model, name.Split('/', '@')[0]);
        }

        return source.StartsWith(Runs, StringComparison.Ordinal) ? (OwnerKind.Run, source[Runs.Length..].Split('/')[0])
            : !source.StartsWith(ArtifactUri.Scheme, StringComparison.Ordinal) ? null
            : source[ArtifactUri.Scheme.Length..].TrimStart('/').Split('/') switch
            {
                [_, "models", var model, ..] => (OwnerKind.LoggedModel, model),
                [not "models", var run, ..] => (OwnerKind.Run, run),
                _ => null,
            };
    }

    private static ArtifactAddress Address(ArtifactService artifacts, string source)
    {
        if (source.StartsWith(ArtifactUri.Scheme, StringComparison.Ordinal))
        {
            return artifacts.Resolve(source[ArtifactUri.Scheme.Length..]);
        }

        if (source.StartsWith(Models, StringComparison.Ordinal))
        {
            return artifacts.OfLoggedModel(source[Models.Length..], null);
        }

        if (source.StartsWith(Runs, StringComparison.Ordinal) && source[Runs.Length..].Split('/', 2) is [var run, var path])
        {
            return artifacts.OfRun(run, path);
        }

        throw Invalid(source);
    }

    private static string? MakerOf(Tracker tracker, string modelId) => tracker.Database.Read(session => session.Rows(
        "SELECT r.run_id FROM logged_models m JOIN runs r ON r.id = m.run WHERE m.model_id = $modelId", row => row.Text(0), ("$modelId", modelId)) is [var run] ? run : null);

    private static ServiceException Invalid(string source) => ServiceException.Invalid(
        $"Invalid model version source: '{source}'. To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id. Sources are mlflow-artifacts:/… inside that run, runs:/RUN/PATH, models:/MODEL_ID and models:/NAME/VERSION.");
}
