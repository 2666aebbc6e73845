using System.Globalization;

namespace Roux.Learning.Data.Reading;

/// <summary>Turns what a <see cref="ColumnBuilder"/> gathered into a column: decides between whole and real numbers, text, dates and booleans.</summary>
internal static class ColumnFinisher
{
    /// <summary>Share of a text column's rows that must be dates for it to be one of dates, or numbers for a warning that it nearly is one of numbers.</summary>
    private const double Mostly = 0.9;

    public static Column Finish(ColumnBuilder builder, List<string> warnings)
    {
        if (builder.Infinite > 0)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"column '{builder.Name}': {Count(builder.Infinite, "infinite number")} became missing"));
        }

        if (builder.IsText)
        {
            return FinishText(builder, warnings);
        }

        if (builder.Unfit > 0)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"column '{builder.Name}': {Count(builder.Unfit, "value")} such as '{Short(builder.UnfitExample!)}' became missing, because numbers are wanted"));
        }

        var values = builder.DrainNumbers();
        return new NumberColumn(builder.Name, values, builder.Given ?? (IsWhole(values) ? ColumnType.Integer : ColumnType.Real));
    }

    /// <summary>Whether every value that is not missing is a whole number of at most 2^53, and there is one.</summary>
    public static bool IsWhole(double[] values)
    {
        var any = false;
        foreach (var value in values)
        {
            if (double.IsNaN(value))
            {
                continue;
            }

            if (Math.Floor(value) != value || Math.Abs(value) > 9007199254740992)
            {
                return false;
            }

            any = true;
        }

        return any;
    }

    /// <summary>Makes dates of text where nine tenths of the rows are dates, or all of them when <paramref name="forced"/>; else <c>null</c>.</summary>
    public static DateColumn? AsDates(TextColumn column, bool forced, List<string> warnings)
    {
        var counts = CountLevels(column);
        var reading = DateReading.Of(column.Levels, counts);
        if (reading is null || (!forced && reading.Rows < Mostly * reading.Total))
        {
            return null;
        }

        if (reading.Rows < reading.Total)
        {
            var bad = Array.FindIndex(reading.Ticks, ticks => ticks == DateColumn.Missing);
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"column '{column.Name}': {Count(reading.Total - reading.Rows, "value")} such as '{Short(column.Levels[bad])}' became missing, because {(reading.Total == reading.Rows ? "" : "the others are ")}dates"));
        }

        if (reading.Ambiguous)
        {
            warnings.Add($"column '{column.Name}': dates such as '{Short(reading.AmbiguousExample!)}' are read as month/day/year; no value tells it from day/month/year");
        }

        var values = new long[column.Length];
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = column.Codes[row] < 0 ? DateColumn.Missing : reading.Ticks[column.Codes[row]];
        }

        return new DateColumn(column.Name, values);
    }

    /// <summary>Makes booleans of text where all levels are true and false, or yes and no; else <c>null</c>.</summary>
    public static NumberColumn? AsBooleans(TextColumn column)
    {
        if (column.Levels.Length is 0 or > 6)
        {
            return null;
        }

        var values = new double[column.Levels.Length];
        var words = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var word = column.Levels[i].Trim().ToUpperInvariant();
            words |= word is "TRUE" or "FALSE" ? 1 : word is "YES" or "NO" ? 2 : 4;
            values[i] = word is "TRUE" or "YES" ? 1 : 0;
        }

        if (words is not (1 or 2))
        {
            return null;
        }

        // The words of the file are kept: a class that is called yes there must not come back as true.
        string Called(double value, string otherwise) => Array.IndexOf(values, value) is >= 0 and var level ? column.Levels[level].Trim() : otherwise;
        var called = (Called(0, words == 1 ? "false" : "no"), Called(1, words == 1 ? "true" : "yes"));
        return new NumberColumn(column.Name, Array.ConvertAll(column.Codes, code => code < 0 ? double.NaN : values[code]), ColumnType.Boolean, called);
    }

    internal static string Short(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "…");

    internal static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    private static Column FinishText(ColumnBuilder builder, List<string> warnings)
    {
        var codes = builder.DrainCodes();
        var column = new TextColumn(builder.Name, codes, [.. builder.Levels]);
        switch (builder.Given)
        {
            case ColumnType.Text:
                return column;
            case ColumnType.Date:
                return AsDates(column, forced: true, warnings) ?? AllMissing(column, "dates", warnings);
            case ColumnType.Boolean:
                return TypeConversion.ToBooleans(column, warnings);
        }

        if (AsBooleans(column) is { } booleans)
        {
            return booleans;
        }

        if (AsDates(column, forced: false, warnings) is { } dates)
        {
            return dates;
        }

        WarnOfNearlyNumbers(column, warnings);
        return column;
    }

    private static DateColumn AllMissing(TextColumn column, string wanted, List<string> warnings)
    {
        if (column.CountMissing() < column.Length)
        {
            warnings.Add($"column '{column.Name}': no value such as '{Short(column.Levels[0])}' can be read as {wanted}; all became missing");
        }

        var ticks = new long[column.Length];
        Array.Fill(ticks, DateColumn.Missing);
        return new DateColumn(column.Name, ticks);
    }

    private static void WarnOfNearlyNumbers(TextColumn column, List<string> warnings)
    {
        var counts = CountLevels(column);
        int total = 0, plain = 0, dressed = 0;
        string? word = null, separated = null;
        for (var level = 0; level < counts.Length; level++)
        {
            total += counts[level];
            if (NumberParser.Parse(column.Levels[level], out _) == NumberForm.Finite || IsCode(column.Levels[level]))
            {
                plain += counts[level];
            }
            else if (TypeConversion.TryDressed(column.Levels[level], out _))
            {
                dressed += counts[level];
                separated ??= column.Levels[level];
            }
            else
            {
                word ??= column.Levels[level];
            }
        }

        if (total == 0 || plain + dressed < Mostly * total || (separated is null && word is null))
        {
            return;
        }

        var example = Short(word ?? separated!);
        warnings.Add(word is null
            ? $"column '{column.Name}' is text because of separators or units as in '{example}'; --column \"{column.Name}=numeric\" reads it as numbers"
            : string.Create(CultureInfo.InvariantCulture, $"column '{column.Name}' is text because {Count(total - plain - dressed, "value")} such as '{example}' {(total - plain - dressed == 1 ? "is no number" : "are no numbers")}; --column \"{column.Name}=numeric\" makes them missing"));
    }

    /// <summary>Digits that stay text on purpose: with leading zeros, or more than a double holds.</summary>
    private static bool IsCode(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static int[] CountLevels(TextColumn column)
    {
        var counts = new int[column.Levels.Length];
        foreach (var code in column.Codes)
        {
            if (code >= 0)
            {
                counts[code]++;
            }
        }

        return counts;
    }
}
