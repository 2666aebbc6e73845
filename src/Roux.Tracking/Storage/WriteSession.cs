using Roux.Tracking.Metrics;

namespace Roux.Tracking.Storage;

/// <summary>The writer's connection: transactions, and the writes that are hot or shared.</summary>
internal class WriteSession(StoreSession sql) : IDisposable
{
    /// <summary>Up to so many names are looked for one by one.</summary>
    private const int FewNames = 3;

    private readonly Dictionary<string, long> keys = new(StringComparer.Ordinal);
    private long points;
    private bool isSingle;

    /// <summary>The connection's statements.</summary>
    public StoreSession Sql => sql;

    /// <summary>Metric points appended since this was asked last.</summary>
    public long TakePoints() => (points, points = 0).Item1;

    /// <summary>Begins a transaction.</summary>
    /// <param name="isSingle">Whether it is for one operation, which then is undone with the transaction and needs no savepoint.</param>
    public virtual void Begin(bool isSingle)
    {
        this.isSingle = isSingle;
        sql.BeginWrite();
    }

    public virtual void Commit() => sql.Commit();

    /// <summary>Undoes what the transaction wrote.</summary>
    public virtual void Rollback()
    {
        keys.Clear();
        points = 0;
        sql.Rollback();
    }

    /// <summary>Begins an operation that may have to be undone alone.</summary>
    public virtual void BeginCall()
    {
        if (!isSingle)
        {
            sql.Execute("SAVEPOINT call");
        }
    }

    /// <summary>The operation of <see cref="BeginCall"/> is done.</summary>
    public virtual void EndCall()
    {
        if (!isSingle)
        {
            sql.Execute("RELEASE call");
        }
    }

    /// <summary>Undoes the operation of <see cref="BeginCall"/>.</summary>
    /// <exception cref="StoreException">The whole transaction has to be undone and tried again.</exception>
    public virtual void UndoCall()
    {
        if (isSingle)
        {
            Rollback();
            sql.BeginWrite();
            return;
        }

        sql.Run("ROLLBACK TO call; RELEASE call");
        keys.Clear();
    }

    /// <summary>The integer key of a name, new or old.</summary>
    public virtual long Key(string name)
    {
        if (!keys.TryGetValue(name, out var id))
        {
            id = sql.Number("SELECT id FROM keys WHERE name = $name", ("$name", name))
                ?? sql.Insert("INSERT INTO keys (name) VALUES ($name)", ("$name", name));
            keys.Add(name, id);
        }

        return id;
    }

    /// <summary>Says that the keys of these names will be asked for.</summary>
    public virtual void Foresee(IEnumerable<string> names)
    {
    }

    /// <summary>
    /// The key of a run that is about to be written, and whether it is deleted; <c>null</c> where there is none. Nobody else changes it until the
    /// transaction ends.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="plan">What is to be written, so that a database that is far away can be asked for all at once.</param>
    public virtual (long Key, bool IsDeleted)? FindRun(string runId, Func<RunPlan>? plan)
    {
        (long, bool)? found = null;
        sql.Each("SELECT id, deleted FROM runs WHERE run_id = $runId" + sql.Dialect.Locked, row => found = (row.Int64(0), !row.IsNull(1)), ("$runId", runId));
        return found;
    }

    /// <summary>Sets params that the run does not have yet; returns those that have another value, with that value.</summary>
    public virtual IReadOnlyList<(string Key, string Given, string Known)> AddParams(long run, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        List<(string, string, string)>? other = null;
        foreach (var (key, value) in parameters)
        {
            var keyId = Key(key);
            if (sql.Execute(
                "INSERT INTO params (run, key, value) VALUES ($run, $key, $value) ON CONFLICT DO NOTHING", ("$run", run), ("$key", keyId), ("$value", value)) == 0)
            {
                var known = sql.Rows("SELECT value FROM params WHERE run = $run AND key = $key", row => row.Text(0), ("$run", run), ("$key", keyId))[0];
                if (known != value)
                {
                    (other ??= []).Add((key, value, known));
                }
            }
        }

        return other ?? [];
    }

    /// <summary>The step and time of the latest point of each of some metrics of a run; <c>null</c> for those that it does not have.</summary>
    public virtual (long Step, long Timestamp)?[] Latest(long run, IReadOnlyList<string> names)
    {
        var latest = new (long, long)?[names.Count];
        if (names.Count > FewNames)
        {
            sql.Each(
                $"SELECT j.key, t.step, t.time FROM {sql.Dialect.Numbers("$keys")} CROSS JOIN latest_metrics t WHERE t.run = $run AND t.key = j.value",
                row => latest[row.Int64(0)] = (row.Int64(1), row.Int64(2)),
                ("$keys", names.Select(Key).ToArray()), ("$run", run));
            return latest;
        }

        for (var index = 0; index < latest.Length; index++)
        {
            sql.Each(
                "SELECT step, time FROM latest_metrics WHERE run = $run AND key = $key", row => latest[index] = (row.Int64(0), row.Int64(1)),
                ("$run", run), ("$key", Key(names[index])));
        }

        return latest;
    }

    /// <summary>
    /// Appends points to series of a run. A chunk that is not larger than the points behind it is taken up into them, so that the number of
    /// small chunks grows with the logarithm of the number of points, however few come at a time, and each point is rewritten that often.
    /// </summary>
    /// <param name="run">Key of the run.</param>
    /// <param name="series">Their new points, no metric twice.</param>
    public virtual void AppendMetrics(long run, IReadOnlyList<NewPoints> series)
    {
        foreach (var (key, block, isNew) in series)
        {
            Count(block.Count);
            Append(run, key, block, isNew);
        }
    }

    public void Dispose() => sql.Dispose();

    /// <summary>Counts points for <see cref="TakePoints"/>.</summary>
    protected void Count(int appended) => points += appended;

    private void Append(long run, string key, MetricBlock block, bool isNew)
    {
        var keyId = Key(key);
        UpdateLatest(run, keyId, block);
        while (!isNew && block.Count <= MetricChunk.Capacity / 2 && Tail(run, keyId) is { } tail && tail.Count <= block.Count)
        {
            block = sql.Rows("SELECT points FROM metric_chunks WHERE id = $id", row => MetricChunk.Decode(row.Blob(0)), ("$id", tail.Id))[0].Then(block);
            sql.Execute("DELETE FROM metric_chunks WHERE id = $id", ("$id", tail.Id));
        }

        var (minStep, maxStep) = MetricBlock.Range(block.Steps);
        var (minTime, maxTime) = MetricBlock.Range(block.Timestamps);
        sql.Execute(
            """
            INSERT INTO metric_chunks (run, key, count, min_step, max_step, min_time, max_time, points)
            VALUES ($run, $key, $count, $minStep, $maxStep, $minTime, $maxTime, $points)
            """,
            ("$run", run), ("$key", keyId), ("$count", block.Count), ("$minStep", minStep), ("$maxStep", maxStep),
            ("$minTime", minTime), ("$maxTime", maxTime), ("$points", MetricChunk.Encode(block)));
    }

    private (long Id, long Count)? Tail(long run, long key)
    {
        var rows = sql.Rows(
            "SELECT id, count FROM metric_chunks WHERE run = $run AND key = $key ORDER BY id DESC LIMIT 1",
            row => (row.Int64(0), row.Int64(1)), ("$run", run), ("$key", key));
        return rows.Count == 0 ? null : rows[0];
    }

    private void UpdateLatest(long run, long key, MetricBlock block)
    {
        var (step, time, value) = block.Latest();
        sql.Execute(
            """
            INSERT INTO latest_metrics (run, key, step, time, value) VALUES ($run, $key, $step, $time, $value)
            ON CONFLICT (run, key) DO UPDATE SET step = excluded.step, time = excluded.time, value = excluded.value
            WHERE (excluded.step, excluded.time, excluded.value IS NOT NULL, excluded.value) > (latest_metrics.step, latest_metrics.time, latest_metrics.value IS NOT NULL, latest_metrics.value)
            """,
            ("$run", run), ("$key", key), ("$step", step), ("$time", time),
            ("$value", double.IsNaN(value) ? null : value));
    }
}

/// <summary>Points to append to a series.</summary>
/// <param name="Key">Name of the metric.</param>
/// <param name="Block">The points.</param>
/// <param name="IsNew">Whether it is known that the series has no points yet.</param>
internal sealed record NewPoints(string Key, MetricBlock Block, bool IsNew);
