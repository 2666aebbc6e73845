using System.Globalization;
using Roux.Tracking.Search;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>An experiment as clients see it. Times are milliseconds since 1970.</summary>
internal sealed record ExperimentDetails(long Key, string Name, long Created, long Updated, bool IsDeleted)
{
    public string Id => Key.ToString(CultureInfo.InvariantCulture);

    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;
}

/// <summary>An experiment with what has become of its runs.</summary>
internal sealed record ExperimentSummary(string Id, string Name, long Runs, long Running, long Failed, DateTimeOffset? Latest);

/// <summary>Experiments for a server's clients.</summary>
internal sealed class ExperimentService(Tracker tracker)
{
    private const int LongestName = 500;

    private static readonly EntityShape Shape = new("experiments e", "e.id")
    {
        Columns = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = "e.name",
            ["experiment_id"] = "e.id",
            ["creation_time"] = "e.created",
            ["last_update_time"] = "coalesce(e.updated, e.created)",
        },
        Tags = "SELECT 1 FROM experiment_tags t WHERE t.experiment = e.id",
        DefaultOrder = "e.created DESC, e.id DESC",
    };

    public Task<string> CreateAsync(string name, string? artifactLocation, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        CheckName(name);
        if (!string.IsNullOrEmpty(artifactLocation))
        {
            throw ServiceException.Invalid("Invalid value for parameter 'artifact_location' supplied: this server keeps all artifacts in its own store; leave the location out");
        }

        foreach (var (key, value) in tags)
        {
            Limits.CheckTag("tags.key", key, value);
        }

        return tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            RefuseTaken(session.Sql, name);
            var time = tracker.Now();
            var id = session.Sql.Insert("INSERT INTO experiments (name, created, updated) VALUES ($name, $time, $time)", ("$name", name), ("$time", time));
            foreach (var (key, value) in tags)
            {
                SetTag(session, id, key, value);
            }

            return id.ToString(CultureInfo.InvariantCulture);
        });
    }

    public ExperimentDetails Get(string id) =>
        tracker.Database.Read(session => Load(session, [Key(session, id)])) is [var experiment] ? experiment : throw NoSuchExperiment(id);

    public ExperimentDetails GetByName(string name) => tracker.Database.Read(session =>
        session.Number("SELECT id FROM experiments WHERE name = $name", ("$name", name)) is { } key
            ? Load(session, [key])[0]
            : throw NoSuchName(name));

    public Task RenameAsync(string id, string? name)
    {
        if (!string.IsNullOrEmpty(name))
        {
            CheckName(name);
        }

        return tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var key = Active(session.Sql, id);
            if (!string.IsNullOrEmpty(name))
            {
                RefuseTaken(session.Sql, name, key);
                session.Sql.Execute("UPDATE experiments SET name = $name, updated = $time WHERE id = $key", ("$name", name), ("$time", tracker.Now()), ("$key", key));
            }

            return true;
        });
    }

    /// <summary>Deletes an experiment and, with it, its runs.</summary>
    public Task DeleteAsync(string id) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var key = Active(session.Sql, id);
        var time = tracker.Now();
        session.Sql.Execute("UPDATE experiments SET deleted = $time, updated = $time WHERE id = $key", ("$time", time), ("$key", key));
        return session.Sql.Execute("UPDATE runs SET deleted = $time WHERE experiment = $key AND deleted IS NULL", ("$time", time), ("$key", key));
    });

    /// <summary>Brings an experiment back, and those of its runs that went with it.</summary>
    public Task RestoreAsync(string id) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var key = Key(session.Sql, id);
        if (session.Sql.Number("SELECT deleted FROM experiments WHERE id = $key", ("$key", key)) is not { } deleted)
        {
            throw ServiceException.Invalid($"The experiment {id} must be in the 'deleted' state. Current state is active.");
        }

        session.Sql.Execute("UPDATE runs SET deleted = NULL WHERE experiment = $key AND deleted = $deleted", ("$key", key), ("$deleted", deleted));
        return session.Sql.Execute("UPDATE experiments SET deleted = NULL, updated = $time WHERE id = $key", ("$time", tracker.Now()), ("$key", key));
    });

    public Task SetTagAsync(string id, string key, string value)
    {
        Limits.CheckTag("key", key, value);
        return tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var experiment = Active(session.Sql, id);
            SetTag(session, experiment, key, value);
            return session.Sql.Execute("UPDATE experiments SET updated = $time WHERE id = $key", ("$time", tracker.Now()), ("$key", experiment));
        });
    }

    public Task DeleteTagAsync(string id, string key) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var experiment = Active(session.Sql, id);
        return session.Sql.Execute("DELETE FROM experiment_tags WHERE experiment = $experiment AND name = $name", ("$experiment", experiment), ("$name", key)) == 1
            ? true
            : throw ServiceException.NotFound($"No tag with name: {key} in experiment with id {id}");
    });

    public Page<ExperimentDetails> Search(string filter, IReadOnlyList<string> order, View view, int maxResults, long offset, Reach reach)
    {
        var sql = new ConditionSql(tracker.Database.Dialect);
        IReadOnlyList<string> state = view switch { View.ActiveOnly => ["e.deleted IS NULL"], View.DeletedOnly => ["e.deleted IS NOT NULL"], _ => [] };
        var compiled = EntityCompiler.Compile(
            sql, Shape, EntityCompiler.Parse(filter, Vocabulary.Experiments), EntityCompiler.ParseOrder(order, Vocabulary.ExperimentOrder),
            [.. state, .. reach.Conditions(sql, Shape.Tags!)], maxResults + 1, offset);
        return tracker.Database.Read(session =>
            Page<ExperimentDetails>.Of(Load(session, session.Rows(compiled.Sql, row => row.Int64(0), compiled.Parameters)), maxResults, offset));
    }

    /// <summary>The live experiments with their runs counted, the one with the latest run first.</summary>
    public IReadOnlyList<ExperimentSummary> Summaries(Reach reach) => tracker.Database.Read(session =>
    {
        var names = session.Rows("SELECT id, name FROM experiments WHERE deleted IS NULL", row => (Key: row.Int64(0), Name: row.Text(1))).ToDictionary(row => row.Key, row => row.Name);
        var inside = reach.Of(session, [.. names.Keys]);
        var counts = session.Rows(
                """
                SELECT experiment, count(*), CAST(sum(CASE status WHEN 1 THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE status WHEN 4 THEN 1 ELSE 0 END) AS BIGINT), max(started)
                FROM runs WHERE deleted IS NULL GROUP BY experiment
                """,
                row => (Key: row.Int64(0), Runs: row.Int64(1), Running: row.Int64(2), Failed: row.Int64(3), Latest: RunReader.Time(row.Int64(4)))).ToDictionary(row => row.Key);
        return inside.Select(key => counts.TryGetValue(key, out var count)
                ? new ExperimentSummary(key.ToString(CultureInfo.InvariantCulture), names[key], count.Runs, count.Running, count.Failed, count.Latest)
                : new ExperimentSummary(key.ToString(CultureInfo.InvariantCulture), names[key], 0, 0, 0, null))
            .OrderByDescending(experiment => experiment.Latest).ThenBy(experiment => experiment.Name, StringComparer.OrdinalIgnoreCase).ToList();
    });

    /// <summary>The key of a live experiment.</summary>
    internal static long Active(StoreSession session, string id)
    {
        var found = TryKey(id) is { } key
            ? session.Rows("SELECT id, deleted FROM experiments WHERE id = $key" + session.Dialect.Shared, row => (Key: row.Int64(0), IsDeleted: !row.IsNull(1)), ("$key", key))
            : [];
        return found is not [var experiment] ? throw NoSuchExperiment(id)
            : experiment.IsDeleted ? throw ServiceException.Invalid($"The experiment {id} must be in the 'active' state. Current state is deleted.")
            : experiment.Key;
    }

    /// <summary>The key of an experiment, live or deleted.</summary>
    internal static long Key(StoreSession session, string id) =>
        TryKey(id) is { } key && session.Number("SELECT id FROM experiments WHERE id = $key", ("$key", key)) is { } found ? found : throw NoSuchExperiment(id);

    /// <summary>The key that an id stands for, there or not; <c>null</c> for what is no id.</summary>
    internal static long? TryKey(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : null;

    /// <summary>The keys that ids to search in stand for; those of no experiment stay, and find nothing.</summary>
    internal static IReadOnlyList<long> Keys(IReadOnlyList<string> ids) => ids.Count <= Limits.SearchedExperiments
        ? [.. ids.Select(id => TryKey(id) ?? -1).Distinct()]
        : throw ServiceException.Invalid($"a search takes at most {Limits.SearchedExperiments} experiment ids; got {ids.Count}");

    internal static ServiceException NoSuchName(string name) => ServiceException.NotFound($"Could not find experiment with name '{name}'");

    internal static ServiceException NoSuchExperiment(string id) => ServiceException.NotFound($"No Experiment with id={id} exists");

    private static void CheckName(string name)
    {
        Limits.CheckLength("Experiment name", name, LongestName);
        if (string.IsNullOrWhiteSpace(name) || name.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            throw ServiceException.Invalid($"Invalid experiment name: '{name}'");
        }
    }

    private static void RefuseTaken(StoreSession session, string name, long? except = null)
    {
        var taken = session.Rows("SELECT id, deleted FROM experiments WHERE name = $name", row => (Key: row.Int64(0), IsDeleted: !row.IsNull(1)), ("$name", name));
        if (taken is [var other] && other.Key != except)
        {
            throw ServiceException.Exists($"Experiment(name={name}) already exists.{(other.IsDeleted ? " It is deleted: restore it, or choose another name." : "")}");
        }
    }

    private static void SetTag(WriteSession session, long experiment, string key, string value) => session.Sql.Execute(
        "INSERT INTO experiment_tags (experiment, name, value) VALUES ($experiment, $name, $value) ON CONFLICT (experiment, name) DO UPDATE SET value = excluded.value",
        ("$experiment", experiment), ("$name", key), ("$value", value));

    private static List<ExperimentDetails> Load(StoreSession session, IReadOnlyList<long> keys)
    {
        var list = keys.ToArray();
        var tags = session.Rows($"SELECT t.experiment, t.name, t.value FROM {session.Dialect.Numbers("$keys")} CROSS JOIN experiment_tags t WHERE t.experiment = j.value",
            row => (Key: row.Int64(0), Name: row.Text(1), Value: row.Text(2)), ("$keys", list)).ToLookup(tag => tag.Key);
        return session.Rows(
            $"""
            SELECT e.id, e.name, e.created, coalesce(e.updated, e.created), e.deleted
            FROM {session.Dialect.Numbers("$keys")} CROSS JOIN experiments e WHERE e.id = j.value ORDER BY j.key
            """,
            row => new ExperimentDetails(row.Int64(0), row.Text(1), row.Int64(2), row.Int64(3), !row.IsNull(4))
            {
                Tags = tags[row.Int64(0)].ToDictionary(tag => tag.Name, tag => tag.Value, StringComparer.Ordinal),
            },
            ("$keys", list));
    }
}
