using System.Globalization;

namespace Roux.Learning.Data.Reading;

/// <summary>Converts a column to another type; what does not fit becomes missing, with a warning.</summary>
internal static class TypeConversion
{
    /// <summary>The column in the given type; the same column when it has it already.</summary>
    public static Column To(Column column, ColumnType type, List<string> warnings)
    {
        if (column.Type == type)
        {
            return column;
        }

        switch (type)
        {
            case ColumnType.Text:
                return ToText(column);
            case ColumnType.Date:
                return ToDates(ToText(column), warnings);
            case ColumnType.Boolean:
                return column is NumberColumn numeric && Array.TrueForAll(numeric.Values, value => double.IsNaN(value) || value is 0 or 1)
                    ? new NumberColumn(column.Name, numeric.Values, ColumnType.Boolean)
                    : ToBooleans(ToText(column), warnings);
            default:
                return column switch
                {
                    // The difference between whole and real is a description, no difference in storage.
                    NumberColumn numbers => new NumberColumn(column.Name, numbers.Values, type == ColumnType.Integer && !ColumnFinisher.IsWhole(numbers.Values) ? ColumnType.Real : type),
                    DateColumn dates => new NumberColumn(column.Name, Array.ConvertAll(dates.Ticks, Days)),
                    _ => ToNumbers((TextColumn)column, warnings),
                };
        }
    }

    /// <summary>Numbers with leading zeros, thousands separators, a currency sign or a percent sign, as people write them.</summary>
    public static bool TryDressed(string text, out double value)
    {
        var bare = text.AsSpan().Trim();
        if (bare.Length > 0 && bare[^1] is '%' or '€' or '$' or '£')
        {
            bare = bare[..^1].TrimEnd();
        }

        var negative = bare.StartsWith("-") || (bare.StartsWith("(") && bare.EndsWith(")"));
        bare = bare.Trim("()-+ ");
        if (bare.Length > 0 && bare[0] is '€' or '$' or '£' or '¥')
        {
            bare = bare[1..].TrimStart();
        }

        value = double.NaN;
        if (bare.Length == 0 || !char.IsAsciiDigit(bare[0]) || !GroupsAreThousands(bare)
            || !double.TryParse(bare, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
            || !double.IsFinite(value))
        {
            return false;
        }

        value = negative ? -value : value;
        return true;
    }

    public static TextColumn ToText(Column column)
    {
        switch (column)
        {
            case TextColumn text:
                return text;
            case NumberColumn numbers:
                var levels = new List<string>();
                var known = new Dictionary<double, int>();
                var codes = new int[numbers.Length];
                for (var row = 0; row < codes.Length; row++)
                {
                    var value = numbers.Values[row];
                    if (double.IsNaN(value))
                    {
                        codes[row] = -1;
                    }
                    else if (!known.TryGetValue(value, out codes[row]))
                    {
                        known.Add(value, codes[row] = levels.Count);
                        levels.Add(numbers.Format(row)!);
                    }
                }

                return new TextColumn(column.Name, codes, [.. levels]);
            default:
                return TextColumn.From(column.Name, Enumerable.Range(0, column.Length).Select(column.Format));
        }
    }

    public static NumberColumn ToNumbers(TextColumn column, List<string> warnings)
    {
        var values = new double[column.Levels.Length];
        for (var level = 0; level < values.Length; level++)
        {
            values[level] = NumberParser.Parse(column.Levels[level], out var number) == NumberForm.Finite || TryDressed(column.Levels[level], out number) ? number : double.NaN;
        }

        return Spread(column, values, ColumnType.Real, "numbers", warnings);
    }

    public static NumberColumn ToBooleans(TextColumn column, List<string> warnings)
    {
        var values = Array.ConvertAll(column.Levels, level => level.Trim().ToUpperInvariant() switch
        {
            "TRUE" or "T" or "YES" or "Y" or "1" or "ON" => 1.0,
            "FALSE" or "F" or "NO" or "N" or "0" or "OFF" => 0.0,
            _ => double.NaN,
        });
        return Spread(column, values, ColumnType.Boolean, "true or false, yes or no", warnings);
    }

    private static DateColumn ToDates(TextColumn column, List<string> warnings)
    {
        if (ColumnFinisher.AsDates(column, forced: true, warnings) is { } dates)
        {
            return dates;
        }

        if (column.Levels.Length > 0)
        {
            warnings.Add($"column '{column.Name}': no value such as '{ColumnFinisher.Short(column.Levels[0])}' can be read as a date; all became missing");
        }

        var ticks = new long[column.Length];
        Array.Fill(ticks, DateColumn.Missing);
        return new DateColumn(column.Name, ticks);
    }

    private static NumberColumn Spread(TextColumn column, double[] values, ColumnType type, string wanted, List<string> warnings)
    {
        var unfit = 0;
        var example = -1;
        var result = new double[column.Length];
        for (var row = 0; row < result.Length; row++)
        {
            var code = column.Codes[row];
            result[row] = code < 0 ? double.NaN : values[code];
            if (code >= 0 && double.IsNaN(result[row]))
            {
                unfit++;
                example = example < 0 ? code : example;
            }
        }

        if (unfit > 0)
        {
            warnings.Add($"column '{column.Name}': {ColumnFinisher.Count(unfit, "value")} such as '{ColumnFinisher.Short(column.Levels[example])}' became missing, because {wanted} are wanted");
        }

        return new NumberColumn(column.Name, result, type);
    }

    /// <summary>Days since 1970-01-01, the unit in which dates stand as numbers.</summary>
    private static double Days(long ticks) => ticks == DateColumn.Missing ? double.NaN : (ticks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerDay;

    private static bool GroupsAreThousands(ReadOnlySpan<char> text)
    {
        var comma = text.IndexOf(',');
        if (comma < 0)
        {
            return true;
        }

        // 1,234,567.8 but not 1,5 (a decimal comma) nor 1,2,3 (a list).
        if (comma > 3)
        {
            return false;
        }

        var rest = text[comma..];
        while (rest.Length > 0 && rest[0] == ',')
        {
            if (rest.Length < 4 || !char.IsAsciiDigit(rest[1]) || !char.IsAsciiDigit(rest[2]) || !char.IsAsciiDigit(rest[3]))
            {
                return false;
            }

            rest = rest[4..];
        }

        return rest.Length == 0 || rest[0] == '.' || rest[0] is 'e' or 'E';
    }
}
