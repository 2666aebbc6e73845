using System.Globalization;
using Roux.Tracking.Artifacts;
using Roux.Tracking.Registry;
using Roux.Tracking.Search;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>Model versions for one of a server's clients.</summary>
/// <param name="tracker">The store.</param>
/// <param name="actor">Who asks.</param>
internal sealed class VersionService(Tracker tracker, string actor)
{
    private static readonly EntityShape Shape = new("model_versions v JOIN models m ON m.id = v.model LEFT JOIN runs r ON r.id = v.run", "v.model, v.version, m.name")
    {
        Columns = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = "m.name",
            ["version_number"] = "v.version",
            ["run_id"] = "r.run_id",
            ["source_path"] = "coalesce(v.source, 'mlflow-artifacts:/' || r.experiment || '/' || r.run_id || '/artifacts/' || v.artifact_path)",
            ["creation_timestamp"] = "v.created",
            ["last_updated_timestamp"] = "v.updated",
        },
        Tags = "SELECT 1 FROM model_version_tags t WHERE t.model = v.model AND t.version = v.version",
        DefaultOrder = "v.updated DESC, m.name ASC, v.version DESC",
    };

    private readonly ArtifactService artifacts = new(tracker);

    /// <summary>Registers what a source names as the next version of a model that is there. The registry keeps a copy of it.</summary>
    public async Task<ModelVersionRecord> CreateAsync(
        string name, string source, string? runId, string? runLink, string? description, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        foreach (var (key, value) in tags)
        {
            Limits.CheckTag("tags.key", key, value);
        }

        Limits.CheckLength("Description", description ?? "", Limits.LongText);
        Limits.CheckLength("Source", source, Limits.TagValue);
        Limits.CheckLength("Run link", runLink ?? "", Limits.TagValue);
        tracker.Database.Read(session => RegistryService.Key(session, name));
        var found = await ModelSource.FindAsync(tracker, artifacts, source, runId).ConfigureAwait(false);
        var lineage = VersionLineage.Of(tracker, found.RunId);
        var number = await RegistryCopy.MakeAsync(tracker.Artifacts, found.Folder, found.Path, Path.GetFileName(found.ArtifactPath), copy =>
            tracker.Database.WritesOrThrow().StartAsync(session =>
            {
                RegistryService.Key(session.Sql, name);
                var run = found.RunId is { } maker ? RunService.Key(session.Sql, maker) : (long?)null;
                var version = new NewVersion(name, run, found.ArtifactPath, copy) { Actor = actor, Lineage = lineage, Source = source, RunLink = runLink, Description = description ?? "", Tags = tags };
                return VersionWrites.Insert(session, version, tracker.Now());
            })).ConfigureAwait(false);
        return Get(name, number.ToString(CultureInfo.InvariantCulture));
    }

    public ModelVersionRecord Get(string name, string version) => tracker.Database.Read(session =>
    {
        var model = RegistryService.Key(session, name);
        return ModelReader.Versions(session, tracker.Artifacts, model, name, Number(session, model, name, version))[0];
    });

    public async Task<ModelVersionRecord> DescribeAsync(string name, string version, string description)
    {
        Limits.CheckLength("Description", description, Limits.LongText);
        await Change(name, version, (session, model, number, time) => Edit(session, model, name, number, time).Describe(description)).ConfigureAwait(false);
        return Get(name, version);
    }

    public async Task<ModelVersionRecord> SetStageAsync(string name, string version, ModelStage stage, bool archiveExisting)
    {
        if (archiveExisting && stage is not (ModelStage.Staging or ModelStage.Production))
        {
            throw ServiceException.Invalid($"Model version transition cannot archive existing model versions because '{stage}' is not an Active stage. Valid stages are ['Staging', 'Production']");
        }

        var promotion = Promotion.Prepare(tracker, actor, name, version);
        await Change(name, version, (session, model, number, time) => promotion.ToStage(session, model, number, stage, archiveExisting, time)).ConfigureAwait(false);
        return Get(name, version);
    }

    public Task SetTagAsync(string name, string version, string key, string value)
    {
        Limits.CheckTag("key", key, value);
        return Label(name, version, edit => edit.SetTag(key, value));
    }

    public Task DeleteTagAsync(string name, string version, string key) => Label(name, version, edit => edit.DeleteTag(key));

    public async Task DeleteAsync(string name, string version)
    {
        var copy = await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var model = RegistryService.Key(session.Sql, name);
            var number = Number(session.Sql, model, name, version);
            var folder = session.Sql.Rows("SELECT folder FROM model_versions WHERE model = $model AND version = $version", row => row.Text(0), ("$model", model), ("$version", number))[0];
            Edit(session, model, name, number, tracker.Now()).Delete();
            session.Sql.Execute("UPDATE models SET updated = $time WHERE id = $model", ("$time", tracker.Now()), ("$model", model));
            return folder;
        }).ConfigureAwait(false);
        await RemoveCopyAsync(copy).ConfigureAwait(false);
    }

    public Page<ModelVersionRecord> Search(string filter, IReadOnlyList<string> order, int maxResults, long offset, Reach reach)
    {
        var sql = new ConditionSql(tracker.Database.Dialect);
        var compiled = EntityCompiler.Compile(
            sql, Shape, EntityCompiler.Parse(filter, Vocabulary.ModelVersions), EntityCompiler.ParseOrder(order, Vocabulary.ModelVersionOrder),
            reach.Conditions(sql, "SELECT 1 FROM model_tags t WHERE t.model = v.model"), maxResults + 1, offset);
        return tracker.Database.Read(session => Page<ModelVersionRecord>.Of(
            [.. session.Rows(compiled.Sql, row => (Model: row.Int64(0), Version: row.Int64(1), Name: row.Text(2)), compiled.Parameters)
                .Select(found => ModelReader.Versions(session, tracker.Artifacts, found.Model, found.Name, found.Version)[0])],
            maxResults, offset));
    }

    /// <summary>The number of a version that is there.</summary>
    internal static long Number(StoreSession session, long model, string name, string version) =>
        !long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? throw ServiceException.Invalid($"Model version must be an integer, got '{version}'")
            : session.Number("SELECT version FROM model_versions WHERE model = $model AND version = $version", ("$model", model), ("$version", number))
                ?? throw ServiceException.NotFound($"Model Version (name={name}, version={version}) not found");

    /// <summary>Removes the registry's copy of a version that is gone from the database.</summary>
    internal Task RemoveCopyAsync(string copy) => tracker.Artifacts.DeleteAsync(ArtifactStore.OwnerOfCopy(copy), "");

    private RegistryEdit Edit(WriteSession session, long model, string name, long number, long time) => new(session, model, name, (int)number, actor, time);

    private Task<bool> Label(string name, string version, Action<RegistryEdit> work) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var model = RegistryService.Key(session.Sql, name);
        work(Edit(session, model, name, Number(session.Sql, model, name, version), tracker.Now()));
        return true;
    });

    private Task<bool> Change(string name, string version, Action<WriteSession, long, long, long> work) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var model = RegistryService.Key(session.Sql, name);
        var number = Number(session.Sql, model, name, version);
        var time = tracker.Now();
        session.Sql.Execute("UPDATE model_versions SET updated = $time WHERE model = $model AND version = $version", ("$time", time), ("$model", model), ("$version", number));
        session.Sql.Execute("UPDATE models SET updated = $time WHERE id = $model", ("$time", time), ("$model", model));
        work(session, model, number, time);
        return true;
    });
}
