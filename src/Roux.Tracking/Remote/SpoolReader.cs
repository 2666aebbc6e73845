using System.Text.Json;
using Roux.Tracking.Metrics;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Remote;

/// <summary>Reads from a spool what is to be sent.</summary>
internal static class SpoolReader
{
    public static List<SpooledRun> Runs(StoreSession session) => session.Rows(
        """
        SELECT r.id, r.run_id, e.name, r.parent, r.name, r.status, r.started, r.ended, r.deleted, r.error
        FROM runs r JOIN experiments e ON e.id = r.experiment ORDER BY r.id
        """,
        row => new SpooledRun(row.Int64(0), row.Text(1), row.Text(2), row.Int64OrNull(3), row.Text(4), (RunStatus)row.Int64(5), row.Int64(6), row.Int64OrNull(7), row.Int64OrNull(8), row.TextOrNull(9)));

    /// <summary>Params and tags of a run that the server has not, or not with their present value.</summary>
    public static List<BatchItem> Texts(StoreSession session, SpooledRun run, SentRun sent)
    {
        var items = new List<BatchItem>();
        Add(ItemKind.Param, "SELECT k.name, t.value FROM params t JOIN keys k ON k.id = t.key WHERE t.run = $run ORDER BY k.id");
        Add(ItemKind.Tag, "SELECT k.name, t.value FROM tags t JOIN keys k ON k.id = t.key WHERE t.run = $run ORDER BY k.id");
        if (run.Error is { } error)
        {
            AddOne(ItemKind.Tag, RemoteTags.Error, error);
        }

        return items;

        void Add(ItemKind kind, string sql) => session.Each(sql, row => AddOne(kind, row.Text(0), row.Text(1)), ("$run", run.Key));

        void AddOne(ItemKind kind, string key, string value)
        {
            if (!sent.Refused.ContainsKey((kind, key)) && (!sent.Texts.TryGetValue((kind, key), out var known) || known != value))
            {
                items.Add(new BatchItem(kind, key, 0, value, 0, 0, 0));
            }
        }
    }

    /// <summary>Series of a run with the number of their points.</summary>
    public static List<(long Id, string Key, long Count)> Series(StoreSession session, long run) => session.Rows(
        "SELECT c.key, k.name, sum(c.count) FROM metric_chunks c JOIN keys k ON k.id = c.key WHERE c.run = $run GROUP BY c.key, k.name",
        row => (row.Int64(0), row.Text(1), row.Int64(2)), ("$run", run));

    /// <summary>
    /// Points of a series after the first ones, in the order logged: whole chunks until there are enough. Chunks are merged as a series grows, but
    /// the sequence of its points never changes, so a number of points is a sound mark of how far one has come.
    /// </summary>
    public static MetricBlock Points(StoreSession session, long run, long series, long after, int enough)
    {
        var block = new MetricBlock([], [], []);
        var before = 0L;
        foreach (var (id, count) in session.Rows("SELECT id, count FROM metric_chunks WHERE run = $run AND key = $key ORDER BY id", row => (row.Int64(0), row.Int64(1)), ("$run", run), ("$key", series)))
        {
            if (before + count > after)
            {
                var chunk = session.Rows("SELECT points FROM metric_chunks WHERE id = $id", row => MetricChunk.Decode(row.Blob(0)), ("$id", id))[0];
                var skip = (int)Math.Max(0, after - before);
                block = block.Then(skip == 0 ? chunk : new MetricBlock(chunk.Steps[skip..], chunk.Timestamps[skip..], chunk.Values[skip..]));
            }

            before += count;
            if (block.Count >= enough)
            {
                break;
            }
        }

        return block;
    }

    /// <summary>Data sets of a run with their part, each with a text that identifies it.</summary>
    public static List<(string Id, DatasetInput Input)> Datasets(StoreSession session, long run) => session.Rows(
        """
        SELECT d.name, d.digest, d.source, d.bytes, d.rows, d.schema, t.context, d.source_type, d.profile
        FROM run_datasets t JOIN datasets d ON d.id = t.dataset WHERE t.run = $run ORDER BY d.id, t.context
        """,
        row => new DatasetInput(
            new Dataset(row.Text(0), row.Text(1), row.Text(2), row.Int64OrNull(3), row.Int64OrNull(4), row.TextOrNull(5)) { SourceType = row.TextOrNull(7), Profile = row.TextOrNull(8) }, row.Text(6)),
        ("$run", run)).ConvertAll(input => (JsonSerializer.Serialize<string[]>([input.Dataset.Name, input.Dataset.Digest, input.Dataset.Source, input.Context]), input));
}
