using Roux.Learning.Data;
using Roux.Learning.Data.Profiling;

namespace Roux.Learning.Evaluation;

/// <summary>Finds columns that say much the same, so that what is measured of one alone misleads.</summary>
public static class ColumnGroups
{
    private const int MostRows = 2000;
    private const int MostColumns = 60;
    private const int MostLevels = 30;

    /// <summary>Sets of at least two columns, linked by associations above a bound.</summary>
    /// <param name="table">The rows; of many, the first 2,000 in even steps.</param>
    /// <param name="columns">Columns to compare, at most the first 60: numbers, truth values, dates and levels; texts and lists are passed over.</param>
    /// <param name="bound">Smallest association that links: |Spearman's rank correlation| of numbers, Cramér's V (Bergsma 2013) of levels, the correlation ratio of levels and ranks; 0 to 1.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Of(Table table, IReadOnlyList<ColumnSpec> columns, double bound = 0.8)
    {
        var rows = Enumerable.Range(0, Math.Min(MostRows, table.RowCount)).Select(i => (int)((long)i * table.RowCount / Math.Min(MostRows, table.RowCount))).ToArray();
        var usable = columns.Where(column => column.Role is ColumnRole.Numeric or ColumnRole.Boolean or ColumnRole.Date or ColumnRole.Categorical)
            .Take(MostColumns).Select(column => Prepared.Of(table[column.Name].Take(rows), column.Role)).OfType<Prepared>().ToArray();
        var group = Enumerable.Range(0, usable.Length).ToArray();
        for (var i = 0; i < usable.Length; i++)
        {
            for (var j = i + 1; j < usable.Length; j++)
            {
                if (group[i] != group[j] && Prepared.Between(usable[i], usable[j]) >= bound)
                {
                    var (from, to) = (Math.Max(group[i], group[j]), Math.Min(group[i], group[j]));
                    for (var k = 0; k < group.Length; k++)
                    {
                        group[k] = group[k] == from ? to : group[k];
                    }
                }
            }
        }

        return [.. Enumerable.Range(0, usable.Length).GroupBy(i => group[i]).Where(members => members.Count() > 1)
            .Select(members => (IReadOnlyList<string>)[.. members.Select(i => usable[i].Name)])];
    }

    /// <summary>A column as ranks or as codes of levels; missing numbers stand at the middle rank, missing levels are a level.</summary>
    private sealed record Prepared(string Name, double[]? Ranks, int[] Codes, int Levels)
    {
        public static Prepared? Of(Column column, ColumnRole role)
        {
            double[]? numbers = column switch
            {
                NumberColumn number when role != ColumnRole.Categorical => number.Values,
                DateColumn date => Array.ConvertAll(date.Ticks, ticks => ticks == DateColumn.Missing ? double.NaN : ticks),
                _ => null,
            };
            if (numbers is not null)
            {
                double[] known = [.. numbers.Where(double.IsFinite).Order()];
                return known.Length == 0 || known[0] == known[^1] ? null
                    : new Prepared(column.Name, Association.Ranks(Array.ConvertAll(numbers, number => double.IsFinite(number) ? number : known[known.Length / 2])), [], 0);
            }

            var places = new Dictionary<string, int>(StringComparer.Ordinal);
            var codes = new int[column.Length];
            for (var row = 0; row < codes.Length; row++)
            {
                var level = column.Format(row) ?? "";
                codes[row] = places.TryGetValue(level, out var place) ? place : places[level] = places.Count;
            }

            return places.Count is < 2 or > MostLevels ? null : new Prepared(column.Name, null, codes, places.Count);
        }

        public static double Between(Prepared a, Prepared b)
        {
            if (a.Ranks is not null && b.Ranks is not null)
            {
                return Math.Abs(Association.Pearson(a.Ranks, b.Ranks));
            }

            if (a.Ranks is not null || b.Ranks is not null)
            {
                var (levels, ranks) = a.Ranks is null ? (a, b.Ranks!) : (b, a.Ranks);
                return Association.CorrelationRatio(levels.Codes, levels.Levels, ranks);
            }

            var counts = new int[a.Levels * b.Levels];
            for (var row = 0; row < a.Codes.Length; row++)
            {
                counts[a.Codes[row] * b.Levels + b.Codes[row]]++;
            }

            return Association.CramersV(counts, a.Levels, b.Levels);
        }
    }
}
