using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Data;

/// <summary>Classes of so few rows that they cannot be both learned and tested.</summary>
public sealed class TinyClassesCheck : Check<TableSubject>
{
    private static readonly Threshold Rows = new("rows", 10, "rows of a class below which it is mentioned", "Five folds with two rows each");

    private static readonly Threshold Folds = new("folds", 5, "rows of a class below which the severity is medium", "With fewer rows than folds some fold never tests the class");

    /// <inheritdoc/>
    public override string Name => "tiny-classes";

    /// <inheritdoc/>
    public override string Definition => "A class has fewer rows than cross-validation needs to learn and test it.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Rows, Folds];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["class-imbalance"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (!subject.HasClasses || subject.TargetName is not { } name)
        {
            yield break;
        }

        // From the column, since a class of one row is no class of the target.
        var column = subject.Train[name];
        var counts = Enumerable.Range(0, column.Length).Select(column.Format).OfType<string>().CountBy(level => level)
            .Where(pair => pair.Value < context.Value(Name, Rows)).OrderBy(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        if (counts.Length == 0)
        {
            yield break;
        }

        yield return new Finding(Name, counts[0].Value < context.Value(Name, Folds) ? Severity.Medium : Severity.Low,
            $"{(counts.Length == 1 ? "A class has" : $"{counts.Length} classes have")} hardly any rows: {Wording.List([.. counts.Select(pair => $"'{pair.Key}' ({pair.Value})")])}")
        {
            Columns = [name],
            Evidence = Figures.Of(("classes", counts.Length), ("smallest", counts[0].Value)).WithBars("Rows of the smallest classes", "rows", counts.Select(pair => (pair.Key, (double)pair.Value)), context.Value(Name, Rows)),
            Cause = "The answer is rare, misspelt, or a remnant of another labelling.",
            Fix = "Gather more rows, merge it with a related class, or leave it out and say so.",
            Verify = "Every class has at least as many rows as there are folds.",
        };
    }
}
