using Roux.Tracking;

namespace Roux.Debugging.Checks.Text;

/// <summary>Texts cut off at a limit.</summary>
public sealed class TruncatedTextCheck : Check<TableSubject>
{
    private static readonly Threshold Share = new("share", 0.01, "share of the texts that are exactly as long as the longest, in characters or in words", "Lengths of true texts thin out towards the longest; a limit heaps them up");

    private static readonly Threshold Medium = new("medium", 0.05, "the same share from which on the severity is medium", "One text in twenty has lost its end");

    private static readonly Threshold Rows = new("rows", 10, "least number of such texts", "Two may be as long by chance");

    private const int Shortest = 40;

    /// <inheritdoc/>
    public override string Name => "truncated-text";

    /// <inheritdoc/>
    public override string Definition => "Many texts have exactly the greatest length there is, and few are nearly as long: they were cut off.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Medium, Rows];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["text-length-ratio"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        foreach (var texts in TextSample.All(subject, context.Seed))
        {
            foreach (var (unit, lengths) in new[] { ("characters", Array.ConvertAll(texts.Train, text => text.Length)), ("words", Array.ConvertAll(texts.Train, text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length)) })
            {
                if (lengths.Length < 50 || lengths.Max() is var longest && longest < (unit == "words" ? Shortest / 5 : Shortest))
                {
                    continue;
                }

                // A limit may be exact, or end a few characters earlier where blanks were taken off.
                var at = lengths.Count(length => length >= longest - 1);
                var before = lengths.Count(length => length < longest - 1 && length >= longest * 0.9);
                var share = (double)at / lengths.Length;
                if (share < context.Value(Name, Share) || at < context.Value(Name, Rows) || at <= before || (lengths.Distinct().Count() < 10 && !EndsOpen(texts, lengths, longest)))
                {
                    continue;
                }

                yield return new Finding(Name, share >= context.Value(Name, Medium) ? Severity.Medium : Severity.Low, $"{Wording.Percent(share)} of the texts of '{texts.Name}' end at {longest:N0} {unit}: they were cut off")
                {
                    Columns = [texts.Name],
                    Evidence = Figures.Of(("longest", longest), ("at_the_limit", at), ("share", share)).WithBars($"Texts by number of {unit}", "texts", Enumerable.Range(0, 20).Select(bin => ($"{(bin + 1) * longest / 20}", (double)lengths.Count(length => length > bin * longest / 20 && length <= (bin + 1) * longest / 20)))),
                    Cause = "A field, an export or a tokenizer has a limit of length.",
                    Fix = "Get the whole texts, or raise the limit; if texts are cut in use as well, cut all alike.",
                    Verify = "Lengths thin out towards the longest.",
                };
                break;
            }
        }
    }

    /// <summary>Whether most of the texts at the limit stop without the mark that ends a sentence: then hardly any was that long of itself, even where all are.</summary>
    private static bool EndsOpen(TextSample texts, int[] lengths, int longest)
    {
        var (open, all) = (0, 0);
        for (var i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] >= longest - 1)
            {
                all++;
                open += texts.Train[i].AsSpan().TrimEnd() is [.., var last] && char.IsLetterOrDigit(last) ? 1 : 0;
            }
        }

        return texts.IsProse && 2 * open > all;
    }
}
