using Roux.Tracking.Metrics;

namespace Roux.Tracking.Storage;

/// <summary>Reads whole series.</summary>
internal static class MetricReader
{
    private const int MostPieces = 6;

    public static MetricSeries Read(StoreSession session, Store store, string runId, string key)
    {
        var run = session.Number("SELECT id FROM runs WHERE run_id = $runId", ("$runId", runId)) ?? throw RunReader.NoSuchRun(runId);
        if (store.Keys.Find(session, key) is not { } keyId)
        {
            return new MetricSeries([], [], []);
        }

        var count = session.Number("SELECT CAST(sum(count) AS BIGINT) FROM metric_chunks WHERE run = $run AND key = $key", ("$run", run), ("$key", keyId));
        return Columns(session, run, keyId, (int)(count ?? 0)).Ordered();
    }

    /// <summary>The values of a series in few: of up to <see cref="MostPieces"/> of its pieces, the least and the greatest of every stretch.</summary>
    public static double[] Outline(StoreSession session, long run, long key, int most)
    {
        var pieces = session.Rows("SELECT id FROM metric_chunks WHERE run = $run AND key = $key ORDER BY id", row => row.Int64(0), ("$run", run), ("$key", key));
        var chosen = pieces.Count <= MostPieces ? pieces : [.. Enumerable.Range(0, MostPieces).Select(index => pieces[index * (pieces.Count - 1) / (MostPieces - 1)])];
        var values = new List<double>();
        foreach (var piece in chosen)
        {
            session.Each("SELECT points FROM metric_chunks WHERE id = $id", row => values.AddRange(MetricChunk.Decode(row.Blob(0)).Values), ("$id", piece));
        }

        var finite = values.Where(double.IsFinite).ToArray();
        if (finite.Length <= most)
        {
            return finite;
        }

        var outline = new double[most / 2 * 2];
        for (var stretch = 0; stretch < most / 2; stretch++)
        {
            var part = finite.AsSpan((int)((long)stretch * finite.Length / (most / 2))..(int)((stretch + 1L) * finite.Length / (most / 2)));
            var (least, greatest) = (0, 0);
            for (var index = 1; index < part.Length; index++)
            {
                least = part[index] < part[least] ? index : least;
                greatest = part[index] > part[greatest] ? index : greatest;
            }

            (outline[2 * stretch], outline[(2 * stretch) + 1]) = (part[Math.Min(least, greatest)], part[Math.Max(least, greatest)]);
        }

        return outline;
    }

    private static MetricSeries Columns(StoreSession session, long run, long key, int count)
    {
        var series = new MetricSeries(new long[count], new long[count], new double[count]);
        var at = 0;
        session.Each(
            "SELECT points FROM metric_chunks WHERE run = $run AND key = $key ORDER BY id",
            row => at += MetricChunk.Decode(row.Blob(0), series.Steps.AsSpan(at), series.Timestamps.AsSpan(at), series.Values.AsSpan(at)),
            ("$run", run), ("$key", key));
        return series;
    }
}
