using Roux.Tracking.Storage;

namespace Roux.Tracking.Reproduction;

/// <summary>What came of a repetition, noted with the run that repeated.</summary>
public static class ReproductionRecord
{
    /// <summary>Tag of a repetition that has ended: <c>reproduced</c>, or how it differs.</summary>
    public const string VerdictTag = "roux.reproduction";

    private const string Reproduced = "reproduced";

    /// <summary>Notes the verdict with a run that repeated another.</summary>
    /// <param name="tracker">The store.</param>
    /// <param name="repetition">Id of the run that repeated.</param>
    /// <param name="reproduced">Whether the same came out.</param>
    public static void Write(Tracker tracker, string repetition, bool reproduced)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        var run = tracker.KeyOf(repetition);
        tracker.Database.WritesOrThrow().Call(session =>
        {
            Runs.RunWrites.Tag(session, run, VerdictTag, reproduced ? Reproduced : "differs");
            return true;
        });
    }

    /// <summary>Id of a run that repeated another with the same results; <c>null</c> where there is none.</summary>
    internal static string? Find(StoreSession session, string runId) => session.Rows(
        """
        SELECT r.run_id FROM keys k JOIN tags t ON t.key = k.id JOIN runs r ON r.id = t.run JOIN keys vk ON vk.name = $verdict JOIN tags v ON v.run = t.run AND v.key = vk.id
        WHERE k.name = $reproduces AND t.value = $runId AND v.value = $reproduced AND r.deleted IS NULL ORDER BY r.id DESC LIMIT 1
        """,
        row => row.Text(0), ("$reproduces", RunMetrics.ReproducesTag), ("$verdict", VerdictTag), ("$runId", runId), ("$reproduced", Reproduced)) is [var found, ..] ? found : null;
}
