using Roux.Learning.Data;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Rows learned from and rows tested on: of two tables, or of one by a fold.</summary>
/// <param name="Train">The table of the rows learned from.</param>
/// <param name="TrainRows">Those rows.</param>
/// <param name="Test">The table of the rows tested on.</param>
/// <param name="TestRows">Those rows.</param>
/// <param name="Named">What to add to "the test rows": empty, or the fold.</param>
internal sealed record Division(Table Train, int[] TrainRows, Table Test, int[] TestRows, string Named)
{
    /// <summary>The test table first, then the folds.</summary>
    public static IEnumerable<Division> All(TableSubject subject)
    {
        if (subject.Test is { } test)
        {
            yield return new Division(subject.Train, [.. Enumerable.Range(0, subject.Train.RowCount)], test, [.. Enumerable.Range(0, test.RowCount)], "");
        }

        for (var fold = 0; fold < subject.Options.Folds.Count; fold++)
        {
            yield return new Division(subject.Train, subject.Options.Folds[fold].Train, subject.Train, subject.Options.Folds[fold].Test, $" of fold {fold + 1}");
        }
    }
}
