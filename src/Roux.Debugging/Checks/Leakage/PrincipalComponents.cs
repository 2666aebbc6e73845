using Roux.Learning.Data;
using Roux.Learning.Data.Profiling;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Columns that are principal components (Hotelling 1933): over the rows that they were fitted on they have mean 0 and correlate not at all.</summary>
internal static class PrincipalComponents
{
    private const int MostColumns = 50;

    /// <summary>Names of the columns that are components of training and test rows together, and not of the training rows alone; empty where there are none.</summary>
    /// <param name="subject">The training rows.</param>
    /// <param name="test">The test rows.</param>
    /// <param name="exact">Means, in deviations, and correlations up to this are none.</param>
    /// <param name="times">How much farther from it the training rows alone are.</param>
    public static string[] FittedOnAll(TableSubject subject, Table test, double exact, double times)
    {
        var columns = subject.Features.Where(spec => spec.Role == ColumnRole.Numeric).Select(spec => spec.Name)
            .Where(name => subject.Train[name] is NumberColumn { Type: ColumnType.Real } a && test.Find(name) is NumberColumn b && a.CountMissing() + b.CountMissing() == 0)
            .Select(name => (Name: name, Train: ((NumberColumn)subject.Train[name]).Values, All: (double[])[.. ((NumberColumn)subject.Train[name]).Values, .. ((NumberColumn)test[name]).Values]))
            .Where(column => Off(column.All) <= exact).Take(MostColumns).ToArray();
        if (columns.Length < 3)
        {
            return [];
        }

        // Centred columns that merely do not correlate by chance are off by one over the root of their rows.
        var (pooled, alone) = (0.0, 0.0);
        for (var i = 0; i < columns.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                pooled = Math.Max(pooled, Math.Abs(Association.Pearson(columns[i].All, columns[j].All)));
                alone = Math.Max(alone, Math.Abs(Association.Pearson(columns[i].Train, columns[j].Train)));
            }
        }

        return pooled <= exact && alone > times * Math.Max(pooled, exact / times) ? [.. columns.Select(column => column.Name)] : [];
    }

    private static double Off(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return deviation > 0 ? Math.Abs(mean) / deviation : double.PositiveInfinity;
    }
}
