using System.Runtime.InteropServices;
using Roux.Tracking.Metrics;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>Stores metric points of clients, who may send the same ones again when an answer got lost: a point that is there is not stored twice.</summary>
internal static class MetricWrites
{
    public static void Append(WriteSession session, long run, IReadOnlyList<MetricValue> points)
    {
        var groups = Group(points);
        var names = groups.ConvertAll(group => group.Key);
        session.Foresee(names);
        var latest = session.Latest(run, names);
        var added = new List<NewPoints>(groups.Count);
        for (var index = 0; index < groups.Count; index++)
        {
            if (New(session, run, groups[index].Key, groups[index].Points, latest[index]) is { } series)
            {
                added.Add(series);
            }
        }

        session.AppendMetrics(run, added);
        foreach (var point in points)
        {
            if (!string.IsNullOrEmpty(point.ModelId))
            {
                AppendToModel(session, run, point);
            }
        }
    }

    /// <summary>The points of each key, keys and points in the order given.</summary>
    private static List<(string Key, List<MetricValue> Points)> Group(IReadOnlyList<MetricValue> points)
    {
        var groups = new List<(string Key, List<MetricValue> Points)>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var point in points)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, point.Key, out var known);
            if (!known)
            {
                place = groups.Count;
                groups.Add((point.Key, []));
            }

            groups[place].Points.Add(point);
        }

        return groups;
    }

    /// <summary>Those points of a series that are not there yet; <c>null</c> where all are.</summary>
    private static NewPoints? New(WriteSession session, long run, string key, List<MetricValue> series, (long Step, long Timestamp)? last)
    {
        if (!IsAscendingAfter(last, series))
        {
            var known = Known(session, run, session.Key(key), series);
            series.RemoveAll(point => !known.Add((point.Step, point.Timestamp, point.Value)));
        }

        if (series.Count == 0)
        {
            return null;
        }

        var steps = new long[series.Count];
        var timestamps = new long[series.Count];
        var values = new double[series.Count];
        for (var index = 0; index < steps.Length; index++)
        {
            (steps[index], timestamps[index], values[index]) = (series[index].Step, series[index].Timestamp, series[index].Value);
        }

        return new NewPoints(key, new MetricBlock(steps, timestamps, values), IsNew: last is null);
    }

    /// <summary>Whether the points are in order and all come after the last one stored, the usual case: nothing can be there twice then.</summary>
    private static bool IsAscendingAfter((long Step, long Timestamp)? last, List<MetricValue> series)
    {
        foreach (var point in series)
        {
            if (last is { } before && (point.Step, point.Timestamp).CompareTo(before) <= 0)
            {
                return false;
            }

            last = (point.Step, point.Timestamp);
        }

        return true;
    }

    /// <summary>Stored points that may be among the given ones: those of chunks whose steps and times overlap theirs.</summary>
    private static HashSet<(long Step, long Timestamp, double Value)> Known(WriteSession session, long run, long key, List<MetricValue> series)
    {
        var (minStep, maxStep, minTime, maxTime) = (long.MaxValue, long.MinValue, long.MaxValue, long.MinValue);
        foreach (var point in series)
        {
            (minStep, maxStep) = (Math.Min(minStep, point.Step), Math.Max(maxStep, point.Step));
            (minTime, maxTime) = (Math.Min(minTime, point.Timestamp), Math.Max(maxTime, point.Timestamp));
        }

        var known = new HashSet<(long, long, double)>();
        session.Sql.Each(
            """
            SELECT points FROM metric_chunks
            WHERE run = $run AND key = $key AND max_step >= $minStep AND min_step <= $maxStep AND max_time >= $minTime AND min_time <= $maxTime
            """,
            row =>
            {
                var block = MetricChunk.Decode(row.Blob(0));
                for (var index = 0; index < block.Count; index++)
                {
                    if (block.Steps[index] >= minStep && block.Steps[index] <= maxStep)
                    {
                        known.Add((block.Steps[index], block.Timestamps[index], block.Values[index]));
                    }
                }
            },
            ("$run", run), ("$key", key), ("$minStep", minStep), ("$maxStep", maxStep), ("$minTime", minTime), ("$maxTime", maxTime));
        return known;
    }

    private static void AppendToModel(WriteSession session, long run, MetricValue point)
    {
        var model = LoggedModelService.Key(session.Sql, point.ModelId!);
        object? value = double.IsNaN(point.Value) ? null : point.Value;
        session.Sql.Execute(
            """
            INSERT INTO logged_model_metrics (model, name, step, time, value, run, dataset_name, dataset_digest)
            SELECT $model, $name, $step, $time, $value, $run, $datasetName, $datasetDigest
            WHERE NOT EXISTS (
              SELECT 1 FROM logged_model_metrics t
              WHERE t.model = $model AND t.name = $name AND t.step = $step AND t.time = $time AND t.run = $run AND coalesce(t.value = $value, t.value IS NULL AND $value IS NULL))
            """,
            ("$model", model), ("$name", point.Key), ("$step", point.Step), ("$time", point.Timestamp), ("$value", value),
            ("$run", run), ("$datasetName", point.DatasetName), ("$datasetDigest", point.DatasetDigest));
    }
}
