using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>A run's part of a history of several.</summary>
internal sealed record RunHistory(string RunId, MetricSeries Series);

/// <summary>Metric histories for a server's clients.</summary>
internal sealed class MetricService(Tracker tracker)
{
    /// <summary>A run's whole history of a metric, in order; empty where it has none.</summary>
    public MetricSeries History(string runId, string key) => tracker.Database.Read(session =>
    {
        RunService.Key(session, runId);
        return MetricReader.Read(session, tracker.Database, runId, key);
    });

    /// <summary>A number that changes when a run's history of a metric does: of points, and of the last piece written.</summary>
    public (long Points, long Last) Version(string runId, string key) => tracker.Database.Read(session =>
    {
        var found = (0L, 0L);
        if (tracker.Database.Keys.Find(session, key) is { } keyId)
        {
            session.Each(
                "SELECT coalesce(CAST(sum(c.count) AS BIGINT), 0), coalesce(max(c.id), 0) FROM metric_chunks c JOIN runs r ON r.id = c.run WHERE r.run_id = $runId AND c.key = $key",
                row => found = (row.Int64(0), row.Int64(1)), ("$runId", runId), ("$key", keyId));
        }

        return found;
    });

    /// <summary>The metrics of a run that have more than one point: those with a curve.</summary>
    public IReadOnlySet<string> Curves(string runId) => tracker.Database.Read(session =>
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        session.Each(
            "SELECT k.name FROM metric_chunks c JOIN runs r ON r.id = c.run JOIN keys k ON k.id = c.key WHERE r.run_id = $runId GROUP BY k.name HAVING sum(c.count) > 1",
            row => found.Add(row.Text(0)), ("$runId", runId));
        return found;
    });

    /// <summary>
    /// The outlines of a metric of several runs, for drawings of a few pixels: at most about <paramref name="most"/> values each, the least and the greatest of every
    /// stretch. Of long histories a few pieces stand for all, so that a table of runs with a million points each is drawn in no time.
    /// </summary>
    public IReadOnlyDictionary<string, double[]> Outlines(IReadOnlyList<string> runIds, string key, int most) => tracker.Database.Read(session =>
    {
        var outlines = new Dictionary<string, double[]>(StringComparer.Ordinal);
        if (tracker.Database.Keys.Find(session, key) is not { } keyId)
        {
            return outlines;
        }

        foreach (var runId in runIds)
        {
            if (session.Number("SELECT id FROM runs WHERE run_id = $runId", ("$runId", runId)) is { } run && MetricReader.Outline(session, run, keyId, most) is { Length: > 1 } outline)
            {
                outlines[runId] = outline;
            }
        }

        return outlines;
    });

    /// <summary>The histories of several runs, one after the other.</summary>
    public IReadOnlyList<RunHistory> Histories(IReadOnlyList<string> runIds, string key) => tracker.Database.Read(session => runIds.Select(runId =>
    {
        RunService.Key(session, runId);
        return new RunHistory(runId, MetricReader.Read(session, tracker.Database, runId, key));
    }).ToList());

    /// <summary>Histories thinned out for plotting: the points of at most so many steps, spread evenly over those in a range, its first and last among them.</summary>
    public IReadOnlyList<RunHistory> Sample(IReadOnlyList<string> runIds, string key, long? from, long? to, int most)
    {
        var histories = Histories(runIds, key);
        var steps = histories.SelectMany(history => history.Series.Steps).Where(step => step >= (from ?? long.MinValue) && step <= (to ?? long.MaxValue))
            .Distinct().Order().ToArray();
        var chosen = new HashSet<long>();
        for (var index = 0; index < Math.Min(most, steps.Length); index++)
        {
            chosen.Add(steps[steps.Length <= most || most == 1 ? index : (int)((long)index * (steps.Length - 1) / (most - 1))]);
        }

        return [.. histories.Select(history =>
        {
            var series = history.Series;
            var kept = Enumerable.Range(0, series.Count).Where(index => chosen.Contains(series.Steps[index])).ToArray();
            return history with
            {
                Series = new MetricSeries(
                    Array.ConvertAll(kept, index => series.Steps[index]),
                    Array.ConvertAll(kept, index => series.Timestamps[index]),
                    Array.ConvertAll(kept, index => series.Values[index])),
            };
        })];
    }
}
