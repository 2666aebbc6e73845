namespace Roux.Learning.Data.Profiling;

/// <summary>Makes few levels of many values.</summary>
internal static class Binning
{
    private const int MostBins = 50, FewestPerBin = 10;

    /// <summary>
    /// Bins of about equal counts, never parting equal values: at most 50, of ten values or more where there are so many. Few distinct
    /// values are their own bins.
    /// </summary>
    /// <param name="values">The values; NaN gets bin -1.</param>
    /// <param name="rows">Indices of the values to bin.</param>
    /// <returns>Per entry of <paramref name="rows"/> its bin, and the number of bins.</returns>
    public static (int[] Bins, int Count) OfNumbers(double[] values, int[] rows)
    {
        var sorted = rows.Select(row => values[row]).Where(value => !double.IsNaN(value)).ToArray();
        Array.Sort(sorted);
        var distinct = 0;
        for (var i = 0; i < sorted.Length && distinct <= MostBins; i++)
        {
            distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
        }

        // The lower borders of the bins: all values when they are few, else quantiles.
        var borders = new List<double>();
        var bins = distinct <= MostBins ? int.MaxValue : Math.Clamp(sorted.Length / FewestPerBin, 2, MostBins);
        for (var i = 0; i < sorted.Length; i++)
        {
            var fresh = i == 0 || sorted[i] != sorted[i - 1];
            if (fresh && (bins == int.MaxValue || i >= (long)borders.Count * sorted.Length / bins))
            {
                borders.Add(sorted[i]);
            }
        }

        var assigned = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var value = values[rows[i]];
            if (double.IsNaN(value))
            {
                assigned[i] = -1;
                continue;
            }

            var found = borders.BinarySearch(value);
            assigned[i] = found >= 0 ? found : ~found - 1;
        }

        return (assigned, borders.Count);
    }

    /// <summary>The levels that occur in some rows, numbered by first appearance.</summary>
    public static (int[] Bins, int Count) OfLevels(TextColumn column, int[] rows)
    {
        var numbers = new int[column.Levels.Length];
        Array.Fill(numbers, -1);
        var count = 0;
        var bins = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            ref var number = ref numbers[column.Codes[rows[i]]];
            number = number < 0 ? count++ : number;
            bins[i] = number;
        }

        return (bins, count);
    }
}
