using Roux.Tracking;

namespace Roux.Debugging.Checks.Text;

/// <summary>Texts in several languages.</summary>
public sealed class LanguageMixCheck : Check<TableSubject>
{
    private static readonly Threshold Share = new("share", 0.02, "share of the texts in other languages than the most frequent", "One text in fifty of which the vocabulary tells nothing");

    private static readonly Threshold Differs = new("differs", 0.2, "difference of a language's shares in training and test rows from which on the severity is medium", "One text in five is in a language learned otherwise");

    /// <inheritdoc/>
    public override string Name => "language-mix";

    /// <inheritdoc/>
    public override string Definition => "A part of the texts is in another language than the others (by script and by frequent words).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Differs];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["vocabulary-mismatch"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        foreach (var texts in TextSample.All(subject, context.Seed).Where(texts => texts.IsProse))
        {
            var (train, test) = (Shares(texts.Train), Shares(texts.Test));
            if (train.Count == 0)
            {
                continue;
            }

            var main = train.MaxBy(pair => pair.Value).Key;
            var others = train.Where(pair => pair.Key != main).Sum(pair => pair.Value);
            var moved = test.Count == 0 ? 0 : train.Keys.Union(test.Keys).Max(language => Math.Abs(train.GetValueOrDefault(language) - test.GetValueOrDefault(language)));
            if (others < context.Value(Name, Share) && moved < context.Value(Name, Differs))
            {
                continue;
            }

            var shown = train.Keys.Union(test.Keys).OrderByDescending(language => train.GetValueOrDefault(language)).ToArray();
            yield return new Finding(Name, moved >= context.Value(Name, Differs) ? Severity.Medium : Severity.Low,
                $"The texts of '{texts.Name}' are in several languages: {Wording.List([.. shown.Select(language => $"{language} {Wording.Percent(train.GetValueOrDefault(language))}{(test.Count > 0 ? $" (test {Wording.Percent(test.GetValueOrDefault(language))})" : "")}")])}")
            {
                Columns = [texts.Name],
                Evidence = Figures.Of([("others", others), .. train.Select(pair => (pair.Key, pair.Value))]).WithPairs("Languages", "share", "training", "test", shown.Select(language => (language, train.GetValueOrDefault(language), test.GetValueOrDefault(language)))),
                Cause = "Texts come from several countries or sources.",
                Fix = "Learn and test each language apart, or use features that carry over (a multilingual model); at least score each language apart.",
                Verify = "Scores by language.",
            };
        }
    }

    private static Dictionary<string, double> Shares(string[] texts)
    {
        var languages = texts.Take(4_000).Select(Languages.Of).OfType<string>().ToArray();
        return languages.CountBy(language => language).Where(pair => pair.Value >= 5).ToDictionary(pair => pair.Key, pair => (double)pair.Value / languages.Length);
    }
}
