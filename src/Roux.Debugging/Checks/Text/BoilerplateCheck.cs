using System.Runtime.InteropServices;
using Roux.Debugging.Checks.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Text;

/// <summary>Phrases that a good part of the texts share word by word.</summary>
public sealed class BoilerplateCheck : Check<TableSubject>
{
    private static readonly Threshold Share = new("share", 0.2, "share of the texts with the same eight words in a row", "Eight words in a row hardly come back by chance (n-gram overlap, Brown et al. 2020 use 13 and 8)");

    private static readonly Threshold Medium = new("medium", 0.5, "the same share from which on the severity is medium", "Half of the texts say the same thing");

    private const int Words = 8, MostTexts = 5_000;

    /// <inheritdoc/>
    public override string Name => "boilerplate";

    /// <inheritdoc/>
    public override string Definition => "Many texts hold the same eight words in a row: a header, a signature, a disclaimer.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Medium];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        foreach (var texts in TextSample.All(subject, context.Seed).Where(texts => texts.IsProse && texts.Train.Length >= 50))
        {
            var different = texts.Train.Distinct(StringComparer.Ordinal).Take(MostTexts).ToArray();
            var counts = new Dictionary<ulong, (int Texts, string Example)>();
            foreach (var text in different)
            {
                var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                var seen = new HashSet<ulong>();
                for (var at = 0; at + Words <= words.Length; at++)
                {
                    var hash = 0UL;
                    for (var i = at; i < at + Words; i++)
                    {
                        hash = RowPrints.Mix(hash * 31 + RowPrints.Hash(words[i]));
                    }

                    if (seen.Add(hash))
                    {
                        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, hash, out var known);
                        entry = (entry.Texts + 1, known ? entry.Example : string.Join(' ', words[at..(at + Words)]));
                    }
                }
            }

            var (most, example) = counts.Count == 0 ? (0, "") : counts.Values.MaxBy(entry => entry.Texts);
            var share = (double)most / Math.Max(1, different.Length);
            if (different.Length >= 50 && share >= context.Value(Name, Share))
            {
                yield return new Finding(Name, share >= context.Value(Name, Medium) ? Severity.Medium : Severity.Low, $"{Wording.Percent(share)} of the texts of '{texts.Name}' hold \"{Wording.Short(example, 80)}\"")
                {
                    Columns = [texts.Name],
                    Evidence = Figures.Of(("share", share), ("texts", different.Length)).WithList("phrases", counts.Values.OrderByDescending(entry => entry.Texts).Take(5).Select(entry => entry.Example))
                        .WithBars("Texts with the phrase", "share", [("with", share), ("without", 1 - share)]),
                    Cause = "A template, header, signature or disclaimer was exported with the texts.",
                    Fix = "Take the phrase out, in training and in use: it takes room from what tells texts apart, and may tell the source.",
                    Verify = "Look at the most frequent phrases again.",
                };
            }
        }
    }
}
