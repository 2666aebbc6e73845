using System.Globalization;
using System.Text.Json;
using Roux.Tracking.Search;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>Findings across the runs of a store. What has become of each is decided by the database: runs that are not shown are not loaded.</summary>
internal sealed class FindingService(Tracker tracker)
{
    /// <summary>So many of the latest runs make the trend.</summary>
    private const int TrendRuns = 8;

    private const string Part = "coalesce(r.parent, 0)";
    private const string Subject = "coalesce((SELECT s.value FROM tags s WHERE s.run = r.id AND s.key = $subject), '')";

    private static readonly string Told = $"""
        {Looked("SELECT x.experiment FROM findings y JOIN runs x ON x.id = y.run")}, newest AS (SELECT l.id, l.experiment, l.part, l.subject FROM looked l WHERE l.place = 1),
        told AS (
          SELECT p.*, CASE
            WHEN EXISTS (SELECT 1 FROM accepted_findings a WHERE a.experiment = p.experiment AND a.check_name = p.check_name AND a.columns = p.columns AND a.subject = p.subject) THEN 1
            WHEN n.id IS NULL OR n.id = p.run THEN 0
            WHEN EXISTS (SELECT 1 FROM findings g WHERE g.run = n.id AND g.check_name = p.check_name AND g.columns = p.columns) THEN 3
            ELSE 2 END AS state
          FROM (
            SELECT f.id, f.run, f.check_name, f.severity, f.columns, r.experiment, r.started, {Part} AS part, {Subject} AS subject
            FROM findings f JOIN runs r ON r.id = f.run WHERE r.deleted IS NULL
          ) p
          LEFT JOIN newest n ON n.experiment = p.experiment AND n.part = p.part AND n.subject = p.subject
        )
        """;

    private readonly Lock counting = new();
    private (long Version, IReadOnlyList<(long Experiment, FindingCount Count)> All)? counted;

    /// <summary>How many findings there are of each kind, in what the caller sees.</summary>
    public IReadOnlyList<FindingCount> Counts(Reach reach)
    {
        var all = CountAll();
        var seen = tracker.Database.Read(session => reach.Of(session, [.. all.Select(count => count.Experiment).Distinct()]).ToHashSet());
        return all.Where(count => seen.Contains(count.Experiment)).Select(count => count.Count).ToList();
    }

    /// <summary>Part of a selection, with its trend.</summary>
    public IReadOnlyList<FindingRow> Rows(FindingSelection selection, int offset, int most) => tracker.Database.Read(session =>
    {
        var experiments = Experiments(session, selection);
        if (experiments is { Length: 0 })
        {
            return [];
        }

        var sql = new ConditionSql(session.Dialect);
        List<string> conditions =
        [
            .. selection.Check is { } check ? [$"t.check_name = {sql.Bind(check)}"] : (IEnumerable<string>)[],
            .. selection.Severity is { } severity ? [$"t.severity = {sql.Bind((long)severity)}"] : (IEnumerable<string>)[],
            .. selection.State is { } state ? [$"t.state = {sql.Bind((long)state)}"] : (IEnumerable<string>)[],
            .. experiments is not null ? [$"t.experiment IN (SELECT j.value FROM {session.Dialect.Numbers(sql.Bind(experiments))})"] : (IEnumerable<string>)[],
        ];
        var rows = session.Rows(
            $"""
            WITH {Told}, shown AS (
              SELECT t.id, t.experiment, t.started, t.severity, t.state, t.subject FROM told t {(conditions.Count > 0 ? "WHERE " + string.Join(" AND ", conditions) : "")}
              ORDER BY {(selection.WorstFirst ? "t.severity DESC, t.started DESC" : "t.started DESC, t.severity DESC")}, t.id LIMIT $most OFFSET $offset
            )
            SELECT s.id, r.run_id, r.name, s.experiment, e.name, s.started, f.check_name, s.severity, f.message, f.columns, s.state, r.id, s.subject
            FROM shown s JOIN findings f ON f.id = s.id JOIN runs r ON r.id = f.run JOIN experiments e ON e.id = s.experiment
            ORDER BY {(selection.WorstFirst ? "s.severity DESC, s.started DESC" : "s.started DESC, s.severity DESC")}, s.id
            """,
            row => (Run: row.Int64(11), Row: new FindingRow(
                row.Int64(0), row.Text(1), row.Text(2), Id(row.Int64(3)), row.Text(4), RunReader.Time(row.Int64(5)), row.Text(6), (Severity)row.Int64(7), row.Text(8),
                JsonSerializer.Deserialize<string[]>(row.Text(9)) ?? [], (FindingState)row.Int64(10)) { Subject = row.Text(12) }),
            [("$subject", SubjectKey(session)), ("$most", (long)most), ("$offset", (long)offset), .. sql.Parameters]);
        var trends = Trends(session, [.. rows.Select(row => row.Run).Distinct()]);
        return rows.Select(row => row.Row with { Trend = trends.Of(row.Run, row.Row) }).ToList();
    });

    /// <summary>Runs of the same experiment and subject that were looked at, the latest first.</summary>
    /// <exception cref="ServiceException">There is no such run.</exception>
    public IReadOnlyList<(string Id, string Name, DateTimeOffset Started, long Findings)> Alike(string runId, int most) => tracker.Database.Read(session => session.Rows(
        $"""
        SELECT r.run_id, r.name, r.started, (SELECT count(*) FROM findings f WHERE f.run = r.id)
        FROM runs r JOIN runs m ON m.id = $run AND r.experiment = m.experiment AND {Part} = coalesce(m.parent, 0)
        WHERE r.deleted IS NULL AND (r.status = 3 OR EXISTS (SELECT 1 FROM findings f WHERE f.run = r.id))
          AND {Subject} = coalesce((SELECT s.value FROM tags s WHERE s.run = m.id AND s.key = $subject), '')
        ORDER BY r.started DESC, r.id DESC LIMIT $most
        """,
        row => (row.Text(0), row.Text(1), RunReader.Time(row.Int64(2)), row.Int64(3)),
        ("$run", RunService.Key(session, runId)), ("$subject", SubjectKey(session)), ("$most", (long)most)));

    /// <summary>Runs that were looked at, by experiment, what they are a part of, and subject: the latest has place 1.</summary>
    /// <param name="experiments">A SELECT of the experiments that matter.</param>
    private static string Looked(string experiments) => $"""
        looked AS (
          SELECT q.id, q.run_id, q.experiment, q.part, q.subject, row_number() OVER (PARTITION BY q.experiment, q.part, q.subject ORDER BY q.started DESC, q.id DESC) AS place
          FROM (
            SELECT r.id, r.run_id, r.experiment, {Part} AS part, {Subject} AS subject, r.started
            FROM runs r
            WHERE r.deleted IS NULL AND r.experiment IN ({experiments})
              AND (r.status = 3 OR EXISTS (SELECT 1 FROM findings f WHERE f.run = r.id))
          ) q
        )
        """;

    /// <summary>Counts of the whole store: counted once until the store changes.</summary>
    private IReadOnlyList<(long Experiment, FindingCount Count)> CountAll()
    {
        var version = tracker.Database.Version();
        lock (counting)
        {
            if (counted is { } known && known.Version == version)
            {
                return known.All;
            }
        }

        var all = tracker.Database.Read(session => session.Rows(
            $"""
            WITH {Told}
            SELECT c.experiment, e.name, c.check_name, c.severity, c.state, c.number
            FROM (SELECT t.experiment, t.check_name, t.severity, t.state, count(*) AS number FROM told t GROUP BY t.experiment, t.check_name, t.severity, t.state) c
            JOIN experiments e ON e.id = c.experiment
            """,
            row => (row.Int64(0), new FindingCount(Id(row.Int64(0)), row.Text(1), row.Text(2), (Severity)row.Int64(3), (FindingState)row.Int64(4), row.Int64(5))),
            ("$subject", SubjectKey(session))));
        lock (counting)
        {
            counted = (version, all);
        }

        return all;
    }

    private static string Id(long key) => key.ToString(CultureInfo.InvariantCulture);

    private static long[]? Experiments(StoreSession session, FindingSelection selection) =>
        selection.Experiment is { } id ? [.. selection.Reach.Of(session, ExperimentService.TryKey(id) is { } key ? [key] : [])]
        : selection.Reach.IsAll ? null
        : [.. selection.Reach.Of(session, session.Rows("SELECT id FROM experiments", row => row.Int64(0)))];

    private long SubjectKey(StoreSession session) => tracker.Database.Keys.Find(session, FindingDecisions.SubjectTag) ?? -1;

    private FindingTrends Trends(StoreSession session, long[] runs)
    {
        if (runs.Length == 0)
        {
            return FindingTrends.None;
        }

        var chains = session.Rows(
            $"""
            WITH {Looked($"SELECT x.experiment FROM runs x WHERE x.id IN (SELECT j.value FROM {session.Dialect.Numbers("$runs")})")}
            SELECT DISTINCT m.id, l.id, l.run_id, l.place FROM {session.Dialect.Numbers("$runs")} CROSS JOIN looked m
            JOIN looked l ON l.experiment = m.experiment AND l.part = m.part AND l.subject = m.subject AND l.place <= {TrendRuns}
            WHERE m.id = j.value ORDER BY m.id, l.place DESC
            """,
            row => (Shown: row.Int64(0), Run: row.Int64(1), Id: row.Text(2)), ("$subject", SubjectKey(session)), ("$runs", runs));
        var found = session.Rows(
            $"SELECT f.run, f.check_name, f.columns FROM {session.Dialect.Numbers("$runs")} CROSS JOIN findings f WHERE f.run = j.value",
            row => (row.Int64(0), row.Text(1), row.Text(2)), ("$runs", chains.Select(run => run.Run).Distinct().ToArray()));
        return new FindingTrends(chains.ToLookup(run => run.Shown, run => (run.Run, run.Id)), found.ToHashSet());
    }

    /// <summary>Which of the latest runs have which findings.</summary>
    private sealed class FindingTrends(ILookup<long, (long Run, string Id)> chains, HashSet<(long, string, string)> found)
    {
        public static FindingTrends None { get; } = new(Array.Empty<(long, string)>().ToLookup(_ => 0L), []);

        public IReadOnlyList<(string, bool)> Of(long run, FindingRow row)
        {
            var columns = JsonSerializer.Serialize(row.Columns);
            return [.. chains[run].Select(one => (one.Id, found.Contains((one.Run, row.Check, columns))))];
        }
    }
}
