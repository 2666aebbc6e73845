using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Reports.Sections;

/// <summary>A row of the table of columns, made from a column's profile.</summary>
internal static class ColumnFacts
{
    /// <summary>A value that fewer rows than this share have is not worth showing.</summary>
    private const double RareShare = 0.005;

    /// <summary>The cells: missing, distinct, values, least, median, most, and what the column tells of the target alone.</summary>
    /// <param name="column">The column.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="sampled">Rows that the most frequent values of numbers and dates were counted in.</param>
    public static IReadOnlyList<Cell> Cells(ColumnProfile column, int rows, int sampled)
    {
        var missing = rows == 0 ? 0 : (double)column.Missing / rows;
        var (least, median, most) = Range(column);
        return
        [
            new Cell(Markup.Text(Figures.Percent(missing)), missing),
            new Cell(Markup.Text((column.DistinctIsLowerBound ? "≥ " : "") + Figures.Count(column.Distinct)), column.Distinct),
            new Cell(Values(column, rows, sampled, $"histogram from {least} to {most}"), Style: "mid"),
            Quantile(least), Quantile(median), Quantile(most),
            column.Target is { } target ? new Cell(Markup.Text(Figures.Percent(target.Skill)), target.Skill) : new Cell(Markup.Empty, Style: "none"),
        ];
    }

    private static (string Least, string Median, string Most) Range(ColumnProfile column) =>
        column.Role is ColumnRole.Boolean || column.Type == ColumnType.Boolean ? ("", "", "")
        : column.Numbers is { } numbers ? (Figures.Value(numbers.Min), Figures.Value(numbers.Median), Figures.Value(numbers.Max))
        : column.Dates is { } dates ? (Day(dates.First), Middle(column.Histogram), Day(dates.Last))
        : ("", "", "");

    private static Cell Quantile(string text) => new(Markup.Text(text), Style: text.Length == 0 ? "none" : "");

    private static Markup Values(ColumnProfile column, int rows, int sampled, string words)
    {
        if (column.Histogram is { Counts.Length: > 1 } histogram && column.Distinct > 2)
        {
            return MiniChart(histogram, words);
        }

        var counted = column.Type == ColumnType.Text ? rows : sampled;
        var top = column.Top.Take(column.Role == ColumnRole.Target ? 6 : 3).Where(level => level.Count >= RareShare * counted && level.Count > 1).ToArray();
        if (top.Length > 0)
        {
            return Markup.Of($"<ul class=\"levels\">{top.Select(level => Markup.Of($"<li>{Words.Name(Figures.Cut(level.Value, 32))} <span>{Figures.Percent((double)level.Count / Math.Max(1, counted))}</span></li>"))}</ul>");
        }

        return column.Top.Count == 0 ? Markup.Empty
            : Markup.Of($"<span class=\"lead\">{(column.Text is { MeanWords: > 1.5 } text ? $"texts of {Figures.Value(Math.Round(text.MeanWords, 1))} words on average" : "nearly all different")}, such as</span> {Words.Name(Figures.Cut(column.Top[0].Value, 32))}");
    }

    private static Markup MiniChart(Histogram histogram, string words) =>
        Charts.MiniHistogram.Draw([.. histogram.Counts.Select(count => (double)count)], words);

    private static string Day(string moment) => moment.Length > 10 && moment[10] == 'T' ? moment[..10] : moment;

    /// <summary>The day by which half of the values lie, read off the histogram.</summary>
    private static string Middle(Histogram? histogram)
    {
        if (histogram is null || histogram.Counts.Length == 0)
        {
            return "";
        }

        var (half, sum) = (histogram.Counts.Sum(count => (long)count) / 2.0, 0L);
        for (var bin = 0; bin < histogram.Counts.Length; bin++)
        {
            if (sum + histogram.Counts[bin] >= half && histogram.Counts[bin] > 0)
            {
                var ticks = histogram.Edges[bin] + (half - sum) / histogram.Counts[bin] * (histogram.Edges[bin + 1] - histogram.Edges[bin]);
                return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks
                    ? "about " + new DateTime((long)ticks).ToString("yyyy-MM", CultureInfo.InvariantCulture) : "";
            }

            sum += histogram.Counts[bin];
        }

        return "";
    }
}
