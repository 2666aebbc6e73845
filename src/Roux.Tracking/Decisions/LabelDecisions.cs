using Roux.Tracking.Service;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

/// <summary>What was decided about labels that may be wrong, by the digest of the data and the row. <see cref="Tracker.LabelDecisions"/> gives it.</summary>
public sealed class LabelDecisions
{
    private const int LongestLabel = 1000;
    private const int MostAtOnce = 10_000;

    private readonly Tracker tracker;

    internal LabelDecisions(Tracker tracker) => this.tracker = tracker;

    /// <summary>What is decided about the labels of some data, by row. Decisions belong to the project of the run: other projects do not see them.</summary>
    /// <param name="runId">A run that read the data.</param>
    /// <param name="digest">Digest of the data.</param>
    /// <param name="target">The column of the labels.</param>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public IReadOnlyList<LabelDecision> Of(string runId, string digest, string target)
    {
        var project = ProjectOf(runId);
        return tracker.Database.Read(session => session.Rows(
            "SELECT place, given, decided, actor, time FROM label_decisions WHERE digest = $digest AND project = $project AND target = $target ORDER BY place",
            row => new LabelDecision(row.Int64(0), row.Text(1), row.Text(2), row.Text(3), RunReader.Time(row.Int64(4))),
            ("$digest", digest), ("$project", project), ("$target", target)));
    }

    /// <summary>Decides about labels; an earlier decision about a row is replaced.</summary>
    /// <param name="runId">A run that read the data.</param>
    /// <param name="digest">Digest of the data.</param>
    /// <param name="target">The column of the labels.</param>
    /// <param name="decisions">Row, given and decided label of each.</param>
    /// <param name="actor">Who decides; <c>null</c>: the user of the tracker.</param>
    /// <exception cref="TrackingException">There is no such run, or a label is too long.</exception>
    public Task DecideAsync(string runId, string digest, string target, IReadOnlyList<(long Row, string Given, string Decided)> decisions, string? actor = null)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        if (decisions.Count > MostAtOnce || decisions.Any(one => one.Row < 1 || one.Given.Length > LongestLabel || one.Decided.Length > LongestLabel))
        {
            throw ServiceException.Invalid($"labels: up to {MostAtOnce} decisions at once, rows from 1, labels of up to {LongestLabel} characters");
        }

        var project = ProjectOf(runId);
        return tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var time = tracker.Now();
            foreach (var (row, given, decided) in decisions)
            {
                Remove(session.Sql, project, digest, target, row);
                session.Sql.Execute(
                    "INSERT INTO label_decisions (project, digest, target, place, given, decided, actor, time) VALUES ($project, $digest, $target, $place, $given, $decided, $actor, $time)",
                    ("$project", project), ("$digest", digest), ("$target", target), ("$place", row), ("$given", given), ("$decided", decided), ("$actor", actor ?? tracker.Actor), ("$time", time));
            }

            return decisions.Count;
        });
    }

    /// <summary>Takes decisions back; rows without one are passed over.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public Task TakeBackAsync(string runId, string digest, string target, IReadOnlyList<long> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var project = ProjectOf(runId);
        return tracker.Database.WritesOrThrow().StartAsync(session => rows.Sum(row => Remove(session.Sql, project, digest, target, row)));
    }

    private static int Remove(StoreSession sql, string project, string digest, string target, long row) => sql.Execute(
        "DELETE FROM label_decisions WHERE digest = $digest AND place = $place AND project = $project AND target = $target",
        ("$digest", digest), ("$place", row), ("$project", project), ("$target", target));

    private string ProjectOf(string runId) => new ProjectService(tracker).OfRun(runId) ?? throw RunService.NoSuchRun(runId);
}
