using Roux.Tracking;

namespace Roux.Learning.Studies;

/// <summary>How a study and its trials stand in the store: tags and artifacts of the study's run, and of a run under it for every trial.</summary>
public static class StudyTags
{
    /// <summary>Tag of a study's run: a digest of space, metric and command.</summary>
    public const string Key = "roux.study.key";

    /// <summary>Tag of a study's run: minimize or maximize, one a goal with commas between.</summary>
    public const string Direction = "roux.study.direction";

    /// <summary>Tag of the run of a study of several goals: its metrics as a JSON list.</summary>
    public const string Metrics = "roux.study.metrics";

    /// <summary>Tag of a study's run: how many trials it was begun for.</summary>
    public const string Wanted = "roux.study.trials";

    /// <summary>Tag of a study's run: why it ended.</summary>
    public const string End = "roux.study.end";

    /// <summary>Tag of a study's run: sentences about the outcome.</summary>
    public const string Remarks = "roux.study.remarks";

    /// <summary>Artifact of a study's run: its space.</summary>
    public const string SpaceFile = "space.json";

    /// <summary>Artifact of a study's run that has ended: all that happened.</summary>
    public const string JournalFile = "study.jsonl";

    /// <summary>Tag of a trial's run: its number and settings as JSON.</summary>
    public const string Trial = "roux.trial";

    /// <summary>Tag of a trial's run: how it ended.</summary>
    public const string State = "roux.trial.state";

    /// <summary>Metric of a trial's run: what the study was told, where it has a single goal.</summary>
    public const string Objective = "objective";

    /// <summary>Where a store's studies keep their journals and trials their files.</summary>
    public static string FolderOf(Tracker tracker)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        return Path.Combine(tracker.Folder, "studies");
    }
}
