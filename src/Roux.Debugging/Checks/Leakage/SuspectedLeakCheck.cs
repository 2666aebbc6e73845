using Roux.Learning.Data;
using Roux.Learning.Data.Roles;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>
/// Columns that alone are nearly the answer. What parts them from honest strong features: one level stands for one class, or the answer
/// hangs on the column with next to no scatter, while all other columns together tell much less.
/// </summary>
public sealed class SuspectedLeakCheck : Check<TableSubject>
{
    private static readonly Threshold Suspect = new("suspect", 0.95, "share of the zero rule's errors that the column alone takes away, from which on it is looked at", "Rarely does one honest measurement leave less than one error in twenty");

    private static readonly Threshold Leak = new("leak", 0.98, "the same share from which on it is of high severity unless the other columns tell nearly as much", "One error in fifty is about the noise of careful labels");

    private static readonly Threshold Scatter = new("scatter", 0.005, "for numbers: share of the variance left between rows that are neighbours in the column (Rice 1984), below which it is of high severity", "A correlation of 0.9975: repeated measurements of one thing");

    private static readonly Threshold SuspectScatter = new("suspect-scatter", 0.02, "the same share below which it is looked at", "A correlation of 0.99");

    private static readonly Threshold Slips = new("slips", 0.002, "share of the rows of one class of several that may lie on the wrong side of a column that tells this class from all others", "Two in a thousand: slips of the hand");

    private static readonly Threshold Others = new("others", 0.9, "skill of all other columns together (against the column's own) from which on an easy question explains the column's skill", "When everything tells the answer, one column doing so is no surprise");

    /// <inheritdoc/>
    public override string Name => "suspected-leak";

    /// <inheritdoc/>
    public override string Definition => "One column alone tells the answer with next to no error, or one of several classes, beyond what the other columns make plausible (Kaufman, Rosset, Perlich and Stitelman 2012).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Suspect, Leak, Scatter, SuspectScatter, Slips, Others];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["missing-pattern", "missing-by-class", "target-encoded", "coarse-target", "redundant-columns", "computed-target"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Target is null || subject.Target.Task == TaskKind.Multilabel || subject.Target.Count < 20)
        {
            yield break;
        }

        var columns = subject.Profile.Columns
            .Where(column => column.Role is not (ColumnRole.Id or ColumnRole.Target or ColumnRole.Ignore or ColumnRole.Constant) && !(column.Role == ColumnRole.Categorical && ColumnHeuristics.IsNamedId(column.Name))).ToArray();
        var suspects = columns
            .Select(column => ColumnSkill.Of(subject, column, context.Seed))
            .Where(skill => skill is not null && skill.Value >= (subject.HasClasses ? context.Value(Name, Suspect) : 1 - context.Value(Name, SuspectScatter)))
            .Select(skill => skill!).OrderByDescending(skill => skill.Value).ToArray();
        var others = suspects.Length == 0 ? 0 : OtherColumns.Skill(subject, [.. suspects.Select(skill => skill.Column)], context);
        foreach (var skill in suspects)
        {
            yield return Judge(subject, skill, others, context);
        }

        foreach (var finding in Isolated(subject, [.. columns.Select(column => column.Name).Except(suspects.Select(skill => skill.Column))], context))
        {
            yield return finding;
        }
    }

    /// <summary>Columns that leave nothing open about one class of several, while the others tell it much worse.</summary>
    private IEnumerable<Finding> Isolated(TableSubject subject, string[] names, CheckContext context)
    {
        if (!subject.HasClasses || subject.Target!.Classes.Length < 3)
        {
            yield break;
        }

        foreach (var group in names.Select(name => IsolatedClass.Of(subject, name, context.Value(Name, Slips), context.Seed)).OfType<IsolatedClass>().GroupBy(one => one.Class))
        {
            var title = subject.Target.Classes[group.Key];
            var columns = group.Select(one => one.Column).ToArray();
            var answers = Target.Classification(Array.ConvertAll(subject.Target.Labels, label => label == group.Key ? 1 : 0), ["others", title]);
            var others = OtherColumns.Skill(subject, columns, context, answers);
            if (columns.Length > 1 || !(others < context.Value(Name, Others)))
            {
                continue; // Several columns, or all others together, tell the class as well: it is an easy one.
            }

            yield return new Finding(Name, Severity.Medium, $"'{columns[0]}' alone tells the class '{title}' from all others without an error (all other columns together: {Wording.Percent(others)}): it may be filled in once the answer is known")
            {
                Columns = columns,
                Evidence = Figures.Of(("others_skill", others)).WithBars($"How much of '{title}' or not is explained", "share", [(columns[0], 1), ("all other columns", others)]),
                Cause = "The column comes to be with the answer, or after it: a fee, a date or a code that only rows of this class get.",
                Fix = $"Ask whether '{columns[0]}' is known before the answer is; if not, leave it out (--drop \"{columns[0]}\").",
                Verify = "Score again without the column: if the score of the class falls to a believable one, it was a leak.",
            };
        }
    }

    private Finding Judge(TableSubject subject, ColumnSkill skill, double others, CheckContext context)
    {
        var leak = subject.HasClasses ? context.Value(Name, Leak) : 1 - context.Value(Name, Scatter);
        var easy = others >= context.Value(Name, Others) * skill.Value;
        var severity = (skill.Value >= leak, skill.IsRelabelled, easy) switch
        {
            (true, true, _) => Severity.High,
            (true, false, false) => Severity.High,
            (true, false, true) => Severity.Medium,
            (false, _, false) => Severity.Medium,
            _ => Severity.Low,
        };
        var name = skill.Column;
        var said = skill.Value >= 0.99999 ? "determines the target" : $"explains {Wording.Percent(Math.Min(skill.Value, 0.9999))} of the target";
        return new Finding(Name, severity, $"'{name}' alone {said}{(skill.IsRelabelled ? ", one level for one answer" : "")}: it may be the answer in other words{(double.IsNaN(others) ? "" : $" (all other columns together: {Wording.Percent(others)})")}")
        {
            Columns = [name],
            Evidence = Figures.Of(("skill", skill.Value), ("others_skill", others), ("levels", skill.Levels))
                .WithBars("How much of the target is explained", "share", [(name, skill.Value), ("all other columns", others)], leak),
            Cause = easy && !skill.IsRelabelled ? "The column was filled in with or after the answer, or the question is easy: the other columns tell nearly as much." : "The column was filled in with or after the answer, or is derived from it, so it will not be known when predictions are needed.",
            Fix = $"Ask whether '{name}' is known before the answer is; if not, leave it out (--drop \"{name}\").",
            Verify = "Score again without the column: if the score falls to a believable one, it was a leak.",
        };
    }
}
