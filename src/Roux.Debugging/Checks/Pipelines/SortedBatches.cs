using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Learning.Data.Profiling;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Pipelines;

/// <summary>Whether batches are mixed.</summary>
public sealed class SortedBatches : Check<InputSubject>
{
    private const int Parts = 4;
    private static readonly Threshold Grave = new("grave", 0.5, "association of batch and class (Cramér's V, corrected for chance: Bergsma 2013): at least, for high severity", "a strong association (Cohen 1988); shuffled rows are near 0, batches of one class at 1");
    private static readonly Threshold Some = new("some", 0.3, "the same, for medium severity", "a medium association (Cohen 1988)");

    /// <inheritdoc/>
    public override string Name => "sorted-batches";

    /// <inheritdoc/>
    public override string Definition => "Rows reach a learner of batches in an order that goes with the answer: batches hold one class, or one range of numbers, so that steps follow each class in turn (Bengio 2012, Practical recommendations, section 3.1: shuffle).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Grave, Some];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["oscillating", "loss-oscillating", "overfit-gap", "worse-than-baseline", "prediction-collapse", "loss-not-decreasing"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(InputSubject subject, CheckContext context)
    {
        if (!subject.Needs.OrderMatters || subject.BatchSize is not (> 1 and { } size) || subject.Y is not { } y || y.Task == TaskKind.Multilabel || y.Count < 4 * size)
        {
            yield break;
        }

        var (classes, labels) = y.Task == TaskKind.Regression ? (Parts, Quarters(y.Values)) : (y.Width, y.Labels);
        var batches = Math.Min(200, y.Count / size);
        var counts = new int[batches * classes];
        for (var batch = 0; batch < batches; batch++)
        {
            for (var i = 0; i < size; i++)
            {
                counts[batch * classes + labels[(long)batch * (y.Count / size) / batches * size + i]]++;
            }
        }

        var association = Association.CramersV(counts, batches, classes);
        if (association < context.Value(Name, Some))
        {
            yield break;
        }

        var shown = Math.Min(batches, 50);
        yield return new Finding(Name, association >= context.Value(Name, Grave) ? Severity.High : Severity.Medium,
            $"Batches are not mixed: rows come sorted by their {(y.Task == TaskKind.Regression ? "answer" : "class")}, so that batches of {size} hold {(association > 0.9 ? "one kind each" : "very different shares")} (association {association:0.##}; shuffled it is 0).")
        {
            Evidence = new JsonObject
            {
                ["association"] = association,
                ["batch_size"] = size,
                ["batches"] = batches,
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Line, "Share of each class by batch", "batch", "share",
                    [.. Enumerable.Range(0, Math.Min(classes, 10)).Select(k => new PlotSeries(y.Task == TaskKind.Regression ? $"quarter {k + 1}" : y.Classes[k], [.. Enumerable.Range(0, shown).Select(batch => (double)batch)], [.. Enumerable.Range(0, shown).Select(batch => counts[batch * classes + k] / (double)size)]))]).ToJson(),
            },
            Cause = "The file is sorted by class (or by a column that goes with it), and rows are taken as they lie.",
            Fix = "Shuffle the rows before every pass; where the data are read in pieces, shuffle the pieces and keep a buffer of rows.",
            Verify = "Every batch holds about the same share of each class.",
        };
    }

    private static int[] Quarters(double[] values)
    {
        var ranks = Association.Ranks(values);
        return Array.ConvertAll(ranks, rank => Math.Clamp((int)(rank / (values.Length + 1) * Parts), 0, Parts - 1));
    }
}
