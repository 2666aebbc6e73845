using System.Globalization;
using Roux.Learning.Studies;
using Roux.Tracking;
using Roux.Tracking.Search;
using Roux.Tracking.Service;
using Roux.Tracking.Storage;
using Roux.Tuning;

namespace Roux.Server.Studies;

/// <summary>A study in a list.</summary>
/// <param name="Run">Its run.</param>
/// <param name="Goals">What is tuned.</param>
/// <param name="Trials">Its trials by how they ended; <c>running</c> for those that have not.</param>
/// <param name="Best">The best value of a single goal.</param>
/// <param name="Way">The best value so far, from trial to trial.</param>
internal sealed record StudyRow(RunRecord Run, IReadOnlyList<Goal> Goals, IReadOnlyDictionary<string, long> Trials, double? Best, double[] Way);

/// <summary>A run whose parts may be read as a study.</summary>
internal sealed record ParentRow(string RunId, string Name, string Experiment, long Parts, DateTimeOffset Started);

/// <summary>Lists studies, and runs whose parts can be read as one, without loading their trials.</summary>
internal sealed class StudyList(TrackingService service)
{
    private const int MostValues = 600;

    /// <summary>The studies that a visitor may see, the latest first.</summary>
    public IReadOnlyList<StudyRow> Studies(Reach reach, int most, long offset)
    {
        var experiments = service.Experiments.Summaries(reach).Select(experiment => experiment.Id).ToList();
        var runs = experiments.Count == 0 ? [] : service.Runs.Search(experiments, $"tags.`{StudyTags.Key}` != ''", ["attributes.start_time DESC"], View.ActiveOnly, most, offset, reach).Items;
        return runs.Count == 0 ? [] : service.Tracker.Database.Read(session => runs.Select(run => Row(session, run)).ToList());
    }

    /// <summary>Runs with several parts that are no studies, the latest first.</summary>
    public IReadOnlyList<ParentRow> Parents(Reach reach, int most) => service.Tracker.Database.Read(session =>
    {
        var names = session.Rows("SELECT id, name FROM experiments WHERE deleted IS NULL", row => (Key: row.Int64(0), Name: row.Text(1))).ToDictionary(row => row.Key, row => row.Name);
        var inside = reach.Of(session, [.. names.Keys]);
        return inside.Count == 0 ? [] : session.Rows(
            $"""
            SELECT p.run_id, p.name, p.experiment, c.parts, p.started FROM (SELECT parent, count(*) AS parts FROM runs WHERE parent IS NOT NULL AND deleted IS NULL GROUP BY parent HAVING count(*) >= 4) c
            JOIN runs p ON p.id = c.parent
            WHERE p.deleted IS NULL AND p.experiment IN ({Numbers(inside)}) AND NOT EXISTS (SELECT 1 FROM tags t JOIN keys k ON k.id = t.key WHERE t.run = p.id AND k.name = $key)
            ORDER BY p.started DESC LIMIT {most.ToString(CultureInfo.InvariantCulture)}
            """,
            row => new ParentRow(row.Text(0), row.Text(1), names[row.Int64(2)], row.Int64(3), RunReader.Time(row.Int64(4))), ("$key", StudyTags.Key)).ToList();
    });

    /// <summary>Ids of the runs of a study's trials by their numbers.</summary>
    public IReadOnlyDictionary<int, string> TrialRuns(string runId) => service.Tracker.Database.Read(session =>
    {
        var runs = new Dictionary<int, string>();
        session.Each(
            "SELECT run_id, name FROM runs WHERE parent = $parent AND deleted IS NULL ORDER BY id",
            row =>
            {
                if (row.Text(1) is var name && name.StartsWith("trial-", StringComparison.Ordinal) && int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                {
                    runs[number] = row.Text(0);
                }
            },
            ("$parent", RunService.Key(session, runId)));
        return runs;
    });

    private static StudyRow Row(StoreSession session, RunRecord run)
    {
        IReadOnlyList<Goal> goals;
        try
        {
            goals = StudyReader.GoalsOf(run);
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException)
        {
            goals = [new Goal("value", Direction.Minimize)];
        }

        var parent = RunService.Key(session, run.Id);
        var counts = session.Rows(
            """
            SELECT coalesce(t.value, 'running'), count(*) FROM runs r LEFT JOIN tags t ON t.run = r.id AND t.key = (SELECT id FROM keys WHERE name = $state)
            WHERE r.parent = $parent AND r.deleted IS NULL GROUP BY coalesce(t.value, 'running')
            """,
            row => (State: row.Text(0), Count: row.Int64(1)), ("$state", StudyTags.State), ("$parent", parent)).ToDictionary(pair => pair.State, pair => pair.Count, StringComparer.Ordinal);
        var values = session.Rows(
            $"""
            SELECT m.value FROM runs r JOIN latest_metrics m ON m.run = r.id WHERE r.parent = $parent AND r.deleted IS NULL AND m.value IS NOT NULL
            AND m.key = (SELECT id FROM keys WHERE name = $objective) ORDER BY r.id DESC LIMIT {MostValues.ToString(CultureInfo.InvariantCulture)}
            """,
            row => row.Double(0), ("$parent", parent), ("$objective", StudyTags.Objective)).AsEnumerable().Reverse().Where(double.IsFinite).ToArray();
        var minimises = goals[0].Direction == Direction.Minimize;
        var way = new double[values.Length];
        for (var index = 0; index < way.Length; index++)
        {
            way[index] = index == 0 ? values[0] : minimises ? Math.Min(way[index - 1], values[index]) : Math.Max(way[index - 1], values[index]);
        }

        return new StudyRow(run, goals, counts, goals.Count > 1 ? null : run.Metric("best") ?? (way.Length == 0 ? null : way[^1]), Thin(way));
    }

    private static double[] Thin(double[] way)
    {
        const int Points = 60;
        return way.Length <= Points ? way : [.. Enumerable.Range(0, Points).Select(index => way[index * (way.Length - 1) / (Points - 1)])];
    }

    private static string Numbers(IReadOnlyList<long> keys) => string.Join(',', keys.Select(key => key.ToString(CultureInfo.InvariantCulture)));
}
