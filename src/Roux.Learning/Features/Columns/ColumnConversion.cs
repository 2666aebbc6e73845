using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Features.Columns;

/// <summary>
/// Reads a column as the type that a featurizer was fitted on. Another file may hold the same column as another type:
/// a code column that happens to be all digits, a number column with one "n/a" in it.
/// </summary>
internal static class ColumnConversion
{
    private static readonly string[] TrueTexts = ["true", "t", "yes", "y"];
    private static readonly string[] FalseTexts = ["false", "f", "no", "n"];

    /// <summary>One number a row, NaN for missing and for text that is not a number.</summary>
    /// <exception cref="DataException">The column holds dates.</exception>
    public static double[] ToNumbers(Column column)
    {
        switch (column)
        {
            case NumberColumn numbers:
                return numbers.Values;
            case TextColumn text:
                var parsed = new double[text.Levels.Length];
                for (var code = 0; code < parsed.Length; code++)
                {
                    parsed[code] = ParseNumber(text.Levels[code]);
                }

                return [.. text.Codes.Select(code => code < 0 ? double.NaN : parsed[code])];
            default:
                throw new DataException($"column '{column.Name}' holds dates where numbers are expected; give it as numbers or fit again on the new data");
        }
    }

    /// <summary>One level code a row.</summary>
    public static TextColumn ToText(Column column)
    {
        if (column is TextColumn text)
        {
            return text;
        }

        var codes = new int[column.Length];
        var levels = new List<string>();
        if (column is NumberColumn numbers)
        {
            var known = new Dictionary<double, int>();
            for (var row = 0; row < codes.Length; row++)
            {
                codes[row] = Code(known, numbers.Values[row], numbers.IsMissing(row), column, row, levels);
            }
        }
        else
        {
            var known = new Dictionary<long, int>();
            var dates = (DateColumn)column;
            for (var row = 0; row < codes.Length; row++)
            {
                codes[row] = Code(known, dates.Ticks[row], dates.IsMissing(row), column, row, levels);
            }
        }

        return new TextColumn(column.Name, codes, [.. levels]);
    }

    /// <summary>UTC ticks a row; <see cref="DateColumn.Missing"/> for missing and for text that is not a date.</summary>
    /// <exception cref="DataException">The column holds numbers.</exception>
    public static long[] ToTicks(Column column)
    {
        switch (column)
        {
            case DateColumn dates:
                return dates.Ticks;
            case TextColumn text:
                var parsed = new long[text.Levels.Length];
                for (var code = 0; code < parsed.Length; code++)
                {
                    parsed[code] = DateTime.TryParse(text.Levels[code], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
                        ? time.Ticks : DateColumn.Missing;
                }

                return [.. text.Codes.Select(code => code < 0 ? DateColumn.Missing : parsed[code])];
            default:
                if (column.CountMissing() == column.Length)
                {
                    return [.. Enumerable.Repeat(DateColumn.Missing, column.Length)];
                }

                throw new DataException($"column '{column.Name}' holds numbers where dates are expected; write its dates as yyyy-MM-dd");
        }
    }

    /// <summary>A number or truth value as text; NaN when it is neither.</summary>
    public static double ParseNumber(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return double.IsFinite(number) ? number : double.NaN;
        }

        var trimmed = text.Trim();
        return TrueTexts.Contains(trimmed, StringComparer.OrdinalIgnoreCase) ? 1
            : FalseTexts.Contains(trimmed, StringComparer.OrdinalIgnoreCase) ? 0
            : double.NaN;
    }

    private static int Code<T>(Dictionary<T, int> known, T value, bool missing, Column column, int row, List<string> levels) where T : notnull
    {
        if (missing)
        {
            return -1;
        }

        if (!known.TryGetValue(value, out var code))
        {
            known.Add(value, code = levels.Count);
            levels.Add(column.Format(row)!);
        }

        return code;
    }
}
