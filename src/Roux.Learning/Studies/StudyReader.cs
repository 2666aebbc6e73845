using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Learning.Studies;

/// <summary>
/// Reads a study of the store, again and again as it goes on. Its journal has the last word, which is read on from where it ended the last time; where none can be
/// reached, as from another machine, the study is made of the runs of its trials. Not safe to use from several threads at once.
/// </summary>
/// <param name="tracker">The store.</param>
/// <param name="runId">Id of the study's run.</param>
public sealed class StudyReader(Tracker tracker, string runId)
{
    private readonly TrialLog log = new(Path.Combine(StudyTags.FolderOf(tracker), runId));
    private readonly ChildRuns children = new(tracker, runId);
    private SearchSpace? space;
    private Study? study;
    private TrialReplay? replay;
    private bool isWhole;

    /// <summary>The study as it stands now.</summary>
    /// <param name="goal">Of a run of others, what its parts were tried for; <c>null</c> for a guess.</param>
    /// <exception cref="TrackingException">There is no such run, or its records are damaged.</exception>
    public StoredStudy Read(Goal? goal = null)
    {
        var run = tracker.GetRun(runId);
        if (!run.Tags.ContainsKey(StudyTags.Key))
        {
            return children.Foreign(run, goal);
        }

        try
        {
            space ??= StoredSpace.Read(tracker, run);
            var goals = GoalsOf(run);
            return Replay(run, goals) ? Of(run, goals) : children.OfStudy(run, space, goals);
        }
        catch (Exception e) when (e is FormatException or JsonException or IOException or UnauthorizedAccessException)
        {
            throw new TrackingException($"study {run.Name} ({run.Id[..8]}): {e.Message}");
        }
    }

    /// <summary>What a study's run says that it tunes.</summary>
    /// <exception cref="FormatException">Its tags are damaged.</exception>
    public static IReadOnlyList<Goal> GoalsOf(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        string[] ways = run.Tags.GetValueOrDefault(StudyTags.Direction)?.Split(',') ?? ["minimize"];
        string[] metrics = run.Tags.TryGetValue(StudyTags.Metrics, out var list) ? JsonSerializer.Deserialize<string[]>(list) ?? [] : [run.Tags.GetValueOrDefault(AutoML.Development.MetricTag) ?? "value"];
        return metrics.Length == ways.Length ? [.. metrics.Zip(ways, (metric, way) => new Goal(metric, way == "maximize" ? Direction.Maximize : Direction.Minimize))]
            : throw new FormatException($"{metrics.Length} metrics and {ways.Length} directions");
    }

    private StoredStudy Of(RunRecord run, IReadOnlyList<Goal> goals) => new()
    {
        Run = run, Space = space!, Goals = goals, Study = study!, Trials = study!.Trials, Schedule = study.Schedule,
        Times = new Dictionary<int, (long Begin, long? End)>(replay!.Times), Turns = [.. replay.Turns], Heard = new Dictionary<string, string>(replay.Heard), Added = replay.Added,
    };

    /// <summary>Takes in what is new in the journal; false where there is none to be had.</summary>
    private bool Replay(RunRecord run, IReadOnlyList<Goal> goals)
    {
        if (study is null)
        {
            study = new Study(space!, new StudyOptions { Directions = [.. goals.Select(one => one.Direction)], Schedule = ScheduleTag.Read(run.Tags.GetValueOrDefault(ScheduleTag.Name)) });
            replay = new TrialReplay(study);
        }

        if (isWhole)
        {
            return true;
        }

        var isHere = File.Exists(log.File);
        if (!isHere && run.Ended is null)
        {
            return false;
        }

        try
        {
            foreach (var line in isHere ? log.Read() : Artifact())
            {
                replay!.Apply(line);
            }
        }
        catch (FormatException)
        {
            (study, replay) = (null, null);
            throw;
        }

        isWhole = !isHere && study.Trials.Count > 0;
        return isHere || isWhole;
    }

    private IReadOnlyList<JsonElement> Artifact()
    {
        try
        {
            using var file = tracker.OpenArtifact(runId, StudyTags.JournalFile);
            return TrialLog.Read(file);
        }
        catch (TrackingException)
        {
            // It was cut off before it was kept.
            return [];
        }
    }
}
