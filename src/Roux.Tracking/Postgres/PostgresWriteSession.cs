using System.Diagnostics;
using Roux.Tracking.Metrics;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Postgres;

/// <summary>
/// The writer's connection. Operations of a batch run one after the other without savepoints, since one is rarely refused after it wrote; where
/// that happens the whole batch is undone and repeated with a savepoint each. New keys are committed at once by another connection, so
/// that two servers never wait for each other's keys.
/// </summary>
internal sealed class PostgresWriteSession(PostgresSession sql, PostgresKeys keys, CommitOutcome outcome) : WriteSession(sql)
{
    // Sizes of chunks behind one another at least halve, down from 4,096: more than these are never taken up at once.
    private const int ConsideredChunks = 14;

    private const string ThisRun = "(SELECT id FROM runs WHERE run_id = $runId)";

    /// <summary>The last chunks of series, with the points of those that may be taken up by so many new ones and the chunks after them.</summary>
    private static readonly string Tails = $"""
        SELECT key, id, count, CASE WHEN count <= coming THEN points END FROM (
          SELECT j.key, c.id, c.count, c.points,
            j.coming + coalesce(sum(c.count) OVER (PARTITION BY j.key ORDER BY c.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS coming
          FROM unnest(CAST($keys AS bigint[]), CAST($counts AS bigint[])) AS j(key, coming)
          CROSS JOIN LATERAL (SELECT id, count, points FROM metric_chunks WHERE run = {ThisRun} AND key = j.key ORDER BY id DESC LIMIT {ConsideredChunks}) c) t
        ORDER BY key, id DESC
        """;

    private bool careful;
    private long number;
    private RunAhead? ahead;

    public override void Begin(bool isSingle)
    {
        ahead = null;
        sql.BeginWrite(outcome.Writer, ++number);
    }

    public override void Commit()
    {
        if (sql.IsAborted)
        {
            throw Repeat(null);
        }

        try
        {
            // With what waits: a statement that is refused keeps the database from all that follows it, the COMMIT too.
            sql.Commit();
        }
        catch (DatabaseException exception) when (!exception.ConcernsTheStore)
        {
            throw Repeat(exception);
        }
        catch (DatabaseException exception) when (exception.IsConnectionLost)
        {
            sql.Abandon();
            if (!outcome.HasCommitted(exception, number))
            {
                throw;
            }
        }

        careful = false;
    }

    public override void Rollback()
    {
        _ = TakePoints();
        sql.Rollback();
    }

    public override void BeginCall()
    {
        ahead = null;
        sql.HasWritten = false;
        if (careful)
        {
            sql.Flush();
            sql.Run("SAVEPOINT call");
        }
    }

    public override void EndCall()
    {
        ahead = null;
        if (careful)
        {
            sql.Flush();
            sql.Run("RELEASE call");
        }
    }

    public override void UndoCall()
    {
        ahead = null;
        if (careful)
        {
            sql.Forget();
            sql.Run("ROLLBACK TO call; RELEASE call");
            sql.IsAborted = false;
        }
        else if (sql.HasWritten || sql.IsAborted)
        {
            throw Repeat(null);
        }
    }

    public override long Key(string name) => keys.Of(name);

    public override void Foresee(IEnumerable<string> names) => keys.Learn(names);

    public override (long Key, bool IsDeleted)? FindRun(string runId, Func<RunPlan>? plan)
    {
        ahead = null;
        if (plan?.Invoke() is not { } next)
        {
            return base.FindRun(runId, plan);
        }

        (long Key, bool IsDeleted)? found = null;
        Foresee(next.Params.Concat(next.Series.Select(series => series.Key)));
        var (parameters, series) = (next.Params.Select(Key).ToArray(), next.Series.Select(one => Key(one.Key)).ToArray());
        var read = new RunAhead { AskedParams = parameters.ToHashSet(), AskedSeries = series.ToHashSet() };
        List<PostgresQuestion> questions =
        [
            PostgresSession.Question("SELECT id, deleted FROM runs WHERE run_id = $runId" + sql.Dialect.Locked, row => found = (row.Int64(0), !row.IsNull(1)), ("$runId", runId)),
        ];
        if (parameters.Length > 0)
        {
            questions.Add(PostgresSession.Question(
                $"SELECT key, value FROM params WHERE run = {ThisRun} AND key = ANY (CAST($keys AS bigint[]))",
                row => read.Params[row.Int64(0)] = row.Text(1), ("$keys", parameters), ("$runId", runId)));
        }

        if (series.Length > 0)
        {
            questions.Add(PostgresSession.Question(
                $"SELECT key, step, time FROM latest_metrics WHERE run = {ThisRun} AND key = ANY (CAST($keys AS bigint[]))",
                row => read.Latest[row.Int64(0)] = (row.Int64(1), row.Int64(2)), ("$keys", series), ("$runId", runId)));
            questions.Add(PostgresSession.Question(Tails, read.AddTail, ("$keys", series), ("$counts", next.Series.Select(one => (long)one.Count).ToArray()), ("$runId", runId)));
        }

        sql.Together(questions);
        if (found is { } run)
        {
            read.Run = run.Key;
            ahead = read;
        }

        return found;
    }

    /// <summary>
    /// A param that is there keeps its value. Should one come in between, from somebody who does not lock the run, the database refuses, and the
    /// batch is repeated.
    /// </summary>
    public override IReadOnlyList<(string Key, string Given, string Known)> AddParams(long run, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        if (parameters.Count == 0)
        {
            return [];
        }

        Foresee(parameters.Select(pair => pair.Key));
        var ids = parameters.Select(pair => Key(pair.Key)).ToArray();
        var known = ahead is { } read && read.Run == run && Array.TrueForAll(ids, read.AskedParams.Contains)
            ? read.Params
            : sql.Rows("SELECT key, value FROM params WHERE run = $run AND key = ANY (CAST($keys AS bigint[]))", row => (Key: row.Int64(0), Value: row.Text(1)), ("$run", run), ("$keys", ids))
                .ToDictionary(row => row.Key, row => row.Value);
        var added = new Dictionary<long, string>(ids.Length);
        var other = new List<(string, string, string)>();
        for (var index = 0; index < ids.Length; index++)
        {
            var (key, value) = parameters[index];
            if (!known.TryGetValue(ids[index], out var before) && !added.TryGetValue(ids[index], out before))
            {
                added.Add(ids[index], value);
            }
            else if (before != value)
            {
                other.Add((key, value, before));
            }
        }

        if (added.Count > 0)
        {
            sql.Later(
                "INSERT INTO params (run, key, value) SELECT $run, key, value FROM unnest(CAST($keys AS bigint[]), CAST($values AS text[])) AS given(key, value)",
                ("$run", run), ("$keys", added.Keys.ToArray()), ("$values", added.Values.ToArray()));
        }

        return other;
    }

    public override (long Step, long Timestamp)?[] Latest(long run, IReadOnlyList<string> names)
    {
        var latest = new (long, long)?[names.Count];
        if (names.Count == 0)
        {
            return latest;
        }

        if (ahead is { } read && read.Run == run && names.All(name => read.AskedSeries.Contains(Key(name))))
        {
            for (var index = 0; index < latest.Length; index++)
            {
                latest[index] = read.Latest.TryGetValue(Key(names[index]), out var point) ? point : null;
            }

            return latest;
        }

        sql.Each(
            """
            SELECT j.key, t.step, t.time FROM unnest(CAST($keys AS bigint[])) WITH ORDINALITY AS j(value, key)
            JOIN latest_metrics t ON t.run = $run AND t.key = j.value
            """,
            row => latest[row.Int64(0) - 1] = (row.Int64(1), row.Int64(2)),
            ("$run", run), ("$keys", names.Select(Key).ToArray()));
        return latest;
    }

    public override void AppendMetrics(long run, IReadOnlyList<NewPoints> series)
    {
        if (series.Count == 0)
        {
            return;
        }

        Count(series.Sum(points => points.Block.Count));

        var read = ahead is { } here && here.Run == run ? here : null;
        ahead = null;
        if (read is null)
        {
            // Whoever appends to a run holds its row: two servers could otherwise take up the same chunk.
            sql.LockLater("SELECT 1 FROM runs WHERE id = $run FOR NO KEY UPDATE", ("$run", run));
        }

        Foresee(series.Select(points => points.Key));
        var blocks = series.Select(points => (Key: Key(points.Key), points.Block, points.IsNew)).ToArray();
        UpdateLatest(run, blocks);
        if (read is null || !read.TakeUp(sql, blocks))
        {
            TakeUp(run, blocks);
        }

        sql.Later(
            """
            INSERT INTO metric_chunks (run, key, count, min_step, max_step, min_time, max_time, points)
            SELECT $run, key, count, min_step, max_step, min_time, max_time, points FROM unnest(
              CAST($keys AS bigint[]), CAST($counts AS bigint[]), CAST($minSteps AS bigint[]), CAST($maxSteps AS bigint[]),
              CAST($minTimes AS bigint[]), CAST($maxTimes AS bigint[]), CAST($points AS bytea[]))
              AS added(key, count, min_step, max_step, min_time, max_time, points)
            """,
            ("$run", run), ("$keys", Column(block => block.Key)), ("$counts", Column(block => block.Block.Count)),
            ("$minSteps", Column(block => MetricBlock.Range(block.Block.Steps).Min)), ("$maxSteps", Column(block => MetricBlock.Range(block.Block.Steps).Max)),
            ("$minTimes", Column(block => MetricBlock.Range(block.Block.Timestamps).Min)), ("$maxTimes", Column(block => MetricBlock.Range(block.Block.Timestamps).Max)),
            ("$points", Array.ConvertAll(blocks, block => MetricChunk.Encode(block.Block))));

        long[] Column(Converter<(long Key, MetricBlock Block, bool IsNew), long> value) => Array.ConvertAll(blocks, value);
    }

    private DatabaseException Repeat(Exception? cause)
    {
        careful = true;
        return DatabaseException.Repeat(cause);
    }

    private void UpdateLatest(long run, (long Key, MetricBlock Block, bool IsNew)[] blocks)
    {
        var latest = Array.ConvertAll(blocks, block => block.Block.Latest());
        sql.Later(
            """
            INSERT INTO latest_metrics (run, key, step, time, value)
            SELECT $run, key, step, time, value
            FROM unnest(CAST($keys AS bigint[]), CAST($steps AS bigint[]), CAST($times AS bigint[]), CAST($values AS double precision[])) AS added(key, step, time, value)
            ON CONFLICT (run, key) DO UPDATE SET step = excluded.step, time = excluded.time, value = excluded.value
            WHERE (excluded.step, excluded.time, excluded.value IS NOT NULL, excluded.value)
                > (latest_metrics.step, latest_metrics.time, latest_metrics.value IS NOT NULL, latest_metrics.value)
            """,
            ("$run", run), ("$keys", Array.ConvertAll(blocks, block => block.Key)), ("$steps", Array.ConvertAll(latest, point => point.Step)),
            ("$times", Array.ConvertAll(latest, point => point.Timestamp)),
            ("$values", Array.ConvertAll(latest, point => double.IsNaN(point.Value) ? (double?)null : point.Value)));
    }

    /// <summary>Takes small chunks at the end of the series up into the new blocks; see <see cref="WriteSession.AppendMetrics"/>.</summary>
    private void TakeUp(long run, (long Key, MetricBlock Block, bool IsNew)[] blocks)
    {
        var places = new Dictionary<long, int>();
        for (var index = 0; index < blocks.Length; index++)
        {
            if (!blocks[index].IsNew && blocks[index].Block.Count <= MetricChunk.Capacity / 2)
            {
                places.Add(blocks[index].Key, index);
            }
        }

        if (places.Count == 0)
        {
            return;
        }

        var (sizes, ended) = (new Dictionary<long, long>(), new HashSet<long>());
        var taken = new List<long>();
        sql.Each(
            $"""
            SELECT j.value, c.id, c.count FROM unnest(CAST($keys AS bigint[])) AS j(value)
            CROSS JOIN LATERAL (SELECT id, count FROM metric_chunks WHERE run = $run AND key = j.value ORDER BY id DESC LIMIT {ConsideredChunks}) c
            ORDER BY j.value, c.id DESC
            """,
            row =>
            {
                var (key, id, count) = (row.Int64(0), row.Int64(1), row.Int64(2));
                var size = sizes.GetValueOrDefault(key, blocks[places[key]].Block.Count);
                if (ended.Contains(key) || size > MetricChunk.Capacity / 2 || count > size)
                {
                    ended.Add(key);
                    return;
                }

                sizes[key] = size + count;
                taken.Add(id);
            },
            ("$run", run), ("$keys", places.Keys.ToArray()));
        if (taken.Count == 0)
        {
            return;
        }

        sql.HasWritten = true;
        var old = sql.Rows(
            "DELETE FROM metric_chunks WHERE run = $run AND key = ANY (CAST($keys AS bigint[])) AND id = ANY (CAST($ids AS bigint[])) RETURNING key, id, points",
            row => (Key: row.Int64(0), Id: row.Int64(1), Block: MetricChunk.Decode(row.Blob(2))),
            ("$run", run), ("$keys", sizes.Keys.ToArray()), ("$ids", taken.ToArray()));
        Debug.Assert(old.Count == taken.Count, "the run's row is locked");
        foreach (var chunk in old.OrderByDescending(chunk => chunk.Id))
        {
            ref var block = ref blocks[places[chunk.Key]];
            block.Block = chunk.Block.Then(block.Block);
        }
    }
}
