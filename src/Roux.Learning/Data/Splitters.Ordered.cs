using System.Globalization;

namespace Roux.Learning.Data;

/// <content>Splits that follow time or a given column.</content>
public static partial class Splitters
{
    /// <summary>
    /// Cross-validation over time: each fold is tested on rows later than all that it trains on. The rows, sorted by time, are cut into
    /// folds + 1 blocks of about equal size; fold i trains on the first i blocks and is tested on the next one.
    /// Rows of the same time are never on both sides.
    /// </summary>
    /// <param name="times">Per row its time in any unit that grows, such as <see cref="DateColumn.Ticks"/>.</param>
    /// <param name="folds">Number of folds, at least 1.</param>
    /// <exception cref="DataException">There are too few different times.</exception>
    public static IReadOnlyList<Fold> TimeSeries(long[] times, int folds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 1);
        var order = ByTime(times);
        var cuts = new int[folds + 2];
        for (var block = 1; block <= folds; block++)
        {
            cuts[block] = NextTime(times, order, Math.Max((int)((long)block * order.Length / (folds + 1)), cuts[block - 1] + 1));
        }

        cuts[folds + 1] = order.Length;
        if (cuts[folds] >= order.Length)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture,
                $"{folds} folds over time need more different times than the {times.Distinct().Count()} there are; use fewer folds or another split"));
        }

        return [.. Enumerable.Range(1, folds).Select(block => Cut(order, cuts[block], cuts[block + 1]))];
    }

    /// <summary>One division in which the latest rows, about <paramref name="fraction"/> of all, are for testing. Rows of the same time stay together.</summary>
    /// <param name="times">Per row its time in any unit that grows.</param>
    /// <param name="fraction">Share of test rows, in (0, 1).</param>
    /// <exception cref="DataException">All times are the same.</exception>
    public static Fold TimeHoldout(long[] times, double fraction)
    {
        CheckFraction(fraction);
        var order = ByTime(times);
        var wanted = Math.Clamp((int)Math.Round((1 - fraction) * order.Length, MidpointRounding.AwayFromZero), 1, Math.Max(1, order.Length - 1));
        var cut = NextTime(times, order, wanted);
        if (cut >= order.Length)
        {
            // The last time fills the whole test side: it may begin earlier, but not at the first row.
            for (cut = order.Length - 1; cut > 0 && times[order[cut - 1]] == times[order[cut]]; cut--)
            {
            }
        }

        return cut > 0 && cut < order.Length ? Cut(order, cut, order.Length)
            : throw new DataException("a holdout by time needs at least two different times; use another split");
    }

    /// <summary>The times of a column by which rows can be ordered: ticks of dates, numbers by value.</summary>
    /// <exception cref="DataException">The column is text, or a value is missing.</exception>
    public static long[] Times(Column column)
    {
        var missing = column.CountMissing();
        if (missing > 0)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"column '{column.Name}' cannot order the rows in time: {missing:N0} of its values are missing"));
        }

        switch (column)
        {
            case DateColumn dates:
                return dates.Ticks;
            case NumberColumn numbers:
                // The rank keeps the order of fractions, too.
                var ranks = numbers.Values.Distinct().Order().Select((value, rank) => (value, rank)).ToDictionary(pair => pair.value, pair => (long)pair.rank);
                return Array.ConvertAll(numbers.Values, value => ranks[value]);
            default:
                throw new DataException($"column '{column.Name}' cannot order the rows in time: it is text; choose a column of dates or numbers");
        }
    }

    /// <summary>
    /// Folds that a column gives: each different value is the test side of one fold, in the order of the values; rows in which it is
    /// missing, -1 or <c>train</c> are always for training. A column of <c>train</c> and <c>test</c> (or <c>valid</c>, <c>validation</c>)
    /// gives one fold.
    /// </summary>
    /// <param name="column">One value a row.</param>
    /// <exception cref="DataException">No row is for testing, or none for training.</exception>
    public static IReadOnlyList<Fold> Predefined(Column column)
    {
        var keys = new string?[column.Length];
        for (var row = 0; row < keys.Length; row++)
        {
            var key = column.Format(row)?.Trim();
            keys[row] = key is null or "-1" || key.Equals("train", StringComparison.OrdinalIgnoreCase) || key.Equals("training", StringComparison.OrdinalIgnoreCase) ? null : key;
        }

        var names = keys.OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var order = TargetBuilder.Sorted(names, Array.ConvertAll(names, _ => 1));
        var groups = Array.ConvertAll(keys, key => key is null ? -1 : Array.FindIndex(order, i => names[i] == key));
        Fold[] folds = [.. Enumerable.Range(0, order.Length).Select(fold => FromAssignment(groups, fold))];
        if (folds.Length == 0 || folds.Any(fold => fold.Train.Length == 0))
        {
            throw new DataException($"column '{column.Name}' gives no split: {(folds.Length == 0 ? "no row is for testing" : "no row is for training")}; it needs fold numbers, or 'train' and 'test'");
        }

        return folds;
    }

    /// <summary>Folds that a file gives: a table whose only column, or whose column <c>fold</c> or <c>split</c>, has one value for each row of the data, read as in <see cref="Predefined"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">Number of rows of the data.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="DataException">It cannot be read, has another number of rows, or gives no split.</exception>
    public static IReadOnlyList<Fold> FromFile(string path, int rows, CancellationToken ct = default)
    {
        var table = TableReader.Read(path, ct: ct).Table;
        var column = table.Columns.Count == 1 ? table.Columns[0] : table.Find("fold") ?? table.Find("split")
            ?? throw new DataException($"{path}: has no column 'fold' or 'split' (columns: {string.Join(", ", table.Columns.Take(10).Select(other => other.Name))})");
        return table.RowCount == rows ? Predefined(column)
            : throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{path}: has {table.RowCount:N0} rows, the data has {rows:N0}; one line for each row of the data is wanted"));
    }

    private static int[] ByTime(long[] times)
    {
        var order = new int[times.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) => times[a] != times[b] ? times[a].CompareTo(times[b]) : a.CompareTo(b));
        return order;
    }

    /// <summary>The first place from <paramref name="from"/> on at which the time differs from that of the place before.</summary>
    private static int NextTime(long[] times, int[] order, int from)
    {
        while (from > 0 && from < order.Length && times[order[from]] == times[order[from - 1]])
        {
            from++;
        }

        return from;
    }

    private static Fold Cut(int[] order, int from, int to)
    {
        int[] train = order[..from], test = order[from..to];
        Array.Sort(train);
        Array.Sort(test);
        return new Fold(train, test);
    }
}
