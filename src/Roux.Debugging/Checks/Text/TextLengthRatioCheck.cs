using Roux.Learning.Evaluation.Statistics;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Text;

/// <summary>Test texts that are much longer or shorter than those of training.</summary>
public sealed class TextLengthRatioCheck : Check<TableSubject>
{
    private static readonly Threshold Ratio = new("ratio", 2, "ratio of the median lengths, either way", "At twice the length a tokenizer's limit, a term's weight and a prior over lengths all change");

    /// <inheritdoc/>
    public override string Name => "text-length-ratio";

    /// <inheritdoc/>
    public override string Definition => "The median length of the test texts is at least twice, or at most half, that of the training texts (with a Mann-Whitney test against chance).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Ratio];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["vocabulary-mismatch"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        foreach (var texts in TextSample.All(subject, context.Seed).Where(texts => texts.Train.Length >= 20 && texts.Test.Length >= 20))
        {
            var (a, b) = (Lengths(texts.Train), Lengths(texts.Test));
            var (before, after) = (a[a.Length / 2], b[b.Length / 2]);
            var ratio = (after + 1) / (before + 1);
            var limit = context.Value(Name, Ratio);
            if ((ratio < limit && ratio > 1 / limit) || !(RankTests.MannWhitney(a, b).PValue < 0.001))
            {
                continue;
            }

            yield return new Finding(Name, Severity.Medium, $"Texts of '{texts.Name}' have a median of {before:N0} characters in training and {after:N0} in the test rows")
            {
                Columns = [texts.Name],
                Evidence = Figures.Of(("train_median", before), ("test_median", after), ("ratio", ratio)).WithPairs("Quantiles of length", "characters", "training", "test", new[] { 0.1, 0.25, 0.5, 0.75, 0.9 }.Select(q => (Wording.Percent(q), a[(int)(q * (a.Length - 1))], b[(int)(q * (b.Length - 1))]))),
                Cause = "The test texts come from another source, or one side was cut off or padded.",
                Fix = "Prepare both alike; if texts in use are as the test texts are, train on such.",
                Verify = "Compare the medians again.",
            };
        }
    }

    private static double[] Lengths(string[] texts) => [.. texts.Select(text => (double)text.Length).Order()];
}
