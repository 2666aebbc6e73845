namespace Roux.Learning.Data.Profiling;

/// <summary>Profiles one column for a <see cref="CompactProfile"/>.</summary>
internal static class CompactProfiler
{
    /// <summary>Distinct values up to which each is an edge.</summary>
    private const int MostSteps = 20;

    private const int Parts = 20;
    private const int LongestLevel = 80;

    public static CompactColumn Of(Column column, ColumnSpec spec, int[]? sample)
    {
        var profile = ColumnProfiler.Of(column, spec, sample, null);
        var values = ValuesOf(column, sample);
        var dates = column is DateColumn;
        return new CompactColumn
        {
            Name = column.Name,
            Type = column.Type,
            Role = spec.Role,
            Missing = profile.Missing,
            Distinct = profile.Distinct,
            DistinctIsLowerBound = profile.DistinctIsLowerBound,
            Min = dates && values.Length > 0 ? values[0] : profile.Numbers?.Min ?? double.NaN,
            Max = dates && values.Length > 0 ? values[^1] : profile.Numbers?.Max ?? double.NaN,
            Mean = profile.Numbers?.Mean ?? double.NaN,
            Std = profile.Numbers?.Std ?? double.NaN,
            MeanLength = profile.Text?.MeanLength ?? double.NaN,
            Spread = values.Length > 0 ? SpreadOf(values) : null,
            Histogram = profile.Histogram?.Counts ?? [],
            Top = column is TextColumn && spec.Role is not (ColumnRole.Text or ColumnRole.Id) ? [.. profile.Top.Select(level => level with { Value = Cut(level.Value) })] : [],
        };
    }

    /// <summary>The cumulative shares of ascending values, at least one.</summary>
    internal static ValueSpread SpreadOf(double[] sorted)
    {
        var distinct = 1;
        for (var i = 1; i < sorted.Length && distinct <= MostSteps; i++)
        {
            distinct += sorted[i] != sorted[i - 1] ? 1 : 0;
        }

        var exact = distinct <= MostSteps;
        var edges = exact ? [.. sorted.Distinct()] : Enumerable.Range(0, Parts + 1).Select(part => sorted[Math.Max(0, (int)Math.Ceiling((double)part * sorted.Length / Parts) - 1)]).Distinct().ToList();
        return new ValueSpread(edges, [.. edges.Select(edge => (double)UpTo(sorted, edge) / sorted.Length)], exact);
    }

    /// <summary>Number of ascending values that are not above a value.</summary>
    private static int UpTo(double[] sorted, double value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] <= value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static double[] ValuesOf(Column column, int[]? sample)
    {
        Func<int, double>? read = column switch
        {
            NumberColumn numbers => row => numbers.Values[row],
            DateColumn dates => row => dates.Ticks[row] == DateColumn.Missing ? double.NaN : (double)(dates.Ticks[row] - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerDay,
            _ => null,
        };
        if (read is null)
        {
            return [];
        }

        var count = sample?.Length ?? column.Length;
        var values = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            var value = read(sample is null ? i : sample[i]);
            if (double.IsFinite(value))
            {
                values.Add(value);
            }
        }

        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted;
    }

    private static string Cut(string level) => level.Length <= LongestLevel ? level : string.Concat(level.AsSpan(0, LongestLevel - 1), "…");
}
