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
