using System.Globalization;
using Roux.Tracking.Accounts;
using Roux.Tracking.Search;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>Evaluation datasets for a server's clients.</summary>
internal sealed class EvaluationDatasetService(Tracker tracker)
{
    private const int LongestName = 255;
    private const int LongestKey = 255;
    private const int LongestTag = 5000;
    private const string UserTag = "mlflow.user";

    private static readonly EntityShape Shape = new("evaluation_datasets d", "d.id")
    {
        Columns = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = "d.name",
            ["dataset_id"] = "d.dataset_id",
            ["created_by"] = "d.created_by",
            ["last_updated_by"] = "d.updated_by",
            ["created_time"] = "d.created",
            ["last_update_time"] = "d.updated",
        },
        Tags = "SELECT 1 FROM evaluation_dataset_tags t WHERE t.dataset = d.id",
        DefaultOrder = "d.created DESC, d.id DESC",
    };

    public async Task<EvaluationDataset> CreateAsync(string name, string project, IReadOnlyDictionary<string, string> tags, IReadOnlyList<string> experimentIds)
    {
        Limits.CheckLength("Dataset name", name, LongestName);
        Check(tags);
        var id = "d-" + Guid.NewGuid().ToString("N");
        await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var time = tracker.Now();
            var user = tags.GetValueOrDefault(UserTag);
            var key = session.Sql.Insert(
                """
                INSERT INTO evaluation_datasets (dataset_id, name, project, digest, created, updated, created_by, updated_by)
                VALUES ($datasetId, $name, $project, $digest, $time, $time, $user, $user)
                """,
                ("$datasetId", id), ("$name", name), ("$project", project), ("$digest", EvaluationJson.Digest(name, time)), ("$time", time), ("$user", user));
            SetTags(session, key, tags);
            Link(session, key, experimentIds);
            return true;
        }).ConfigureAwait(false);
        return Get(id);
    }

    public EvaluationDataset Get(string id) => tracker.Database.Read(session => Load(session, [Key(session, id)])[0]);

    public Task DeleteAsync(string id) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var key = Key(session.Sql, id);
        foreach (var table in (string[])["evaluation_records", "evaluation_dataset_experiments", "evaluation_dataset_tags"])
        {
            session.Sql.Execute($"DELETE FROM {table} WHERE dataset = $key", ("$key", key));
        }

        return session.Sql.Execute("DELETE FROM evaluation_datasets WHERE id = $key", ("$key", key));
    });

    /// <summary>Datasets of some experiments, or of any where none is named.</summary>
    public Page<EvaluationDataset> Search(IReadOnlyList<string> experimentIds, string filter, IReadOnlyList<string> order, int maxResults, long offset, Reach reach)
    {
        var sql = new ConditionSql(tracker.Database.Dialect);
        var conditions = new List<string>(reach.ConditionsOn(sql, "d.project"));
        if (experimentIds.Count > 0)
        {
            conditions.Add($"EXISTS (SELECT 1 FROM evaluation_dataset_experiments e WHERE e.dataset = d.id AND e.experiment IN ({string.Join(',', ExperimentService.Keys(experimentIds))}))");
        }

        var compiled = EntityCompiler.Compile(
            sql, Shape, EntityCompiler.Parse(filter, Vocabulary.EvaluationDatasets), EntityCompiler.ParseOrder(order, Vocabulary.EvaluationDatasets), conditions, maxResults + 1, offset);
        return tracker.Database.Read(session =>
            Page<EvaluationDataset>.Of(Load(session, session.Rows(compiled.Sql, row => row.Int64(0), compiled.Parameters)), maxResults, offset));
    }

    /// <summary>Sets tags over those there are.</summary>
    public Task<EvaluationDataset> SetTagsAsync(string id, IReadOnlyDictionary<string, string> tags)
    {
        Check(tags);
        return ChangeAsync(id, (session, key) =>
        {
            SetTags(session, key, tags);
            session.Sql.Execute("UPDATE evaluation_datasets SET updated = $time, updated_by = coalesce($user, updated_by) WHERE id = $key",
                ("$time", tracker.Now()), ("$user", tags.GetValueOrDefault(UserTag)), ("$key", key));
        });
    }

    public Task<EvaluationDataset> DeleteTagAsync(string id, string name) => ChangeAsync(id, (session, key) =>
        session.Sql.Execute("DELETE FROM evaluation_dataset_tags WHERE dataset = $key AND name = $name", ("$key", key), ("$name", name)));

    public Task<(int Inserted, int Updated)> UpsertAsync(string id, IReadOnlyList<NewEvaluationRecord> records) =>
        tracker.Database.WritesOrThrow().StartAsync(session => EvaluationRecords.Upsert(session, Key(session.Sql, id), records, tracker.Now()));

    public Page<EvaluationRecord> Records(string id, int maxResults, long offset) => tracker.Database.Read(session =>
        Page<EvaluationRecord>.Of(EvaluationRecords.Page(session, Key(session, id), id, maxResults + 1, offset), maxResults, offset));

    public Task<EvaluationDataset> LinkAsync(string id, IReadOnlyList<string> experimentIds) => ChangeAsync(id, (session, key) => Link(session, key, experimentIds));

    public Task<EvaluationDataset> UnlinkAsync(string id, IReadOnlyList<string> experimentIds) => ChangeAsync(id, (session, key) =>
    {
        foreach (var experiment in ExperimentService.Keys(experimentIds))
        {
            session.Sql.Execute("DELETE FROM evaluation_dataset_experiments WHERE dataset = $key AND experiment = $experiment", ("$key", key), ("$experiment", experiment));
        }
    });

    /// <summary>Data sets that runs of some experiments read, with the part that each played.</summary>
    public IReadOnlyList<DatasetSummary> Summaries(IReadOnlyList<string> experimentIds, int limit, Reach reach) => tracker.Database.Read(session =>
    {
        var keys = reach.Of(session, ExperimentService.Keys(experimentIds));
        return keys.Count == 0 ? [] : session.Rows(
            $"""
            SELECT DISTINCT r.experiment, d.name, d.digest, i.context
            FROM runs r JOIN run_datasets i ON i.run = r.id JOIN datasets d ON d.id = i.dataset
            WHERE r.experiment IN ({string.Join(',', keys)}) AND r.deleted IS NULL ORDER BY r.experiment, d.name, d.digest, i.context LIMIT $limit
            """,
            row => new DatasetSummary(row.Int64(0).ToString(CultureInfo.InvariantCulture), row.Text(1), row.Text(2), row.Text(3)), ("$limit", (long)limit));
    });

    internal static ServiceException NoSuchDataset(string id) => ServiceException.NotFound($"Dataset with id '{id}' not found");

    private static long Key(StoreSession session, string id) =>
        session.Number("SELECT id FROM evaluation_datasets WHERE dataset_id = $id", ("$id", id)) ?? throw NoSuchDataset(id);

    private static void Check(IReadOnlyDictionary<string, string> tags)
    {
        Limits.CheckCount("tags", Limits.Tags, tags.Count);
        foreach (var (key, value) in tags)
        {
            Limits.CheckLength("Tag key", key, LongestKey);
            Limits.CheckLength("Tag value", value, LongestTag);
        }
    }

    private async Task<EvaluationDataset> ChangeAsync(string id, Action<WriteSession, long> change)
    {
        await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            change(session, Key(session.Sql, id));
            return true;
        }).ConfigureAwait(false);
        return Get(id);
    }

    private static void Link(WriteSession session, long key, IReadOnlyList<string> experimentIds)
    {
        foreach (var experiment in experimentIds)
        {
            session.Sql.Execute(
                "INSERT INTO evaluation_dataset_experiments (dataset, experiment) VALUES ($key, $experiment) ON CONFLICT DO NOTHING",
                ("$key", key), ("$experiment", ExperimentService.Key(session.Sql, experiment)));
        }
    }

    private static void SetTags(WriteSession session, long key, IReadOnlyDictionary<string, string> tags)
    {
        foreach (var (name, value) in tags)
        {
            session.Sql.Execute(
                "INSERT INTO evaluation_dataset_tags (dataset, name, value) VALUES ($key, $name, $value) ON CONFLICT (dataset, name) DO UPDATE SET value = excluded.value",
                ("$key", key), ("$name", name), ("$value", value));
        }
    }

    private static List<EvaluationDataset> Load(StoreSession session, List<long> keys)
    {
        if (keys.Count == 0)
        {
            return [];
        }

        var list = string.Join(',', keys);
        var tags = session.Rows($"SELECT dataset, name, value FROM evaluation_dataset_tags WHERE dataset IN ({list})",
            row => (Key: row.Int64(0), Name: row.Text(1), Value: row.Text(2))).ToLookup(tag => tag.Key);
        var experiments = session.Rows($"SELECT dataset, experiment FROM evaluation_dataset_experiments WHERE dataset IN ({list}) ORDER BY experiment",
            row => (Key: row.Int64(0), Id: row.Int64(1).ToString(CultureInfo.InvariantCulture))).ToLookup(link => link.Key, link => link.Id);
        var found = session.Rows(
            $"SELECT id, dataset_id, name, schema, records, digest, created, updated, created_by, updated_by FROM evaluation_datasets WHERE id IN ({list})",
            row => new EvaluationDataset(row.Int64(0), row.Text(1), row.Text(2), row.TextOrNull(3), row.Int64(4), row.Text(5), row.Int64(6), row.Int64(7))
            {
                CreatedBy = row.TextOrNull(8),
                UpdatedBy = row.TextOrNull(9),
                Tags = tags[row.Int64(0)].ToDictionary(tag => tag.Name, tag => tag.Value, StringComparer.Ordinal),
                ExperimentIds = [.. experiments[row.Int64(0)]],
            }).ToDictionary(dataset => dataset.Key);
        return [.. keys.Select(key => found[key])];
    }
}
