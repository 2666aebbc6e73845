using System.Globalization;
using Roux.Server.Components.Charts;
using Roux.Server.Components.Runs;
using Roux.Server.Components.Snippets;
using Roux.Tracking;

namespace Roux.Server.Components.Comparing;

/// <summary>A value of runs that may lie on an axis.</summary>
/// <param name="Id">As it stands in an address: <c>metrics.NAME</c> or <c>params.NAME</c>.</param>
/// <param name="Field">What it is.</param>
/// <param name="IsNumeric">Whether all runs that have it have a number.</param>
/// <param name="Differs">Whether runs differ in it.</param>
public sealed record RunAxis(string Id, ValueField Field, bool IsNumeric, bool Differs)
{
    private const int Most = 300;

    /// <summary>Whether less is better; only metrics are better or worse.</summary>
    public bool? LowerIsBetter => Field.Kind == ValueKind.Metric ? MetricDirection.LowerIsBetter(Field.Key) : null;

    /// <summary>All that some runs have: metrics, then params, the captured ones left out.</summary>
    internal static IReadOnlyList<RunAxis> Of(IReadOnlyList<RunRecord> runs)
    {
        var metrics = runs.SelectMany(run => run.Metrics.Keys).Where(key => !UsualColumns.IsCaptured(key)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(key => new ValueField(ValueKind.Metric, key));
        var settings = runs.SelectMany(run => run.Params.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(key => new ValueField(ValueKind.Param, key));
        return [.. metrics.Concat(settings).Take(Most).Select(field =>
        {
            var texts = runs.Select(run => TextOf(run, field)).ToList();
            var numeric = texts.OfType<string>().All(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
            return new RunAxis((field.Kind == ValueKind.Metric ? "metrics." : "params.") + field.Key, field, numeric, texts.Distinct(StringComparer.Ordinal).Skip(1).Any());
        })];
    }

    /// <summary>A run's value as a text; <c>null</c> for none.</summary>
    internal string? TextOf(RunRecord run) => TextOf(run, Field);

    /// <summary>A run's value as a number; NaN for none.</summary>
    internal double NumberOf(RunRecord run) => double.TryParse(TextOf(run), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    /// <summary>The values of runs on an axis.</summary>
    internal PlotColumn Column(IReadOnlyList<RunRecord> runs) => PlotColumn.Of(Field.Key, [.. runs.Select(TextOf)]);

    private static string? TextOf(RunRecord run, ValueField field) => field.Kind == ValueKind.Metric
        ? run.Metric(field.Key)?.ToString("R", CultureInfo.InvariantCulture)
        : run.Params.GetValueOrDefault(field.Key);
}
