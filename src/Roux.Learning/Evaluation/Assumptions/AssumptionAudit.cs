using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Tuning;

namespace Roux.Learning.Evaluation.Assumptions;

/// <summary>Holds what learners take for granted against the data. Bounded: at most 3,000 rows and 60 features are looked at, in about a second or two.</summary>
public static class AssumptionAudit
{
    /// <summary>Checks what can be checked; the rest is told as not checked.</summary>
    /// <param name="table">Training rows.</param>
    /// <param name="columns">The columns that features are made of.</param>
    /// <param name="y">Their answers.</param>
    /// <param name="learners">The learners that matter.</param>
    /// <param name="options">How the rows came about.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static AssumptionReport Of(Table table, IReadOnlyList<ColumnSpec> columns, Target y, IReadOnlyList<Learner> learners, AssumptionOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(learners);
        options ??= new AssumptionOptions();
        var checks = new List<AssumptionCheck>();
        var data = AssumptionData.Of(table, columns, y, options, cancellation);
        if (data is not null)
        {
            foreach (var part in Parts(data, options, learners, cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                checks.AddRange(part);
            }
        }

        var names = learners.Select(learner => learner.Card.Name).ToHashSet(StringComparer.Ordinal);
        List<AssumptionCheck> kept = [.. checks.Select(check => check with { Learners = [.. check.Learners.Where(names.Contains)] }).Where(check => check.Learners.Count > 0)];
        kept.AddRange(learners.Where(learner => learner.Card.Family != "baseline").Select(learner => Unchecked(learner, data)).OfType<AssumptionCheck>()
            .GroupBy(check => (check.Assumption, check.Message)).Select(group => group.First() with { Learners = [.. group.SelectMany(check => check.Learners)] }));
        return new AssumptionReport(
            [.. kept.OrderByDescending(check => check.Status).ThenBy(check => check.Assumption, StringComparer.Ordinal)], data?.Table.RowCount ?? 0, data?.Features.Count ?? 0);
    }

    private static IEnumerable<IEnumerable<AssumptionCheck>> Parts(AssumptionData data, AssumptionOptions options, IReadOnlyList<Learner> learners, CancellationToken cancellation)
    {
        yield return Sizes.Check(data);
        yield return SharedColumns.Check(data);
        yield return Independence.Check(data, options, learners);
        yield return Scales.Check(data, learners, task => learners.Where(learner => learner.Form(task, Configuration.Empty).Scale != Scaling.None).Select(learner => learner.Card.Name));
        yield return Neighbourhoods.Check(data);
        if (data.Y.Task == TaskKind.Regression)
        {
            yield return StraightLines.Check(data);
        }
        else
        {
            yield return LogOdds.Check(data, cancellation);
            yield return WithinClasses.Check(data);
        }
    }

    /// <summary>What a learner's card states that no statistic of the data tells.</summary>
    private static AssumptionCheck? Unchecked(Learner learner, AssumptionData? data)
    {
        var (assumption, why) = learner.Card.Family switch
        {
            _ when data is null => (string.Join("; ", learner.Card.Assumptions), "there are no numbers or levels to check it on: texts and lists are left out"),
            "tree" or "forest" or "boosting" => (learner.Card.Assumptions[^1], "its score beside that of a linear model tells"),
            _ => ("", ""),
        };
        return assumption.Length == 0 ? null : new AssumptionCheck { Assumption = assumption, Learners = [learner.Card.Name], Status = AssumptionStatus.NotChecked, Message = $"Not checked: {why}." };
    }

    /// <summary>Status by two bounds, for statistics that are bad when large.</summary>
    internal static AssumptionStatus Above(double value, double doubtful, double violated) =>
        double.IsNaN(value) ? AssumptionStatus.NotChecked : value >= violated ? AssumptionStatus.Violated : value >= doubtful ? AssumptionStatus.Doubtful : AssumptionStatus.Holds;

    /// <summary>Status by two bounds, for statistics that are bad when small.</summary>
    internal static AssumptionStatus Below(double value, double doubtful, double violated) => Above(-value, -doubtful, -violated);
}
