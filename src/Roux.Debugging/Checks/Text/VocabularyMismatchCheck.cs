using System.Runtime.InteropServices;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Text;

/// <summary>Test texts with many words that training does not have.</summary>
public sealed class VocabularyMismatchCheck : Check<TableSubject>
{
    private static readonly Threshold Times = new("times", 2, "unknown words of the test texts over those of training texts held out", "Twice as many as rows of the same kind have");

    private static readonly Threshold Share = new("share", 0.03, "difference of the two shares of unknown words", "Three words in a hundred");

    private const int MostTexts = 10_000;

    /// <inheritdoc/>
    public override string Name => "vocabulary-mismatch";

    /// <inheritdoc/>
    public override string Definition => "Test texts hold far more words that training lacks than a held-out quarter of the training texts does.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Times, Share];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        foreach (var texts in TextSample.All(subject, context.Seed).Where(texts => texts.Train.Length >= 100 && texts.Test.Length >= 50))
        {
            var train = texts.Train.Take(MostTexts).ToArray();
            var learned = Vocabulary(train.Where((_, i) => i % 4 > 0));
            var (expected, _) = Unknown(learned, train.Where((_, i) => i % 4 == 0));
            var (share, examples) = Unknown(learned, texts.Test.Take(MostTexts));
            if (share < context.Value(Name, Times) * expected || share - expected < context.Value(Name, Share))
            {
                continue;
            }

            yield return new Finding(Name, Severity.Medium, $"{Wording.Percent(share)} of the words of the test texts of '{texts.Name}' are unknown to training, where {Wording.Percent(expected)} would be expected ({Wording.List([.. examples.Select(word => $"'{word}'")])})")
            {
                Columns = [texts.Name],
                Evidence = Figures.Of(("unknown_share", share), ("expected_share", expected)).WithList("examples", examples).WithBars("Words that training lacks", "share", [("test texts", share), ("held-out training texts", expected)]),
                Cause = "The test texts are of another topic, language or time, or were prepared otherwise (stemmed, masked, without spaces, another encoding).",
                Fix = "Prepare both alike; if the topic is new, train on texts of it.",
                Verify = "The share is near the expected one.",
            };
        }
    }

    private static IEnumerable<string> Words(string text) => text.Split([' ', '\t', '\n', '\r', '.', ',', ';', ':', '!', '?', '"', '\'', '(', ')', '-'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 1).Select(word => word.ToLowerInvariant());

    private static HashSet<string> Vocabulary(IEnumerable<string> texts) => [.. texts.SelectMany(Words)];

    private static (double Share, string[] Examples) Unknown(HashSet<string> known, IEnumerable<string> texts)
    {
        long all = 0, unknown = 0;
        var examples = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in texts.SelectMany(Words))
        {
            all++;
            if (!known.Contains(word))
            {
                unknown++;
                CollectionsMarshal.GetValueRefOrAddDefault(examples, word, out _)++;
            }
        }

        return ((double)unknown / Math.Max(1, all), [.. examples.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(5).Select(pair => pair.Key)]);
    }
}
