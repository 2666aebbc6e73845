using Roux.Server.Components.Runs;
using Roux.Server.Components.Widgets;
using Roux.Tracking;

namespace Roux.Server.Components.Comparing;

/// <summary>A kind of values of several runs, side by side.</summary>
public sealed record ComparedPart(string Title, bool Numeric, IReadOnlyList<ComparedRow> Rows)
{
    /// <summary>All kinds that any of the runs has, each value by name; what was captured comes last.</summary>
    internal static IReadOnlyList<ComparedPart> Of(IReadOnlyList<RunRecord> runs)
    {
        var metrics = Names(runs, run => run.Metrics.Keys, captured: false).Select(key => MetricRow(runs, key)).ToList();
        return [.. new[]
        {
            new ComparedPart("Metrics", true, metrics),
            new ComparedPart("Params", false, Texts(runs, run => run.Params, false)),
            new ComparedPart("Data", false, [new ComparedRow("inputs", [.. runs.Select(run => run.Datasets.Count == 0 ? null : string.Join(", ", run.Datasets.Select(input => $"{input.Dataset.Name} ({Format.Cut(input.Dataset.Digest, 18)})")))])]),
            new ComparedPart("Tags", false, Texts(runs, run => run.Tags, false)),
            new ComparedPart("Captured", false, Texts(runs, run => run.Tags, true)),
        }.Where(part => part.Rows.Any(row => row.Values.Any(value => value is not null)))];
    }

    private static ComparedRow MetricRow(IReadOnlyList<RunRecord> runs, string key)
    {
        var numbers = runs.Select(run => run.Metric(key)).ToList();
        var known = numbers.OfType<double>().Where(double.IsFinite).ToList();
        var best = known.Count < 2 || known.Min() >= known.Max() ? -1
            : numbers.IndexOf(MetricDirection.LowerIsBetter(key) ? known.Min() : known.Max());
        return new ComparedRow(key, [.. numbers.Select(number => number is { } value ? Format.Number(value) : null)]) { Best = best };
    }

    private static List<ComparedRow> Texts(IReadOnlyList<RunRecord> runs, Func<RunRecord, IReadOnlyDictionary<string, string>> of, bool captured) =>
        [.. Names(runs, run => of(run).Keys, captured).Select(key => new ComparedRow(key, [.. runs.Select(run => of(run).GetValueOrDefault(key))]))];

    private static IEnumerable<string> Names(IReadOnlyList<RunRecord> runs, Func<RunRecord, IEnumerable<string>> of, bool captured) =>
        runs.SelectMany(of).Distinct(StringComparer.Ordinal).Where(key => UsualColumns.IsCaptured(key) == captured).Order(StringComparer.Ordinal);
}

/// <summary>A value of several runs.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Values">One a run; <c>null</c> where a run has none.</param>
public sealed record ComparedRow(string Key, IReadOnlyList<string?> Values)
{
    /// <summary>Index of the run with the best value; -1: none, or it cannot be told.</summary>
    public int Best { get; init; } = -1;

    /// <summary>Whether not all runs have the same.</summary>
    public bool Differs => Values.Distinct(StringComparer.Ordinal).Skip(1).Any();
}
