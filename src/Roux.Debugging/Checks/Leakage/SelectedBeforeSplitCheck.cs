using Roux.Learning.Data;
using Roux.Learning.Data.Profiling;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>
/// Columns that were chosen from many by how they go with the answer, over rows that are to be tested on, too.
/// <para>
/// The strength z of a column's correlation with the answer is a true strength plus noise of deviation 1. The density f of such sums has
/// (log f)'' &gt;= -1, so it cannot end sharply at its height: with n columns within w above the weakest, and no more of them further above,
/// at least n exp(-(1.5 w)² / 2) are due within w below it. None there tells that they were cut off. Over the rows that were chosen by, the
/// edge is sharp; over a part of them noise has blurred it.
/// </para>
/// </summary>
public sealed class SelectedBeforeSplitCheck : Check<TableSubject>
{
    private const int MostRows = 20_000, MostColumns = 400;
    private const double Width = 0.5, Alike = 0.5;

    private static readonly Threshold Chance = new("chance", 1e-4, "largest chance of an edge so sharp if nothing had been cut off", "One false finding in ten thousand tables");

    private static readonly Threshold Edge = new("edge", 1.5, "strength of the weakest column in standard errors, at least", "Nobody chooses columns that go with the answer no better than one of seven does by chance");

    /// <inheritdoc/>
    public override string Name => "selected-before-split";

    /// <inheritdoc/>
    public override string Definition => "Of many unlike columns none goes with the answer less than some sharp limit, at which most of them lie: they were chosen from more by these very rows, test rows or folds included (Ambroise and McLachlan 2002; Hastie, Tibshirani and Friedman 2009, 7.10.2).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Chance, Edge];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Target is not { Count: >= 30 } target || !(target.Task is TaskKind.Binary or TaskKind.Regression))
        {
            yield break;
        }

        var hasTest = subject is { Test.RowCount: >= 10, TestTarget.Count: >= 10 };
        var all = Sharp(Strengths(subject, hasTest, context), context);
        if (all is null || (hasTest && Sharp(Strengths(subject, withTest: false, context), context) is not null))
        {
            yield break; // None, or chosen by the training rows alone, as it should be.
        }

        var (limit, columns) = all.Value;
        yield return new Finding(Name, Severity.Medium, hasTest
            ? $"{columns} columns seem to have been chosen by how they go with the answer over training and test rows together: none is weaker than {Wording.Number(limit)} standard errors, where most of them lie"
            : $"{columns} columns seem to have been chosen by how they go with the answer over all these rows: none is weaker than {Wording.Number(limit)} standard errors, where most of them lie; folds of these rows will score too well")
        {
            Evidence = Figures.Of(("columns", columns), ("limit", limit)).WithBars("Strength of the columns over all rows", "standard errors", Strengths(subject, hasTest, context).Order().Select((z, i) => ($"{i + 1}", z)), limit),
            Cause = "Columns were ranked by correlation, a test or importance on the whole table, and the best were kept: among many, some go with the answers of just these rows by chance.",
            Fix = "Split first and choose columns within the training rows of each fold (as a step of the pipeline); of what was cut off already, get the full table back.",
            Verify = "Shuffle the answers, choose and score again: the score must be that of chance.",
        };
    }

    /// <summary>The weakest strength and the number of columns, where the edge is too sharp for chance.</summary>
    private (double Limit, int Columns)? Sharp(double[] strengths, CheckContext context)
    {
        if (strengths.Length < 12)
        {
            return null;
        }

        var limit = strengths.Min();
        var (near, further) = (strengths.Count(z => z < limit + Width), strengths.Count(z => z >= limit + Width && z < limit + 2 * Width));
        var due = near * Math.Exp(-Math.Pow(1.5 * Width, 2) / 2);
        return limit >= context.Value(Name, Edge) && near >= further && Math.Exp(-due) <= context.Value(Name, Chance) ? (limit, strengths.Length) : null;
    }

    /// <summary>Strengths of numeric columns that are not alike, in standard errors (of Fisher's transform of the correlation).</summary>
    private static double[] Strengths(TableSubject subject, bool withTest, CheckContext context)
    {
        var rows = TableSubject.Sample(subject.Labelled.Length, MostRows, context.Seed);
        var y = Answers(subject.Target!, rows).Concat(withTest ? Answers(subject.TestTarget!, [.. Enumerable.Range(0, subject.TestTarget!.Count)]) : []).ToArray();
        var kept = new List<double[]>();
        var found = new List<double>();
        foreach (var spec in subject.Features.Where(spec => spec.Role == ColumnRole.Numeric).Take(MostColumns))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (subject.Train[spec.Name] is not NumberColumn a || (withTest && subject.Test!.Find(spec.Name) is not NumberColumn))
            {
                continue;
            }

            double[] x = [.. rows.Select(i => a.Values[subject.Labelled[i]]), .. withTest ? subject.TestLabelled.Select(row => ((NumberColumn)subject.Test![spec.Name]).Values[row]) : []];
            if (Array.Exists(x, value => !double.IsFinite(value)) || kept.Exists(other => Math.Abs(Association.Pearson(x, other)) > Alike))
            {
                continue; // Columns that are alike have strengths that are alike, of themselves.
            }

            kept.Add(x);
            found.Add(Math.Abs(Math.Atanh(Math.Clamp(Association.Pearson(x, y), -0.999999, 0.999999))) * Math.Sqrt(Math.Max(1, x.Length - 3)));
        }

        return [.. found.Where(double.IsFinite)];
    }

    private static IEnumerable<double> Answers(Target target, int[] rows) => rows.Select(i => target.Task == TaskKind.Regression ? target.Values[i] : (double)target.Labels[i]);
}
