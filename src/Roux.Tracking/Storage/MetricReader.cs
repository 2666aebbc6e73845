using Roux.Tracking.Metrics;

namespace Roux.Tracking.Storage;

/// <summary>Reads whole series.</summary>
internal static class MetricReader
{
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
