using System.Globalization;

namespace Roux.Tracking.Service;

/// <summary>What an experiment takes up in the database.</summary>
/// <param name="Id">Id.</param>
/// <param name="Name">Name.</param>
/// <param name="IsDeleted">Whether it is deleted and waits for a cleanup.</param>
/// <param name="Runs">Its runs, deleted ones included.</param>
/// <param name="DeletedRuns">Those of them that wait for a cleanup.</param>
/// <param name="Points">Metric points.</param>
/// <param name="MetricBytes">What the points take up.</param>
internal sealed record ExperimentStorage(string Id, string Name, bool IsDeleted, long Runs, long DeletedRuns, long Points, long MetricBytes);

/// <summary>What a store takes up.</summary>
/// <param name="DatabaseBytes">Size of the database.</param>
/// <param name="FreeBytes">What of it is free for what comes.</param>
/// <param name="Experiments">By experiment, the largest first.</param>
internal sealed record StorageUse(long DatabaseBytes, long FreeBytes, IReadOnlyList<ExperimentStorage> Experiments);

/// <summary>Tells what takes up space.</summary>
internal sealed class StorageService(Tracker tracker)
{
    public StorageUse Read()
    {
        var (bytes, free) = tracker.Database.Space();
        return tracker.Database.Read(session =>
        {
            var runs = session.Rows(
                "SELECT experiment, count(*), sum(CASE WHEN deleted IS NULL THEN 0 ELSE 1 END) FROM runs GROUP BY experiment", row => (Key: row.Int64(0), All: row.Int64(1), Deleted: row.Int64(2)))
                .ToDictionary(row => row.Key);
            var points = session.Rows(
                "SELECT r.experiment, CAST(sum(c.count) AS BIGINT), CAST(sum(length(c.points)) AS BIGINT) FROM metric_chunks c JOIN runs r ON r.id = c.run GROUP BY r.experiment",
                row => (Key: row.Int64(0), Points: row.Int64(1), Bytes: row.Int64(2))).ToDictionary(row => row.Key);
            var experiments = session.Rows("SELECT id, name, deleted FROM experiments", row => (Key: row.Int64(0), Name: row.Text(1), Deleted: !row.IsNull(2)));
            return new StorageUse(bytes, free, [.. experiments.Select(one => new ExperimentStorage(
                one.Key.ToString(CultureInfo.InvariantCulture), one.Name, one.Deleted, runs.GetValueOrDefault(one.Key).All, runs.GetValueOrDefault(one.Key).Deleted,
                points.GetValueOrDefault(one.Key).Points, points.GetValueOrDefault(one.Key).Bytes)).OrderByDescending(one => one.MetricBytes).ThenByDescending(one => one.Runs)]);
        });
    }

    /// <summary>Owners of artifacts with the id of their experiment; the registry's copies have none.</summary>
    public IReadOnlyDictionary<string, string> Owners() => tracker.Database.Read(session => session.Rows("SELECT run_id, experiment FROM runs", row => (Owner: row.Text(0), Key: row.Int64(1)))
        .Concat(session.Rows("SELECT model_id, experiment FROM logged_models", row => (Owner: Artifacts.ArtifactStore.OwnerOfModel(row.Text(0)), Key: row.Int64(1))))
        .ToDictionary(row => row.Owner, row => row.Key.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal));
}
