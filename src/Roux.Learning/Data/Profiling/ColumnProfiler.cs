using System.Runtime.InteropServices;
using Roux.Learning.Data.Roles;

namespace Roux.Learning.Data.Profiling;

/// <summary>Profiles one column.</summary>
internal static class ColumnProfiler
{
    private const int MostTop = 10, Bins = 20;

    public static ColumnProfile Of(Column column, ColumnSpec spec, int[]? sample, TargetColumn? target)
    {
        var profile = column switch
        {
            NumberColumn numbers => OfNumbers(numbers, spec, sample),
            DateColumn dates => OfDates(dates, spec, sample),
            TextColumn texts => OfText(texts, spec),
            _ => throw new ArgumentException($"column '{column.Name}' is of an unknown kind", nameof(column)),
        };
        return target is null || spec.Role is ColumnRole.Target or ColumnRole.Ignore or ColumnRole.Constant or ColumnRole.Text ? profile
            : profile with { Target = target.Associate(column, sample) };
    }

    /// <summary>The q-quantile of ascending values, interpolated linearly (Hyndman and Fan 1996, type 7).</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double q)
    {
        if (sorted.IsEmpty)
        {
            return double.NaN;
        }

        var at = q * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }

    private static ColumnProfile OfNumbers(NumberColumn column, ColumnSpec spec, int[]? sample)
    {
        var values = column.Values;
        double sum = 0, min = double.PositiveInfinity, max = double.NegativeInfinity;
        int present = 0, zeros = 0;
        foreach (var value in values)
        {
            if (double.IsNaN(value))
            {
                continue;
            }

            present++;
            sum += value;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            zeros += value == 0 ? 1 : 0;
        }

        var profile = new ColumnProfile { Name = column.Name, Type = column.Type, Role = spec.Role, Missing = values.Length - present, Distinct = 0 };
        if (present == 0)
        {
            return profile;
        }

        // Means of huge values overflow as sums; the second pass makes the mean and the deviation exact to rounding.
        var mean = double.IsFinite(sum) ? sum / present : ScaledMean(values, present);
        double rest = 0, squares = 0;
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
            {
                var deviation = value - mean;
                rest += deviation;
                squares += deviation * deviation;
            }
        }

        mean += double.IsFinite(rest) ? rest / present : 0;
        var std = Math.Sqrt(Math.Max(0, squares - (double.IsFinite(rest) ? rest * rest / present : 0)) / (present - 1));
        var sorted = Sorted(values, sample);
        var (distinct, top) = Runs(sorted, value => column.Type == ColumnType.Boolean ? (value != 0 ? column.Words.True : column.Words.False) : value.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        double lower = Quantile(sorted, 0.25), upper = Quantile(sorted, 0.75), fence = 1.5 * (upper - lower);
        var outliers = 0;
        foreach (var value in sorted)
        {
            outliers += value < lower - fence || value > upper + fence ? 1 : 0;
        }

        return profile with
        {
            Distinct = distinct,
            DistinctIsLowerBound = sample is not null && distinct > 2,
            Top = top,
            Numbers = new NumberSummary(min, Quantile(sorted, 0.05), lower, Quantile(sorted, 0.5), upper, Quantile(sorted, 0.95), max,
                mean, present > 1 ? std : double.NaN, zeros, column.Type == ColumnType.Boolean ? 0 : outliers),
            Histogram = column.Type == ColumnType.Boolean ? null : Spread(sorted),
        };
    }

    private static ColumnProfile OfDates(DateColumn column, ColumnSpec spec, int[]? sample)
    {
        var ticks = Array.ConvertAll(column.Ticks, value => value == DateColumn.Missing ? double.NaN : value);
        var sorted = Sorted(ticks, sample);
        long first = long.MaxValue, last = long.MinValue;
        var missing = 0;
        foreach (var value in column.Ticks)
        {
            if (value == DateColumn.Missing)
            {
                missing++;
                continue;
            }

            first = Math.Min(first, value);
            last = Math.Max(last, value);
        }

        // Doubles tell ticks of our time apart to some 100 microseconds, fine enough for counts of days.
        var (distinct, top) = Runs(sorted, value => Text((long)value));
        return new ColumnProfile
        {
            Name = column.Name,
            Type = column.Type,
            Role = spec.Role,
            Missing = missing,
            Distinct = distinct,
            DistinctIsLowerBound = sample is not null,
            Top = top,
            Dates = missing == column.Length ? null : new DateSummary(Text(first), Text(last)),
            Histogram = Spread(sorted),
        };

        static string Text(long ticks) => new DateColumn("", [ticks]).Format(0)!;
    }

    private static ColumnProfile OfText(TextColumn column, ColumnSpec spec)
    {
        var statistics = LevelStatistics.Of(column);
        var longest = 0;
        var used = new List<int>();
        for (var level = 0; level < statistics.Counts.Length; level++)
        {
            if (statistics.Counts[level] > 0)
            {
                used.Add(level);
                longest = Math.Max(longest, column.Levels[level].Length);
            }
        }

        return new ColumnProfile
        {
            Name = column.Name,
            Type = column.Type,
            Role = spec.Role,
            Missing = column.Length - statistics.Rows,
            Distinct = statistics.Distinct,
            Top = [.. TopOf(used, level => statistics.Counts[level]).Select(level => new ValueCount(column.Levels[level], statistics.Counts[level]))],
            Text = statistics.Rows == 0 ? null : new TextSummary(statistics.Length, longest, statistics.Words),
        };
    }

    /// <summary>The most frequent of some items, of equals those that come first.</summary>
    private static List<int> TopOf(List<int> items, Func<int, int> count)
    {
        var best = new PriorityQueue<int, (int Count, int Order)>();
        foreach (var item in items)
        {
            best.Enqueue(item, (count(item), -item));
            if (best.Count > MostTop)
            {
                best.Dequeue();
            }
        }

        var kept = new List<int>();
        while (best.TryDequeue(out var item, out _))
        {
            kept.Add(item);
        }

        kept.Reverse();
        return kept;
    }

    /// <summary>Counts runs of equal values: how many there are and which are the longest.</summary>
    private static (int Distinct, IReadOnlyList<ValueCount> Top) Runs(double[] sorted, Func<double, string> text)
    {
        var starts = new List<int>();
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                starts.Add(i);
            }
        }

        int Count(int run) => (run + 1 < starts.Count ? starts[run + 1] : sorted.Length) - starts[run];
        var top = TopOf([.. Enumerable.Range(0, starts.Count)], Count).Where(run => starts.Count <= MostTop || Count(run) > 1);
        return (starts.Count, [.. top.Select(run => new ValueCount(text(sorted[starts[run]]), Count(run)))]);
    }

    private static double[] Sorted(double[] values, int[]? sample)
    {
        var present = new List<double>(sample?.Length ?? values.Length);
        if (sample is null)
        {
            foreach (var value in values)
            {
                if (!double.IsNaN(value))
                {
                    present.Add(value);
                }
            }
        }
        else
        {
            foreach (var row in sample)
            {
                if (!double.IsNaN(values[row]))
                {
                    present.Add(values[row]);
                }
            }
        }

        CollectionsMarshal.AsSpan(present).Sort();
        return [.. present];
    }

    private static Histogram? Spread(double[] sorted)
    {
        if (sorted.Length < 2 || sorted[0] == sorted[^1] || !double.IsFinite(sorted[^1] - sorted[0]))
        {
            return null;
        }

        var edges = new double[Bins + 1];
        var counts = new int[Bins];
        var width = (sorted[^1] - sorted[0]) / Bins;
        for (var i = 0; i < Bins; i++)
        {
            edges[i] = sorted[0] + i * width;
        }

        edges[Bins] = sorted[^1];
        foreach (var value in sorted)
        {
            counts[Math.Clamp((int)((value - sorted[0]) / width), 0, Bins - 1)]++;
        }

        return new Histogram(edges, counts);
    }

    private static double ScaledMean(double[] values, int present)
    {
        var mean = 0.0;
        foreach (var value in values)
        {
            mean += double.IsNaN(value) ? 0 : value / present;
        }

        return mean;
    }
}
