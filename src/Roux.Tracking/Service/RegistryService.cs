using System.Globalization;
using Roux.Tracking.Registry;
using Roux.Tracking.Search;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>Registered models for one of a server's clients. Versions are in <see cref="VersionService"/>.</summary>
/// <param name="tracker">The store.</param>
/// <param name="actor">Who asks.</param>
internal sealed class RegistryService(Tracker tracker, string actor)
{
    private static readonly EntityShape Shape = new("models m", "m.id")
    {
        Columns = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = "m.name",
            ["creation_timestamp"] = "m.created",
            ["last_updated_timestamp"] = "m.updated",
        },
        Tags = "SELECT 1 FROM model_tags t WHERE t.model = m.id",
        DefaultOrder = "m.name ASC",
    };

    public VersionService Versions { get; } = new(tracker, actor);

    public async Task<RegisteredModelRecord> CreateAsync(string name, string? description, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        CheckName(name);
        Limits.CheckLength("Description", description ?? "", Limits.LongText);
        foreach (var (key, value) in tags)
        {
            Limits.CheckTag("tags.key", key, value);
        }

        await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            RefuseTaken(session.Sql, name);
            var time = tracker.Now();
            var model = session.Sql.Insert(
                "INSERT INTO models (name, description, created, updated) VALUES ($name, $description, $time, $time)",
                ("$name", name), ("$description", description ?? ""), ("$time", time));
            foreach (var (key, value) in tags)
            {
                VersionWrites.SetTag(session, model, null, key, value);
            }

            new RegistryChange(RegistryAction.ModelCreated, name).Record(session, actor, time);
            return true;
        }).ConfigureAwait(false);
        return Get(name);
    }

    public RegisteredModelRecord Get(string name) => tracker.Database.Read(session => ModelReader.List(session, tracker.Artifacts, name)) is [var model] ? model : throw NoSuchModel(name);

    public async Task<RegisteredModelRecord> RenameAsync(string name, string newName)
    {
        CheckName(newName);
        await Change(name, (session, model, time) =>
        {
            RefuseTaken(session.Sql, newName, model);
            session.Sql.Execute("UPDATE models SET name = $name, updated = $time WHERE id = $model", ("$name", newName), ("$time", time), ("$model", model));
            session.Sql.Execute("UPDATE model_versions SET updated = $time WHERE model = $model", ("$time", time), ("$model", model));
            new RegistryChange(RegistryAction.ModelRenamed, newName) { Before = RegistryChange.Of("name", name), After = RegistryChange.Of("name", newName) }.Record(session, actor, time);
        }).ConfigureAwait(false);
        return Get(newName);
    }

    public async Task<RegisteredModelRecord> DescribeAsync(string name, string description)
    {
        Limits.CheckLength("Description", description, Limits.LongText);
        await Change(name, (session, model, time) =>
        {
            Edit(session, model, name, time).Describe(description);
            session.Sql.Execute("UPDATE models SET updated = $time WHERE id = $model", ("$time", time), ("$model", model));
        }).ConfigureAwait(false);
        return Get(name);
    }

    /// <summary>Removes a model with its versions and their copies.</summary>
    public async Task DeleteAsync(string name)
    {
        var copies = await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var model = Key(session.Sql, name);
            var folders = session.Sql.Rows("SELECT folder FROM model_versions WHERE model = $model", row => row.Text(0), ("$model", model));
            Edit(session, model, name, tracker.Now()).Delete();
            return folders;
        }).ConfigureAwait(false);
        foreach (var copy in copies)
        {
            await Versions.RemoveCopyAsync(copy).ConfigureAwait(false);
        }
    }

    public Task SetTagAsync(string name, string key, string value)
    {
        Limits.CheckTag("key", key, value);
        return Change(name, (session, model, time) => Edit(session, model, name, time).SetTag(key, value));
    }

    public Task DeleteTagAsync(string name, string key) => Change(name, (session, model, time) => Edit(session, model, name, time).DeleteTag(key));

    public Task SetAliasAsync(string name, string alias, string version)
    {
        ServiceException.Checked(() => ModelReference.CheckAlias(alias));
        var promotion = Promotion.Prepare(tracker, actor, name, version);
        return Change(name, (session, model, time) => promotion.ToAlias(session, model, VersionService.Number(session.Sql, model, name, version), alias, time));
    }

    public Task DeleteAliasAsync(string name, string alias) => Change(name, (session, model, time) => Edit(session, model, name, time).DeleteAlias(alias));

    public ModelVersionRecord GetByAlias(string name, string alias) => tracker.Database.Read(session =>
    {
        var model = Key(session, name);
        var version = session.Number("SELECT version FROM model_aliases WHERE model = $model AND alias = $alias", ("$model", model), ("$alias", alias))
            ?? throw ServiceException.Invalid($"Registered model alias {alias} not found.");
        return ModelReader.Versions(session, tracker.Artifacts, model, name, version)[0];
    });

    public Page<RegisteredModelRecord> Search(string filter, IReadOnlyList<string> order, int maxResults, long offset, Reach reach)
    {
        var sql = new ConditionSql(tracker.Database.Dialect);
        var compiled = EntityCompiler.Compile(
            sql, Shape, EntityCompiler.Parse(filter, Vocabulary.Models), EntityCompiler.ParseOrder(order, Vocabulary.ModelOrder), reach.Conditions(sql, Shape.Tags!), maxResults + 1, offset);
        return tracker.Database.Read(session => Page<RegisteredModelRecord>.Of(
            ModelReader.Load(session, tracker.Artifacts, session.Rows(compiled.Sql, row => row.Int64(0), compiled.Parameters)), maxResults, offset));
    }

    /// <summary>The latest version in each stage, of all stages or some.</summary>
    public static IEnumerable<ModelVersionRecord> Latest(RegisteredModelRecord model, IReadOnlyCollection<ModelStage>? stages = null) =>
        model.Versions.Where(version => stages is null || stages.Contains(version.Stage)).GroupBy(version => version.Stage).Select(group => group.First()).OrderBy(version => version.Version);

    internal static long Key(StoreSession session, string name) =>
        session.Number("SELECT id FROM models WHERE name = $name", ("$name", name)) ?? throw NoSuchModel(name);

    internal static ServiceException NoSuchModel(string name) => ServiceException.NotFound($"Registered Model with name={name} not found");

    private static void CheckName(string name)
    {
        if (name.Length == 0)
        {
            throw ServiceException.Missing("name");
        }

        ServiceException.Checked(() => ModelReference.CheckName(name));
    }

    private static void RefuseTaken(StoreSession session, string name, long? except = null)
    {
        if (session.Number("SELECT id FROM models WHERE name = $name", ("$name", name)) is { } other && other != except)
        {
            throw ServiceException.Exists(string.Create(CultureInfo.InvariantCulture, $"Registered Model (name={name}) already exists."));
        }
    }

    private RegistryEdit Edit(WriteSession session, long model, string name, long time) => new(session, model, name, null, actor, time);

    private Task<bool> Change(string name, Action<WriteSession, long, long> work) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        work(session, Key(session.Sql, name), tracker.Now());
        return true;
    });
}
