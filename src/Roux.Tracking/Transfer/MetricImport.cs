using Roux.Tracking.Metrics;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Transfer;

/// <summary>
/// Adds points of series in the order logged. Points that are there must be the first ones of the series; what follows them is added, so an
/// import that broke off goes on where it was. A series that begins otherwise is another one and stays as it is.
/// </summary>
internal sealed class MetricImport(Tracker tracker, TransferReport report)
{
    public const string Points = "metric points";

    private const int PointsAtOnce = 1 << 18;

    private readonly List<MetricItem> waiting = [];
    private int waitingPoints;
    private (string Run, string Key) series;
    private long runKey;
    private string? runId;
    private MetricSeries? known;
    private long place;
    private bool isOther;

    /// <summary>Adds points; those of a series come one after the other, without gaps.</summary>
    public void Add(MetricItem item)
    {
        if ((item.RunId, item.Key) != series)
        {
            Begin(item);
        }

        if (item.From != place)
        {
            throw new InvalidDataException($"the series '{item.Key}' of run {item.RunId} has a gap");
        }

        place += item.Values.Length;
        if (isOther)
        {
            return;
        }

        var there = known is null ? 0 : (int)Math.Clamp(known.Count - item.From, 0, item.Values.Length);
        if (there > 0 && !Agrees(item, there))
        {
            isOther = true;
            report.Left(Points, $"metric '{item.Key}' of run {item.RunId}: other points are here; they stay as they are");
            return;
        }

        report.There(Points, there);
        if (there < item.Values.Length)
        {
            Queue(there == 0 ? item : item with { From = item.From + there, Steps = item.Steps[there..], Times = item.Times[there..], Values = item.Values[there..] });
        }
    }

    /// <summary>Writes what waits.</summary>
    public void Flush()
    {
        if (waiting.Count == 0)
        {
            return;
        }

        var items = waiting.ToArray();
        tracker.Database.WritesOrThrow().Call(session =>
        {
            foreach (var item in items)
            {
                if (runId != item.RunId)
                {
                    runKey = RunReader.Key(session.Sql, runId = item.RunId);
                }

                session.AppendMetrics(runKey, [new NewPoints(item.Key, new MetricBlock(item.Steps, item.Times, item.Values), IsNew: item.From == 0)]);
            }

            return true;
        });
        report.Taken(Points, waitingPoints);
        waiting.Clear();
        waitingPoints = 0;
    }

    private void Queue(MetricItem item)
    {
        waiting.Add(item);
        waitingPoints += item.Values.Length;
        if (waitingPoints >= PointsAtOnce)
        {
            Flush();
        }
    }

    private void Begin(MetricItem item)
    {
        TransferRules.RunId(item.RunId);
        TransferRules.Text("metric", item.Key, TransferRules.LongestKey);
        series = (item.RunId, item.Key);
        place = 0;
        var (hasRun, points) = tracker.Database.Read(session => session.Number("SELECT id FROM runs WHERE run_id = $runId", ("$runId", item.RunId)) is { } run
            ? (true, Stored(session, run, item.Key))
            : (false, null));
        known = points;
        isOther = !hasRun;
        if (isOther)
        {
            report.Left(Points, $"metric '{item.Key}' is of run {item.RunId}, which is not there");
        }
    }

    /// <summary>The points that are there, in the order logged; <c>null</c> for none.</summary>
    private MetricSeries? Stored(StoreSession session, long run, string key)
    {
        if (tracker.Database.Keys.Find(session, key) is not { } keyId)
        {
            return null;
        }

        var blocks = session.Rows("SELECT points FROM metric_chunks WHERE run = $run AND key = $key ORDER BY id", row => MetricChunk.Decode(row.Blob(0)), ("$run", run), ("$key", keyId));
        return blocks.Count == 0 ? null : new MetricSeries(
            [.. blocks.SelectMany(block => block.Steps)], [.. blocks.SelectMany(block => block.Timestamps)], [.. blocks.SelectMany(block => block.Values)]);
    }

    private bool Agrees(MetricItem item, int count)
    {
        for (var index = 0; index < count; index++)
        {
            var at = (int)item.From + index;
            if (known!.Steps[at] != item.Steps[index] || known.Timestamps[at] != item.Times[index]
                || BitConverter.DoubleToInt64Bits(known.Values[at]) != BitConverter.DoubleToInt64Bits(item.Values[index]))
            {
                return false;
            }
        }

        return true;
    }
}
