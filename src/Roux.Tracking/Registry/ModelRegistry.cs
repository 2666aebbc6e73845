using Roux.Tracking.Artifacts;
using Roux.Tracking.Registry;
using Roux.Tracking.Runs;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

/// <summary>
/// Registered models: a name over numbered versions, each a copy of a run's artifact that never changes. Obtained from <see cref="Tracker.Models"/>.
/// </summary>
public class ModelRegistry
{
    private readonly Tracker tracker;

    internal ModelRegistry(Tracker tracker)
    {
        this.tracker = tracker;
        Gates = new ModelGates(tracker, tracker.Actor);
        Approvals = new ModelApprovals(tracker, tracker.Actor);
        Webhooks = new ModelWebhooks(tracker, tracker.Actor);
        Audit = new AuditLog(tracker);
    }

    /// <summary>Rules that versions must pass.</summary>
    public virtual ModelGates Gates { get; }

    /// <summary>Who agreed to versions.</summary>
    public virtual ModelApprovals Approvals { get; }

    /// <summary>Who is told what happens.</summary>
    public virtual ModelWebhooks Webhooks { get; }

    /// <summary>What happened.</summary>
    public virtual AuditLog Audit { get; }

    /// <summary>Registers an artifact of a run as the next version of a model, creating the model where there is none. The artifact is copied, so that later changes to the run leave the version as it is.</summary>
    /// <param name="model">Name: 1 to 250 characters without '/', ':' or '@'.</param>
    /// <param name="runId">The run that made it.</param>
    /// <param name="artifactPath">A file or folder among the run's artifacts.</param>
    /// <param name="description">What the version is.</param>
    /// <param name="tags">Labels of the version.</param>
    /// <exception cref="TrackingException">There is no such run or artifact, or the name is no good.</exception>
    public virtual ModelVersionRecord Register(string model, string runId, string artifactPath, string? description = null, IReadOnlyDictionary<string, string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(runId);
        var name = ModelReference.CheckName(model);
        var path = StoreRuns.Existing(tracker, runId, artifactPath).Path;
        var writes = tracker.Database.WritesOrThrow();
        var lineage = VersionLineage.Of(tracker, runId);
        var version = RegistryCopy.MakeAsync(tracker.Artifacts, runId, path, Path.GetFileName(path), copy => writes.StartAsync(session =>
        {
            var run = session.Sql.Number("SELECT id FROM runs WHERE run_id = $runId", ("$runId", runId)) ?? throw RunReader.NoSuchRun(runId);
            var time = tracker.Now();
            if (session.Sql.Execute("INSERT INTO models (name, created, updated) VALUES ($name, $time, $time) ON CONFLICT DO NOTHING", ("$name", name), ("$time", time)) > 0)
            {
                new RegistryChange(RegistryAction.ModelCreated, name).Record(session, tracker.Actor, time);
            }

            var added = new NewVersion(name, run, artifactPath, copy) { Actor = tracker.Actor, Lineage = lineage, Description = description ?? "", Tags = tags ?? RunRecord.EmptyText };
            return VersionWrites.Insert(session, added, time);
        })).GetAwaiter().GetResult();
        return tracker.Read(session => ModelReader.List(session, tracker.Artifacts, name))[0].Versions.First(candidate => candidate.Version == version);
    }

    /// <summary>All models with their versions, by name.</summary>
    public virtual IReadOnlyList<RegisteredModelRecord> List() => tracker.Read(session => ModelReader.List(session, tracker.Artifacts, null));

    /// <summary>A model with its versions; <c>null</c> where there is none.</summary>
    public virtual RegisteredModelRecord? FindModel(string name)
    {
        var checkedName = ModelReference.CheckName(name);
        return tracker.Read(session => ModelReader.List(session, tracker.Artifacts, checkedName)) is [var model] ? model : null;
    }

    /// <summary>The version that a reference names; <c>null</c> where there is none.</summary>
    /// <param name="reference"><c>name</c> (its latest version), <c>name/3</c>, <c>name@alias</c> or <c>name/Stage</c> (the latest in that stage), with or without <c>models:/</c> before it.</param>
    /// <exception cref="TrackingException">The reference is not of such a form.</exception>
    public ModelVersionRecord? Find(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var parsed = ModelReference.Parse(reference);
        var model = FindModel(parsed.Name);
        return parsed switch
        {
            _ when model is null => null,
            { Version: { } version } => model.Versions.FirstOrDefault(candidate => candidate.Version == version),
            { Alias: { } alias } => model.Versions.FirstOrDefault(candidate => candidate.Aliases.Contains(alias)),
            { Stage: { } stage } => model.Versions.FirstOrDefault(candidate => candidate.Stage == stage),
            _ => model.Versions.Count == 0 ? null : model.Versions[0],
        };
    }

    /// <summary>Path on this machine of a version's file or folder: the registry's own copy, or a download of what lies in a bucket or on a server. Not to be changed.</summary>
    /// <exception cref="TrackingException">Its files are gone, or the server keeps them where this cannot reach.</exception>
    public virtual string LocalCopy(ModelVersionRecord version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return tracker.Artifacts.Local(ArtifactStore.OwnerOfCopy(version.Copy), version.NameInCopy);
    }

    /// <summary>Points an alias at a version; an alias points at one version at a time.</summary>
    public virtual void SetAlias(string name, string alias, int version)
    {
        ArgumentNullException.ThrowIfNull(alias);
        ModelReference.CheckAlias(alias);
        var promotion = Promotion.Prepare(tracker, tracker.Actor, name, Number(version));
        Change(name, version, (session, model, time) => promotion.ToAlias(session, model, version, alias, time));
    }

    /// <summary>Removes an alias; one that is not there stays so.</summary>
    public virtual void DeleteAlias(string name, string alias)
    {
        ArgumentNullException.ThrowIfNull(alias);
        Edit(name, null, edit => edit.DeleteAlias(alias));
    }

    /// <summary>Moves a version to a stage.</summary>
    /// <param name="name">The model.</param>
    /// <param name="version">The version.</param>
    /// <param name="stage">Its new stage.</param>
    /// <param name="archiveExisting">Whether the versions that are in that stage go to <see cref="ModelStage.Archived"/>; only for Staging and Production.</param>
    public virtual void SetStage(string name, int version, ModelStage stage, bool archiveExisting = false)
    {
        if (archiveExisting && stage is not (ModelStage.Staging or ModelStage.Production))
        {
            throw new TrackingException($"archiving existing versions goes with Staging or Production, not with {stage}");
        }

        var promotion = Promotion.Prepare(tracker, tracker.Actor, name, Number(version));
        Change(name, version, (session, model, time) => promotion.ToStage(session, model, version, stage, archiveExisting, time));
    }

    /// <summary>Moves a version to a stage and points an alias at it: both, or neither.</summary>
    /// <param name="name">The model.</param>
    /// <param name="version">The version.</param>
    /// <param name="stage">Its new stage.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="archiveExisting">See <see cref="SetStage"/>.</param>
    /// <exception cref="PromotionRefusedException">The model's gates do not allow it.</exception>
    public virtual void Promote(string name, int version, ModelStage stage, string alias, bool archiveExisting = false)
    {
        ArgumentNullException.ThrowIfNull(alias);
        ModelReference.CheckAlias(alias);
        var promotion = Promotion.Prepare(tracker, tracker.Actor, name, Number(version));
        Change(name, version, (session, model, time) =>
        {
            promotion.ToStage(session, model, version, stage, archiveExisting && stage is (ModelStage.Staging or ModelStage.Production), time);
            promotion.ToAlias(session, model, version, alias, time);
        });
    }

    /// <summary>Sets a label of a model, or of one of its versions.</summary>
    public virtual void SetTag(string name, string key, string value, int? version = null)
    {
        Runs.KeyRules.Check("tag", key);
        ArgumentNullException.ThrowIfNull(value);
        Edit(name, version, edit => edit.SetTag(key, value));
    }

    /// <summary>Removes a label of a model, or of one of its versions.</summary>
    public virtual void DeleteTag(string name, string key, int? version = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        Edit(name, version, edit => edit.DeleteTag(key));
    }

    /// <summary>Describes a model, or one of its versions.</summary>
    public virtual void SetDescription(string name, string description, int? version = null)
    {
        ArgumentNullException.ThrowIfNull(description);
        Edit(name, version, edit => edit.Describe(description));
    }

    /// <summary>Digests the files of a version again and says whether they are those that were registered.</summary>
    /// <param name="reference">See <see cref="Find"/>.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="TrackingException">There is no such version.</exception>
    public virtual VersionIntegrity Verify(string reference, CancellationToken cancellation = default) => VersionIntegrity.Of(tracker, FindOrThrow(reference), cancellation);

    internal ModelVersionRecord FindOrThrow(string reference) =>
        Find(reference) ?? throw Service.ServiceException.NotFound($"'{reference}': no such model version; list the models to see what there is");

    private static string Number(int version) => version.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void Edit(string name, int? version, Action<RegistryEdit> edit) =>
        Change(name, version, (session, model, time) => edit(new RegistryEdit(session, model, name, version, tracker.Actor, time)));

    private void Change(string name, int? version, Action<WriteSession, long, long> work)
    {
        ModelReference.CheckName(name);
        tracker.Database.WritesOrThrow().Call(session =>
        {
            var model = session.Sql.Number("SELECT id FROM models WHERE name = $name", ("$name", name))
                ?? throw new TrackingException($"'{name}': no registered model of that name; register a version first, or list the models");
            var time = tracker.Now();
            if (version is { } number && session.Sql.Execute(
                "UPDATE model_versions SET updated = $time WHERE model = $model AND version = $version",
                ("$time", time), ("$model", model), ("$version", (long)number)) == 0)
            {
                throw new TrackingException($"'{name}' has no version {number}; list the models to see what there is");
            }

            session.Sql.Execute("UPDATE models SET updated = $time WHERE id = $model", ("$time", time), ("$model", model));
            work(session, model, time);
            return true;
        });
    }
}
