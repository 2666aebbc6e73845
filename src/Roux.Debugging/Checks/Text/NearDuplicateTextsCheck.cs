using Roux.Learning.Evaluation.Statistics;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Text;

/// <summary>Texts that are nearly the same as others, within training or across the split.</summary>
public sealed class NearDuplicateTextsCheck : Check<TableSubject>
{
    private static readonly Threshold Similarity = new("similarity", 0.7, "share of the runs of three words that two texts have in common (Jaccard)", "Lee et al. 2022 (Deduplicating training data) take 0.8 of longer runs; below one half texts merely share a topic");

    private static readonly Threshold Across = new("across", 0.01, "share of the test texts (lower end of its 95% interval) with a near copy in training, from which on the severity is medium", "One in a hundred moves a score by less than its usual interval");

    private static readonly Threshold Within = new("within", 0.05, "share of the training texts with a near copy before them from which on the severity is medium", "One text in twenty is read twice, and parted at random by every fold");

    /// <inheritdoc/>
    public override string Name => "near-duplicate-texts";

    /// <inheritdoc/>
    public override string Definition => "Texts have nearly the same words in the same order as others (MinHash; Broder 1997).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Similarity, Across, Within];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        foreach (var texts in TextSample.All(subject, context.Seed).Where(texts => texts.IsProse))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var (train, test) = (Array.ConvertAll(texts.Train, MinHash.Of), Array.ConvertAll(texts.Test, MinHash.Of));
            var least = context.Value(Name, Similarity);
            var within = MinHash.Nearest(train, null, least);
            var across = MinHash.Nearest(test, train, least);
            var (copies, tested) = (within.Count(other => other >= 0), across.Count(other => other >= 0));
            if (tested > 0)
            {
                var sure = Proportion.Wilson(tested, test.Length).Low;
                yield return Tell(texts, tested, test.Length, across, texts.Test, sure >= 0.5 ? Severity.High : sure >= context.Value(Name, Across) ? Severity.Medium : Severity.Low, "test text", "a training text");
            }
            else if (copies >= 2 && copies >= 0.002 * train.Length)
            {
                yield return Tell(texts, copies, train.Length, within, texts.Train, copies >= context.Value(Name, Within) * train.Length ? Severity.Medium : Severity.Low, "text", "an earlier one");
            }
        }
    }

    private Finding Tell(TextSample texts, int count, int all, int[] nearest, string[] of, Severity severity, string what, string whom)
    {
        var first = Array.FindIndex(nearest, other => other >= 0);
        return new Finding(Name, severity, $"{Wording.Count(count, what)} of '{texts.Name}' ({Wording.Percent((double)count / all)}) {(count == 1 ? "is" : "are")} nearly the same as {whom}, such as \"{Wording.Short(of[first], 60)}\"")
        {
            Columns = [texts.Name],
            Evidence = Figures.Of(("texts", count), ("share", (double)count / all)).WithList("pair", [Wording.Short(of[first], 200), Wording.Short(texts.Train[nearest[first]], 200)])
                .WithBars($"{char.ToUpperInvariant(what[0])}{what[1..]}s", "texts", [("nearly the same as another", count), ("on their own", all - count)]),
            Cause = "Texts were reprinted, quoted, filled in from a template, or gathered twice.",
            Fix = "Keep one of each, or split so that near copies stay on one side (--group with a column that names them).",
            Verify = "No near copies across the split; the score falls to what new texts will give.",
        };
    }
}
