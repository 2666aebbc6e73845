using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Learning.Reports.Studies;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>A study of the store, to look at.</summary>
/// <param name="Run">Its run.</param>
/// <param name="Study">The study with its trials.</param>
/// <param name="Goals">What was tuned.</param>
/// <param name="Times">When trials began and ended, in milliseconds since 1970.</param>
internal sealed record StudyReader(RunRecord Run, Study Study, IReadOnlyList<Goal> Goals, IReadOnlyDictionary<int, (long Begin, long? End)> Times)
{
    /// <summary>Tag of a study's run: minimize or maximize, one a goal with commas between.</summary>
    public const string DirectionTag = "roux.study.direction";

    /// <summary>Tag of the run of a study of several goals: its metrics as a JSON list.</summary>
    public const string MetricsTag = "roux.study.metrics";

    /// <summary>The study as charts see it.</summary>
    public StudyView View => new(Study, [.. Goals.Select(goal => goal.Metric)])
    {
        Name = Run.Name, RunId = Run.Id, Times = Times,
        Remarks = [.. new[] { Run.Tags.GetValueOrDefault("roux.study.remarks") }.OfType<string>()],
    };

    /// <summary>Reads the study that an id, the beginning of one or a name means; <c>latest</c> is the one that started last.</summary>
    /// <exception cref="UsageException">There is none, or its records are damaged.</exception>
    public static StudyReader Read(Tracker tracker, string text)
    {
        var run = text == "latest" && tracker.SearchRuns(new RunQuery { Filter = $"tags.`{StudyRun.KeyTag}` != ''", MaxResults = 1 }) is [var latest] ? latest : StoreAccess.FindRun(tracker, text);
        if (!run.Tags.ContainsKey(StudyRun.KeyTag))
        {
            if (run.Tags.ContainsKey(TrialRuns.TrialTag) && run.ParentId is { } parent && tracker.FindRun(parent) is { } above)
            {
                run = above;
            }
            else
            {
                var names = tracker.SearchRuns(new RunQuery { Filter = $"tags.`{StudyRun.KeyTag}` != ''", MaxResults = 20 });
                throw new UsageException($"'{text}': run {run.Name} ({run.Id[..8]}) is no study; {(names.Count == 0 ? "there is none yet in this store" : "studies: " + string.Join(", ", names.Select(other => $"{other.Name} ({other.Id[..8]})")))}");
            }
        }

        try
        {
            var space = SpaceJson.Read(JsonNode.Parse(File.ReadAllText(tracker.ArtifactFile(run.Id, StudyRun.SpaceFileName))));
            var goals = GoalsOf(run);
            var study = new Study(space, new StudyOptions { Directions = [.. goals.Select(goal => goal.Direction)], Schedule = ScheduleTag.Read(run.Tags.GetValueOrDefault(ScheduleTag.Name)) });
            var replay = new TrialReplay(study);
            var folder = Path.Combine(StudyRun.FolderOf(tracker), run.Id);
            var log = new TrialLog(folder, File.Exists(Path.Combine(folder, "journal.jsonl")) ? null : tracker.ArtifactFile(run.Id, "study.jsonl"));
            foreach (var line in log.Read())
            {
                replay.Apply(line);
            }

            return new StudyReader(run, study, goals, replay.Times);
        }
        catch (Exception e) when (e is FormatException or JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"study {run.Name} ({run.Id[..8]}): {e.Message}");
        }
    }

    private static Goal[] GoalsOf(RunRecord run)
    {
        string[] ways = run.Tags.GetValueOrDefault(DirectionTag)?.Split(',') ?? ["minimize"];
        string[] metrics = run.Tags.TryGetValue(MetricsTag, out var list) ? JsonSerializer.Deserialize<string[]>(list) ?? [] : [run.Tags.GetValueOrDefault(Learning.AutoML.Development.MetricTag) ?? "value"];
        return metrics.Length == ways.Length ? [.. metrics.Zip(ways, (metric, way) => new Goal(metric, way == "maximize" ? Direction.Maximize : Direction.Minimize))]
            : throw new FormatException($"{metrics.Length} metrics and {ways.Length} directions");
    }
}
