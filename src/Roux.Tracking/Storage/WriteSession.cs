using Roux.Tracking.Metrics;

namespace Roux.Tracking.Storage;

/// <summary>The writer's connection: transactions, and the writes that are hot or shared.</summary>
internal sealed class WriteSession(StoreSession sql) : IDisposable
{
    private readonly Dictionary<string, long> keys = new(StringComparer.Ordinal);
    private long points;

    /// <summary>The connection's statements.</summary>
    public StoreSession Sql => sql;

    /// <summary>Metric points appended since this was asked last.</summary>
    public long TakePoints() => (points, points = 0).Item1;

    /// <summary>Undoes what the transaction wrote.</summary>
    public void Rollback()
    {
        ForgetKeys();
        points = 0;
        sql.Rollback();
    }

    /// <summary>Drops the ids of keys known so far: some may have been inserted by writes that were undone.</summary>
    public void ForgetKeys() => keys.Clear();

    /// <summary>The integer key of a name, new or old.</summary>
    public long Key(string name)
    {
        if (!keys.TryGetValue(name, out var id))
        {
            id = sql.Number("SELECT id FROM keys WHERE name = $name", ("$name", name))
                ?? sql.Insert("INSERT INTO keys (name) VALUES ($name)", ("$name", name));
            keys.Add(name, id);
        }

        return id;
    }

    /// <summary>
    /// Appends points to a series. A chunk that is not larger than the points behind it is taken up into them, so that the number of
    /// small chunks grows with the logarithm of the number of points, however few come at a time, and each point is rewritten that often.
    /// </summary>
    /// <param name="run">Key of the run.</param>
    /// <param name="key">Name of the metric.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="timestamps">Milliseconds since 1970.</param>
    /// <param name="values">Values.</param>
    /// <param name="isNew">Whether it is known that the series has no points yet.</param>
    public void AppendMetric(long run, string key, ReadOnlySpan<long> steps, ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values, bool isNew = false)
    {
        points += steps.Length;
        var keyId = Key(key);
        UpdateLatest(run, keyId, steps, timestamps, values);
        var block = new MetricBlock(steps.ToArray(), timestamps.ToArray(), values.ToArray());
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

    public void Dispose() => sql.Dispose();

    private (long Id, long Count)? Tail(long run, long key)
    {
        var rows = sql.Rows(
            "SELECT id, count FROM metric_chunks WHERE run = $run AND key = $key ORDER BY id DESC LIMIT 1",
            row => (row.Int64(0), row.Int64(1)), ("$run", run), ("$key", key));
        return rows.Count == 0 ? null : rows[0];
    }

    private void UpdateLatest(long run, long key, ReadOnlySpan<long> steps, ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values)
    {
        var latest = 0;
        for (var index = 1; index < steps.Length; index++)
        {
            if (MetricBlock.IsLater(steps[index], timestamps[index], values[index], steps[latest], timestamps[latest], values[latest]))
            {
                latest = index;
            }
        }

        sql.Execute(
            """
            INSERT INTO latest_metrics (run, key, step, time, value) VALUES ($run, $key, $step, $time, $value)
            ON CONFLICT (run, key) DO UPDATE SET step = excluded.step, time = excluded.time, value = excluded.value
            WHERE (excluded.step, excluded.time, excluded.value IS NOT NULL, excluded.value) > (latest_metrics.step, latest_metrics.time, latest_metrics.value IS NOT NULL, latest_metrics.value)
            """,
            ("$run", run), ("$key", key), ("$step", steps[latest]), ("$time", timestamps[latest]),
            ("$value", double.IsNaN(values[latest]) ? null : values[latest]));
    }
}
