using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Text;

/// <summary>Texts that say nothing: missing, blank, or without a single word.</summary>
public sealed class EmptyTextCheck : Check<TableSubject>
{
    private static readonly Threshold Notable = new("notable", 0.01, "share of the rows from which on it is mentioned", "One row in a hundred that a model must guess");

    private static readonly Threshold Share = new("share", 0.05, "share of the rows from which on the severity is medium", "One row in twenty");

    /// <inheritdoc/>
    public override string Name => "empty-text";

    /// <inheritdoc/>
    public override string Definition => "In a column of passages (eight words or more on average), texts are missing or hold no word.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Notable, Share];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["missing-pattern", "mostly-missing"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        foreach (var texts in TextSample.All(subject, context.Seed).Where(texts => texts.IsProse))
        {
            var column = (TextColumn)subject.Train[texts.Name];
            var blank = Array.ConvertAll(column.Levels, level => !level.Any(char.IsLetterOrDigit));
            var (missing, empty) = (column.Codes.Count(code => code < 0), column.Codes.Count(code => code >= 0 && blank[code]));
            var share = (double)(missing + empty) / column.Length;
            if (share >= context.Value(Name, Notable))
            {
                yield return new Finding(Name, share >= context.Value(Name, Share) ? Severity.Medium : Severity.Low, $"{Wording.Percent(share)} of the texts of '{texts.Name}' say nothing ({missing:N0} missing, {empty:N0} without a word)")
                {
                    Columns = [texts.Name],
                    Evidence = Figures.Of(("missing", missing), ("without_a_word", empty), ("share", share)).WithBars($"Texts of '{texts.Name}'", "rows", [("missing", missing), ("without a word", empty), ("with words", column.Length - missing - empty)]),
                    Cause = "The texts were not there, or were lost on the way (a failed download, an emptied field).",
                    Fix = "Get the texts again; if there are none, leave the rows out or answer them by the other columns, and say so.",
                    Verify = "Count them again; score the rows without text apart.",
                };
            }
        }
    }
}
