using Roux.Learning.Reports.Studies;
using Roux.Learning.Studies;
using Roux.Tracking;

namespace Roux.Cli.Studies;

/// <summary>Finds the study that a text means.</summary>
internal static class StudySearch
{
    /// <summary>Reads the study that an id, the beginning of one or a name means; <c>latest</c> is the one that started last.</summary>
    /// <exception cref="UsageException">There is none, or its records are damaged.</exception>
    public static StoredStudy Read(Tracker tracker, string text)
    {
        var run = text == "latest" && tracker.SearchRuns(new RunQuery { Filter = $"tags.`{StudyTags.Key}` != ''", MaxResults = 1 }) is [var latest] ? latest : StoreAccess.FindRun(tracker, text);
        if (!run.Tags.ContainsKey(StudyTags.Key))
        {
            if (run.Tags.ContainsKey(StudyTags.Trial) && run.ParentId is { } parent && tracker.FindRun(parent) is { } above)
            {
                run = above;
            }
            else
            {
                var names = tracker.SearchRuns(new RunQuery { Filter = $"tags.`{StudyTags.Key}` != ''", MaxResults = 20 });
                throw new UsageException($"'{text}': run {run.Name} ({run.Id[..8]}) is no study; {(names.Count == 0 ? "there is none yet in this store" : "studies: " + string.Join(", ", names.Select(other => $"{other.Name} ({other.Id[..8]})")))}");
            }
        }

        try
        {
            return new StudyReader(tracker, run.Id).Read();
        }
        catch (TrackingException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>A study as charts and the report see it.</summary>
    public static StudyView ViewOf(StoredStudy study) => new(study.Study, [.. study.Goals.Select(goal => goal.Metric)])
    {
        Name = study.Run.Name, RunId = study.Run.Id, Times = study.Times, Remarks = [.. new[] { study.Run.Tags.GetValueOrDefault(StudyTags.Remarks) }.OfType<string>()],
    };
}
