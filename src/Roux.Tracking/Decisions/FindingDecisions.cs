using System.Text.Json;
using Roux.Tracking.Service;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

/// <summary>Which findings of a store are known and put up with. <see cref="Tracker.FindingDecisions"/> gives it.</summary>
public sealed class FindingDecisions
{
    /// <summary>The tag of a run that says what was looked at.</summary>
    public const string SubjectTag = "roux.subject";

    /// <summary>What stands between a subject and the learner that the recipe is walked with.</summary>
    public const string RecipeInfix = ", recipe with ";

    private const int LongestReason = 2000;
    private const string Columns = "check_name, columns, subject, reason, actor, time";

    private readonly Tracker tracker;

    internal FindingDecisions(Tracker tracker) => this.tracker = tracker;

    /// <summary>What is accepted for a run's experiment and subject.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public IReadOnlyList<AcceptedFinding> Of(string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return tracker.Database.Read(session => PlaceOf(session, runId) is var (experiment, subject)
            ? session.Rows($"SELECT {Columns} FROM accepted_findings WHERE experiment = $experiment AND subject = $subject ORDER BY id", Read, ("$experiment", experiment), ("$subject", subject))
            : throw RunService.NoSuchRun(runId));
    }

    /// <summary>What is accepted for a subject, or for a walk of the recipe about it, in any experiment of the store.</summary>
    public IReadOnlyList<AcceptedFinding> About(string subject)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        return tracker.Database.Read(session => session.Rows(
            $"SELECT {Columns} FROM accepted_findings WHERE subject = $subject OR substr(subject, 1, CAST($length AS INTEGER)) = $walk ORDER BY id", Read,
            ("$subject", subject), ("$walk", subject + RecipeInfix), ("$length", (long)(subject.Length + RecipeInfix.Length))));
    }

    /// <summary>Accepts a finding of a run, and the same finding of other runs of its experiment about the same subject. An earlier acceptance of it is replaced.</summary>
    /// <exception cref="TrackingException">There is no such run, it has no such finding, or no reason is given.</exception>
    public Task AcceptAsync(string runId, string check, IReadOnlyList<string> columns, string reason, string actor)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason)
        {
            throw ServiceException.Invalid($"reason: say in up to {LongestReason} characters why the finding is no trouble, for who reads this next year");
        }

        var names = JsonSerializer.Serialize(columns);
        return tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var (experiment, subject) = PlaceOf(session.Sql, runId) ?? throw RunService.NoSuchRun(runId);
            if (session.Sql.Number(
                "SELECT f.id FROM findings f JOIN runs r ON r.id = f.run WHERE r.run_id = $run AND f.check_name = $check AND f.columns = $columns LIMIT 1",
                ("$run", runId), ("$check", check), ("$columns", names)) is null)
            {
                throw ServiceException.NotFound($"run {runId}: no finding of {check} about these columns; it may have been judged anew: look at its findings again");
            }

            Remove(session.Sql, experiment, subject, check, names);
            return session.Sql.Insert(
                "INSERT INTO accepted_findings (experiment, subject, check_name, columns, reason, actor, time) VALUES ($experiment, $subject, $check, $columns, $reason, $actor, $time)",
                ("$experiment", experiment), ("$subject", subject), ("$check", check), ("$columns", names), ("$reason", reason.Trim()), ("$actor", actor), ("$time", tracker.Now()));
        });
    }

    /// <summary>Takes an acceptance back; harmless where there is none.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public Task TakeBackAsync(string runId, string check, IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var (experiment, subject) = PlaceOf(session.Sql, runId) ?? throw RunService.NoSuchRun(runId);
            return Remove(session.Sql, experiment, subject, check, JsonSerializer.Serialize(columns));
        });
    }

    private static int Remove(StoreSession sql, long experiment, string subject, string check, string columns) => sql.Execute(
        "DELETE FROM accepted_findings WHERE experiment = $experiment AND subject = $subject AND check_name = $check AND columns = $columns",
        ("$experiment", experiment), ("$subject", subject), ("$check", check), ("$columns", columns));

    private static (long Experiment, string Subject)? PlaceOf(StoreSession session, string runId) => session.Rows(
        "SELECT r.experiment, (SELECT t.value FROM tags t JOIN keys k ON k.id = t.key WHERE t.run = r.id AND k.name = $tag) FROM runs r WHERE r.run_id = $run",
        row => (row.Int64(0), row.TextOrNull(1) ?? ""), ("$tag", SubjectTag), ("$run", runId)) is [var place] ? place : null;

    private static AcceptedFinding Read(StoreRow row) => new(
        row.Text(0), JsonSerializer.Deserialize<string[]>(row.Text(1)) ?? [], row.Text(2), row.Text(3), row.Text(4), RunReader.Time(row.Int64(5)));
}
