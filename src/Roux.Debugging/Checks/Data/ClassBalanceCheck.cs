using System.Globalization;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Data;

/// <summary>Classes that are rare beside the largest.</summary>
public sealed class ClassBalanceCheck : Check<TableSubject>
{
    private static readonly Threshold Ratio = new("ratio", 99, "rows of the largest class for one of the smallest, from which on the severity is medium", "A minority of at most 1% is called extreme (Google, Machine Learning Crash Course, imbalanced data sets)");

    private static readonly Threshold Notable = new("notable", 19, "the same ratio from which on it is mentioned", "A minority of at most 5%: accuracy of the zero rule is 95%");

    /// <inheritdoc/>
    public override string Name => "class-imbalance";

    /// <inheritdoc/>
    public override string Definition => "The largest class has many times the rows of the smallest.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Ratio, Notable];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (!subject.HasClasses)
        {
            yield break;
        }

        var counts = ClassCounts.Of(subject.Target!);
        var (most, least) = (counts.Max(), counts.Where(count => count > 0).Min());
        var ratio = (double)most / least;
        if (ratio < context.Value(Name, Notable) * 0.999)
        {
            yield break;
        }

        var classes = subject.Target!.Classes;
        var rare = Enumerable.Range(0, counts.Length).Where(k => counts[k] > 0 && most >= counts[k] * context.Value(Name, Notable) * 0.999).OrderBy(k => counts[k]).ToArray();
        yield return new Finding(Name, ratio >= context.Value(Name, Ratio) * 0.999 ? Severity.Medium : Severity.Low,
            $"{(rare.Length == 1 ? "A class is" : $"{rare.Length} classes are")} rare: {Wording.List([.. rare.Select(k => $"'{classes[k]}' ({counts[k].ToString("N0", CultureInfo.InvariantCulture)})")])}; the largest has {most.ToString("N0", CultureInfo.InvariantCulture)} rows, {ratio.ToString("0", CultureInfo.InvariantCulture)} for one")
        {
            Columns = [subject.TargetName!],
            Evidence = Figures.Of(("ratio", ratio), ("smallest", least), ("largest", most)).WithBars("Rows a class", "rows", classes.Select((name, k) => (name, (double)counts[k]))),
            Cause = "Some answers are rare in what was recorded.",
            Fix = "Judge by a metric that counts every class (macro F1, average precision), weight the classes, or gather more rows of the rare ones.",
            Verify = "Look at the rare classes' recall, not at accuracy: always saying the largest class is right in " + Wording.Percent((double)most / subject.Target.Count) + " of the rows.",
        };
    }
}

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
