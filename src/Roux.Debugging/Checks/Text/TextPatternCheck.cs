using System.Text.RegularExpressions;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Text;

/// <summary>Texts that hold what does not belong there, told by a pattern.</summary>
public abstract class TextPatternCheck : Check<TableSubject>
{
    private static readonly Threshold Notable = new("notable", 0.002, "share of the texts from which on it is mentioned", "Two in a thousand are a habit of the source, not a slip");

    private static readonly Threshold Share = new("share", 0.02, "share of the texts from which on the severity is medium", "One in fifty adds features that say where a text comes from");

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Notable, Share];

    private protected abstract Regex Pattern { get; }

    private protected abstract string Said { get; }

    private protected abstract Finding Explained(Finding finding);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        foreach (var texts in TextSample.All(subject, context.Seed))
        {
            var (train, test) = (Matches(texts.Train), Matches(texts.Test));
            var share = Math.Max((double)train.Length / Math.Max(1, texts.Train.Length), (double)test.Length / Math.Max(1, texts.Test.Length));
            if (share < context.Value(Name, Notable) || train.Length + test.Length < 2)
            {
                continue;
            }

            yield return Explained(new Finding(Name, share >= context.Value(Name, Share) ? Severity.Medium : Severity.Low,
                $"{Wording.Percent(share)} of the {(test.Length * (long)Math.Max(1, texts.Train.Length) > train.Length * (long)Math.Max(1, texts.Test.Length) ? "test " : "")}texts of '{texts.Name}' {Said}, such as \"{train.Concat(test).First()}\"")
            {
                Columns = [texts.Name],
                Evidence = Figures.Of(("train_texts", train.Length), ("test_texts", test.Length), ("share", share)).WithList("examples", train.Concat(test).Distinct().Take(5))
                    .WithBars("Texts concerned", "share", [("training", (double)train.Length / Math.Max(1, texts.Train.Length)), ("test", (double)test.Length / Math.Max(1, texts.Test.Length))]),
            });
        }
    }

    private string[] Matches(string[] texts) => [.. texts.Select(text => (text, Match: Pattern.Match(text))).Where(pair => pair.Match.Success)
        .Select(pair => Wording.Short(pair.text[Math.Max(0, pair.Match.Index - 15)..Math.Min(pair.text.Length, pair.Match.Index + pair.Match.Length + 15)], 50))];
}
