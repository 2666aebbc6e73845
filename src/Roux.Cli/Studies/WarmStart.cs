using System.Globalization;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>What a study learns from before its first trial: an earlier study, or any runs that a filter finds.</summary>
internal static class WarmStart
{
    private const int Most = 2_000;

    /// <summary>Tells a study of earlier results.</summary>
    /// <param name="tracker">The store.</param>
    /// <param name="study">The study.</param>
    /// <param name="text">A study's run, or a filter over runs; their params are taken for settings of the same name.</param>
    /// <param name="metric">What counts.</param>
    /// <param name="own">Id of the study's own run, whose trials are no news.</param>
    /// <exception cref="UsageException">Nothing is found.</exception>
    public static void Apply(Tracker tracker, Study study, string text, string metric, string own)
    {
        var isStudy = tracker.FindRun(text) is { } run && run.Tags.ContainsKey(StudyRun.KeyTag);
        var filter = isStudy ? $"attributes.parent_run_id = '{tracker.FindRun(text)!.Id}' AND tags.`{TrialRuns.StateTag}` = 'complete'" : text;
        IReadOnlyList<RunRecord> runs;
        try
        {
            runs = tracker.SearchRuns(new RunQuery { Filter = filter, MaxResults = Most });
        }
        catch (TrackingException e)
        {
            throw new UsageException($"--warm-start '{text}': neither a study in this store nor a filter over runs: {e.Message}");
        }

        var known = runs.Where(found => found.Id != own && found.ParentId != own)
            .Select(found => (Settings: SettingsOf(found, study.Space), Value: found.Metric(metric) ?? (isStudy ? found.Metric(TrialRuns.ObjectiveMetric) : null)))
            .Where(pair => pair.Settings.Count > 0 && pair.Value is { } value && double.IsFinite(value)).Select(pair => (pair.Settings, (IReadOnlyList<double>)[pair.Value!.Value])).ToList();
        if (known.Count == 0)
        {
            throw new UsageException($"--warm-start '{text}': {(runs.Count == 0 ? "no run fits" : $"of {runs.Count} runs none has '{metric}' and a param named like a parameter of the space ({string.Join(", ", study.Space.Parameters.Take(20).Select(parameter => parameter.Name))})")}");
        }

        study.WarmStart(known);
        Console.Error.WriteLine($"roux: learned from {known.Count} earlier runs");
    }

    /// <summary>Params as settings of a space; what does not fit its parameter is left out.</summary>
    private static Configuration SettingsOf(RunRecord run, SearchSpace space)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var parameter in space.Parameters)
        {
            if (!run.Params.TryGetValue(parameter.Name, out var text))
            {
                continue;
            }

            if (parameter is CategoricalParameter categorical)
            {
                if (categorical.Choices.FirstOrDefault(choice => Configuration.Format(choice) == text) is { } choice)
                {
                    values[parameter.Name] = choice;
                }
            }
            else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            {
                values[parameter.Name] = number;
            }
        }

        return new Configuration(values);
    }
}
