using Roux.Learning.Studies;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>What a study learns from before its first trial: an earlier study, or any runs that a filter finds.</summary>
internal sealed class WarmStart
{
    private const int Most = 2_000;

    private readonly IReadOnlyList<(RunRecord Run, Configuration Settings, IReadOnlyList<double> Values)> known;

    private WarmStart(IReadOnlyList<(RunRecord Run, Configuration Settings, IReadOnlyList<double> Values)> known) => this.known = known;

    /// <summary>Finds earlier results.</summary>
    /// <param name="tracker">The store.</param>
    /// <param name="space">The space whose settings are looked for among their params.</param>
    /// <param name="text">A study's run, or a filter over runs; their params are taken for settings of the same name.</param>
    /// <param name="metrics">What counts.</param>
    /// <exception cref="UsageException">Nothing is found.</exception>
    public static WarmStart Find(Tracker tracker, SearchSpace space, string text, IReadOnlyList<string> metrics)
    {
        var study = tracker.FindRun(text) is { } run && run.Tags.ContainsKey(StudyTags.Key) ? run : null;
        var filter = study is null ? text : $"attributes.parent_run_id = '{study.Id}' AND tags.`{StudyTags.State}` = 'complete'";
        IReadOnlyList<RunRecord> runs;
        try
        {
            runs = tracker.SearchRuns(new RunQuery { Filter = filter, MaxResults = Most });
        }
        catch (TrackingException e)
        {
            throw new UsageException($"--warm-start '{text}': neither a study in this store nor a filter over runs: {e.Message}");
        }

        var known = new List<(RunRecord, Configuration, IReadOnlyList<double>)>();
        foreach (var found in runs)
        {
            var settings = ParamRanges.SettingsOf(found, space);
            double[] values = [.. metrics.Select(metric => found.Metric(metric) ?? (study is not null && metrics.Count == 1 ? found.Metric(StudyTags.Objective) : null) ?? double.NaN)];
            if (settings.Count > 0 && values.All(double.IsFinite))
            {
                known.Add((found, settings, values));
            }
        }

        return known.Count > 0 ? new WarmStart(known)
            : throw new UsageException($"--warm-start '{text}': {(runs.Count == 0 ? "no run fits" : $"of {runs.Count} runs none has '{string.Join("' and '", metrics)}' and a param named like a parameter of the space ({string.Join(", ", space.Parameters.Take(20).Select(parameter => parameter.Name))})")}");
    }

    /// <summary>Tells a study of them.</summary>
    /// <param name="study">The study.</param>
    /// <param name="own">Id of the study's own run, whose trials are no news.</param>
    public void Tell(Study study, string own)
    {
        var others = known.Where(found => found.Run.Id != own && found.Run.ParentId != own).Select(found => (found.Settings, found.Values)).ToList();
        study.WarmStart(others);
        Console.Error.WriteLine($"roux: learned from {others.Count} earlier runs");
    }
}
