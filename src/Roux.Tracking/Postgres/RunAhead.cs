using Roux.Tracking.Metrics;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Postgres;

/// <summary>What was read of a run, whose row is locked, before it is written.</summary>
internal sealed class RunAhead
{
    private readonly Dictionary<long, List<Tail>> tails = [];

    /// <summary>Key of the run.</summary>
    public long Run { get; set; }

    /// <summary>The params that were asked for.</summary>
    public required IReadOnlySet<long> AskedParams { get; init; }

    /// <summary>The metrics that were asked for.</summary>
    public required IReadOnlySet<long> AskedSeries { get; init; }

    /// <summary>Values of those params that are there.</summary>
    public Dictionary<long, string> Params { get; } = [];

    /// <summary>The latest points of those metrics that are there.</summary>
    public Dictionary<long, (long Step, long Timestamp)> Latest { get; } = [];

    /// <summary>Notes a chunk at the end of a series: key, id, count, and points where it may be taken up. The last one of a series comes first.</summary>
    public void AddTail(StoreRow row)
    {
        if (!tails.TryGetValue(row.Int64(0), out var chunks))
        {
            tails.Add(row.Int64(0), chunks = []);
        }

        chunks.Add(new Tail(row.Int64(1), row.Int64(2), row.IsNull(3) ? null : MetricChunk.Decode(row.Blob(3))));
    }

    /// <summary>Takes small chunks at the end of the series up into the new blocks; see <see cref="WriteSession.AppendMetrics"/>.</summary>
    /// <returns>Whether it could be done with what was read; nothing is changed otherwise.</returns>
    public bool TakeUp(StoreSession session, (long Key, MetricBlock Block, bool IsNew)[] blocks)
    {
        if (!Array.TrueForAll(blocks, block => AskedSeries.Contains(block.Key)))
        {
            return false;
        }

        var taken = new List<long>();
        var grown = Array.ConvertAll(blocks, block => block.Block);
        for (var index = 0; index < blocks.Length; index++)
        {
            foreach (var chunk in blocks[index].IsNew ? [] : tails.GetValueOrDefault(blocks[index].Key) ?? [])
            {
                if (grown[index].Count > MetricChunk.Capacity / 2 || chunk.Count > grown[index].Count)
                {
                    break;
                }

                if (chunk.Points is not { } points)
                {
                    return false;
                }

                taken.Add(chunk.Id);
                grown[index] = points.Then(grown[index]);
            }
        }

        if (taken.Count > 0)
        {
            session.Later("DELETE FROM metric_chunks WHERE id = ANY (CAST($ids AS bigint[]))", ("$ids", taken.ToArray()));
            for (var index = 0; index < blocks.Length; index++)
            {
                blocks[index].Block = grown[index];
            }
        }

        return true;
    }

    private sealed record Tail(long Id, long Count, MetricBlock? Points);
}
