using System.Globalization;
using Roux.Tracking;

namespace Roux.Cli.Studies;

/// <summary>What a study is to beat.</summary>
/// <param name="Name">In words.</param>
/// <param name="Value">Its metric.</param>
internal sealed record Champion(string Name, double Value)
{
    /// <summary>Finds it.</summary>
    /// <param name="tracker">The store.</param>
    /// <param name="text">A number, a model version (<c>churn@champion</c>, <c>churn/3</c>, with or without <c>models:/</c>), or a run; null for none.</param>
    /// <param name="metric">What is compared.</param>
    /// <exception cref="UsageException">There is no such thing, or it has no such metric.</exception>
    public static Champion? Find(Tracker tracker, string? text, string metric)
    {
        if (text is null)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return double.IsFinite(number) ? new Champion("the number given", number) : throw new UsageException($"--champion {text}: a finite number");
        }

        var reference = text.StartsWith("models:/", StringComparison.Ordinal) ? text["models:/".Length..] : text;
        if ((reference.Contains('@', StringComparison.Ordinal) || reference.Contains('/', StringComparison.Ordinal)) && Version(tracker, reference) is { } version)
        {
            return version.RunId is { } id && tracker.FindRun(id) is { } run ? new Champion($"model {version.Name}/{version.Version}", MetricOf(run, metric, text))
                : throw new UsageException($"--champion '{text}': the version has no run that says how it did; name a run or a number");
        }

        if (text != reference)
        {
            throw new UsageException($"--champion '{text}': no such model version; see them with: roux models");
        }

        if (tracker.FindRun(text) is null && tracker.Models.FindModel(text) is { Aliases: var aliases })
        {
            throw new UsageException($"--champion '{text}': which version? Write {text}/VERSION or {text}@ALIAS{(aliases.Count > 0 ? $"; aliases: {string.Join(", ", aliases.Keys)}" : "")}");
        }

        var found = StoreAccess.FindRun(tracker, text);
        return new Champion($"run {found.Name} ({found.Id[..8]})", MetricOf(found, metric, text));
    }

    private static ModelVersionRecord? Version(Tracker tracker, string reference)
    {
        try
        {
            return tracker.Models.Find(reference);
        }
        catch (TrackingException)
        {
            return null;
        }
    }

    // A study's own run calls it best, a trial's objective.
    private static double MetricOf(RunRecord run, string metric, string text) =>
        (run.Metric(metric) ?? (run.Tags.GetValueOrDefault(Learning.AutoML.Development.MetricTag) == metric ? run.Metric("best") : null)) is { } value && double.IsFinite(value) ? value
            : throw new UsageException(Learning.Data.NearestName.Message($"--champion '{text}':", metric, "metric", [.. run.Metrics.Keys]));
}
