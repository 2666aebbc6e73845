using System.Diagnostics;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Pipelines;

namespace Roux.Learning.AutoML;

/// <summary>What the winner looks at.</summary>
internal static class Explanation
{
    private const int MaxRows = 2_000;
    private const int Repeats = 5;

    /// <summary>Share of each source column in the members' own importance, weighted as the members are, largest first.</summary>
    public static IReadOnlyList<(string Column, double Share)> Gain(Pipeline pipeline)
    {
        var shares = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var member in pipeline.Members)
        {
            if (member.Model.Importance is not { } importance || importance.Sum() is not (> 0 and < double.PositiveInfinity))
            {
                continue;
            }

            var total = importance.Sum();
            for (var i = 0; i < importance.Length; i++)
            {
                var source = member.Featurizer.Features[i].Source;
                shares[source] = shares.GetValueOrDefault(source) + member.Weight * importance[i] / total;
            }
        }

        var sum = shares.Values.Sum();
        return [.. shares.Select(pair => (pair.Key, pair.Value / sum)).OrderByDescending(pair => pair.Item2).ThenBy(pair => pair.Key, StringComparer.Ordinal)];
    }

    /// <summary>
    /// What the headline metric loses on the final rows when a column is shuffled. It is told after the final score and decides nothing.
    /// Left out when the time is up.
    /// </summary>
    public static IReadOnlyList<ColumnImportance> Permutation(Pipeline pipeline, DevelopInputs inputs, Metric metric, Budget budget, int seed, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return [];
        }

        // The columns that matter by gain; all of them where the family has none.
        var gain = Gain(pipeline);
        var columns = gain.Count > 0 ? gain.Take(20).Select(pair => pair.Column).ToList() : inputs.FeatureColumns.Take(20).Select(column => column.Name).ToList();
        var rows = inputs.Test.RowCount <= MaxRows ? Enumerable.Range(0, inputs.Test.RowCount).ToArray()
            : [.. Enumerable.Range(0, MaxRows).Select(i => (int)((long)i * inputs.Test.RowCount / MaxRows))];
        var (table, target) = (inputs.Test.Take(rows), inputs.TestTarget.Take(rows));
        var watch = Stopwatch.StartNew();
        pipeline.Predict(table, CancellationToken.None);
        var once = watch.Elapsed.TotalSeconds;
        var seconds = budget.SecondsLeft * 0.6;
        if (once * columns.Count * 2 > seconds)
        {
            return [];
        }

        var repeats = budget.Trials is not null ? Repeats : Math.Clamp((int)(seconds / (once * columns.Count * 1.5)), 1, Repeats);
        var alike = ColumnGroups.Of(table, [.. inputs.FeatureColumns.Where(column => columns.Contains(column.Name))]);
        return PermutationImportance.Compute(part => pipeline.Predict(part, CancellationToken.None), table, target, metric, columns, repeats, seed, alike, CancellationToken.None);
    }
}
