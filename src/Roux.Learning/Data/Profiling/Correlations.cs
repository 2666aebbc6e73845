using System.Globalization;

namespace Roux.Learning.Data.Profiling;

/// <summary>Correlations of numeric columns.</summary>
internal static class Correlations
{
    private const int MostColumns = 30, MostRows = 10_000;

    /// <summary>Correlates the numeric columns, those that tell most of the target first when they are too many.</summary>
    public static CorrelationMatrix? Of(Table table, ColumnProfile[] profiles, List<string> notes, CancellationToken cancellation)
    {
        var numeric = profiles.Where(profile => profile.Numbers is not null && profile.Distinct > 1
            && profile.Role is ColumnRole.Numeric or ColumnRole.Boolean or ColumnRole.Target).ToArray();
        if (numeric.Length < 2)
        {
            return null;
        }

        var chosen = numeric;
        if (numeric.Length > MostColumns)
        {
            var kept = numeric.Select((profile, place) => (profile, place))
                .OrderByDescending(pair => pair.profile.Role == ColumnRole.Target)
                .ThenByDescending(pair => pair.profile.Target?.Skill ?? -1).ThenBy(pair => pair.place)
                .Take(MostColumns).Select(pair => pair.place).ToHashSet();
            chosen = [.. numeric.Where((_, place) => kept.Contains(place))];
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"correlations are of {MostColumns} of {numeric.Length:N0} numeric columns{(chosen.Any(profile => profile.Target is not null) ? ", those that tell most of the target" : "")}"));
        }

        var rows = Profile.Sample(table.RowCount, MostRows);
        if (rows is not null)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"correlations are of {MostRows:N0} rows drawn at random"));
        }

        var columns = Array.ConvertAll(chosen, profile => Take(((NumberColumn)table[profile.Name]).Values, rows));
        var complete = Array.ConvertAll(columns, values => !Array.Exists(values, double.IsNaN));
        var ranks = columns.Select((values, i) => complete[i] ? Association.Ranks(values) : []).ToArray();
        var pearson = Square(columns.Length);
        var spearman = Square(columns.Length);
        Parallel.For(0, columns.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            for (var j = i + 1; j < columns.Length; j++)
            {
                var (x, y) = complete[i] && complete[j] ? (columns[i], columns[j]) : Both(columns[i], columns[j]);
                pearson[i][j] = pearson[j][i] = Association.Pearson(x, y);
                spearman[i][j] = spearman[j][i] = complete[i] && complete[j]
                    ? Association.Pearson(ranks[i], ranks[j]) : Association.Pearson(Association.Ranks(x), Association.Ranks(y));
            }
        });
        return new CorrelationMatrix(Array.ConvertAll(chosen, profile => profile.Name), pearson, spearman);
    }

    private static double[] Take(double[] values, int[]? rows) => rows is null ? values : Array.ConvertAll(rows, row => values[row]);

    private static (double[] X, double[] Y) Both(double[] x, double[] y)
    {
        var rows = Enumerable.Range(0, x.Length).Where(row => !double.IsNaN(x[row]) && !double.IsNaN(y[row])).ToArray();
        return (Array.ConvertAll(rows, row => x[row]), Array.ConvertAll(rows, row => y[row]));
    }

    private static double[][] Square(int size) =>
        [.. Enumerable.Range(0, size).Select(i => { var row = new double[size]; row[i] = 1; return row; })];
}
