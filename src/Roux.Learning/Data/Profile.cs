using System.Globalization;
using Roux.Learning.Data.Profiling;
using Roux.Learning.Data.Splitting;

namespace Roux.Learning.Data;

/// <summary>Profiles tables.</summary>
public static class Profile
{
    /// <summary>Rows up to which every figure is of all rows.</summary>
    private const int MostSampledRows = 100_000;

    /// <summary>
    /// Looks at every column of a table, at pairs of numeric columns, and at what tells the target; says what is remarkable.
    /// Takes one pass over all rows for counts, means and duplicates; the rest is of at most 100,000 rows, drawn at random from a
    /// fixed seed, so that the same table gives the same profile.
    /// </summary>
    /// <param name="table">The table. Columns that have no spec are left out.</param>
    /// <param name="specs">The roles of its columns.</param>
    /// <param name="target">The known answers; <c>null</c>: none.</param>
    /// <param name="rows">The rows of the table that <paramref name="target"/> stands for, in its order; <c>null</c>: all.</param>
    /// <param name="ct">Stops the work.</param>
    /// <exception cref="ArgumentException">The target has another number of rows than <paramref name="rows"/> or the table.</exception>
    public static DataProfile Of(Table table, IReadOnlyList<ColumnSpec> specs, Target? target = null, int[]? rows = null, CancellationToken ct = default)
    {
        if (target is not null && target.Count != (rows?.Length ?? table.RowCount))
        {
            throw new ArgumentException($"the target has {target.Count} rows, the table {rows?.Length ?? table.RowCount}", nameof(target));
        }

        var notes = new List<string>();
        var sample = Sample(table.RowCount, MostSampledRows);
        if (sample is not null)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"quantiles, histograms, outliers, distinct numbers and associations are of {sample.Length:N0} rows drawn at random from {table.RowCount:N0}"));
        }

        var known = specs.Where(spec => table.Find(spec.Name) is not null).ToArray();
        var associations = target is null ? null : TargetColumn.Of(table.RowCount, sample, target, rows);
        var columns = new ColumnProfile[known.Length];
        Parallel.For(0, known.Length, new ParallelOptions { CancellationToken = ct }, i =>
            columns[i] = ColumnProfiler.Of(table[known[i].Name], known[i], sample, associations));
        var duplicates = RowDuplicates.Count(table, known, target, rows);
        ct.ThrowIfCancellationRequested();
        var correlations = Correlations.Of(table, columns, notes, ct);
        var profile = new DataProfile
        {
            Name = table.Name,
            Rows = table.RowCount,
            SampledRows = sample?.Length ?? table.RowCount,
            DuplicateRows = duplicates.Repeated,
            ConflictingRows = duplicates.Conflicting,
            Columns = columns,
            Correlations = correlations,
            Findings = [],
            Notes = notes,
        };
        return profile with { Findings = ProfileFindings.Of(profile, table, target) };
    }

    /// <summary>Ascending random rows; <c>null</c> when all fit.</summary>
    internal static int[]? Sample(int rows, int most)
    {
        if (rows <= most)
        {
            return null;
        }

        // Selection sampling (Knuth, The Art of Computer Programming, vol. 2, 3.4.2, algorithm S).
        var random = new SplitRandom(0);
        var chosen = new int[most];
        var taken = 0;
        for (var row = 0; taken < most; row++)
        {
            if (random.Below(rows - row) < most - taken)
            {
                chosen[taken++] = row;
            }
        }

        return chosen;
    }
}
