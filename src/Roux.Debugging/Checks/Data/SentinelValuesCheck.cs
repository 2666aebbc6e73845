using System.Globalization;
using System.Text.RegularExpressions;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Data;

/// <summary>Codes such as -999 or "unknown" that stand for a missing value.</summary>
public sealed partial class SentinelValuesCheck : Check<TableSubject>
{
    private static readonly Threshold Gap = new("gap", 1, "distance of the code from all other values, in ranges between their 5th and 95th percentile", "A code is chosen so that it lies outside of what can be measured");

    private static readonly Threshold Rows = new("rows", 3, "least number of rows with the code", "A single far value is an outlier; a code comes back");

    private static readonly Threshold Share = new("share", 0.01, "share of the rows from which on a large positive code is of medium severity", "Rare all-nines values are often true caps");

    /// <inheritdoc/>
    public override string Name => "sentinel-values";

    /// <inheritdoc/>
    public override string Definition => "The least or greatest value of a column is a usual code for 'missing' (-1, -9, -99, -999, 999, 9999, …), comes back, and lies apart from all other values; so does a zero among positive measurements, a usual date for 'no date' (1900-01-01, 1970-01-01, 9999-12-31, …); or a level says in words that nothing is known.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Gap, Rows, Share];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["extreme-values", "outliers"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        var codes = new List<(string Column, double Code, int Rows, bool Sure)>();
        foreach (var spec in subject.Columns.Where(spec => spec.Role is ColumnRole.Numeric or ColumnRole.Target or ColumnRole.Categorical))
        {
            if (subject.Train[spec.Name] is NumberColumn { Type: not ColumnType.Boolean } column)
            {
                codes.AddRange(Codes(column, context).Select(code => (spec.Name, code.Code, code.Rows, code.Sure)));
            }
        }

        foreach (var severity in codes.GroupBy(code => code.Sure ? Severity.Medium : Severity.Low).OrderByDescending(group => group.Key))
        {
            var shown = severity.Select(code => $"'{code.Column}' = {code.Code.ToString("R", CultureInfo.InvariantCulture)} in {Wording.Count(code.Rows, "row")}").ToArray();
            yield return new Finding(Name, severity.Key, $"A code seems to stand for missing values: {Wording.List(shown)}")
            {
                Columns = [.. severity.Select(code => code.Column).Distinct()],
                Evidence = Figures.Of([.. severity.DistinctBy(code => code.Column).Select(code => (code.Column, (double)code.Rows))]).WithBars("Rows with the code", "rows", severity.Select(code => (code.Column, (double)code.Rows))),
                Cause = "Whoever exported the data wrote a number where nothing was known; the number is then averaged and scaled like a measurement.",
                Fix = "Make these values missing when reading (the reader's list of missing words), so that they are imputed and marked.",
                Verify = "Look at the least and greatest values again, and score again.",
            };
        }

        foreach (var date in subject.Columns.Where(spec => spec.Role is not ColumnRole.Ignore).Select(spec => subject.Train[spec.Name]).OfType<DateColumn>().SelectMany(column => DateCodes(column, context)))
        {
            yield return date;
        }

        if (Words(subject) is { Length: > 0 } words)
        {
            yield return new Finding(Name, Severity.Low, $"A level says that nothing is known: {Wording.List([.. words.Select(word => $"'{word.Column}' = '{word.Level}' in {Wording.Count(word.Rows, "row")}")])}")
            {
                Columns = [.. words.Select(word => word.Column).Distinct()],
                Evidence = new System.Text.Json.Nodes.JsonObject().WithBars("Rows with the level", "rows", words.Select(word => ($"{word.Column}: {word.Level}", (double)word.Rows))),
                Cause = "Missing values were written as a word that the reader does not take for missing.",
                Fix = "Make the word missing when reading, or keep it where 'unknown' is an answer of its own.",
                Verify = "Count the levels again.",
            };
        }
    }

    private static bool IsCode(double value)
    {
        var size = Math.Abs(value);
        return value is -1 or -9 or -99 or -999 or -9999 or -99999 or -999999 or -9999999 or -88 or -888 or -777
            || size is 999 or 9999 or 99999 or 999999 or 9999999 or 99999999 or 888 or 8888 or 99
            || size is 2147483647 or 2147483648 or 32767 or 32768 || size >= 1e30;
    }

    private IEnumerable<(double Code, int Rows, bool Sure)> Codes(NumberColumn column, CheckContext context)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (var value in column.Values)
        {
            least = Math.Min(least, double.IsNaN(value) ? least : value);
            most = Math.Max(most, double.IsNaN(value) ? most : value);
        }

        foreach (var code in new[] { least, most }.Where(value => IsCode(value) || (value == 0 && least == 0)))
        {
            var others = column.Values.Where(value => !double.IsNaN(value) && value != code).ToArray();
            var rows = column.Values.Count(value => value == code);
            if (others.Length < 20 || rows < context.Value(Name, Rows))
            {
                continue;
            }

            Array.Sort(others);
            var spread = others[(int)(0.95 * (others.Length - 1))] - others[(int)(0.05 * (others.Length - 1))];
            var gap = code < others[0] ? others[0] - code : code - others[^1];

            // -1 lies close to what it stands beside, but a column of which nothing else is negative, and zero is rarer, does not count down to it.
            var small = code == -1 && others[0] >= 0 && others.Distinct().Take(21).Count() > 20 && rows > 2 * others.Count(value => value < spread / 20);
            var negative = code < 0 && others[0] >= 0;
            if (code == 0)
            {
                // Many amounts are honestly zero or large; a zero that few rows have, far below all that was ever measured, is worth a look.
                if (rows < 0.5 * column.Length && others.Distinct().Take(21).Count() > 20 && spread > 0 && gap > context.Value(Name, Gap) * spread)
                {
                    yield return (code, rows, false);
                }
            }
            else if (small || (negative && code <= -9) || (spread > 0 && gap > context.Value(Name, Gap) * spread))
            {
                yield return (code, rows, !small && (negative || rows >= context.Value(Name, Share) * column.Length));
            }
        }
    }

    /// <summary>First and last day of a column where it is what programs write for no date, comes back, and lies apart from all other days.</summary>
    private IEnumerable<Finding> DateCodes(DateColumn column, CheckContext context)
    {
        var known = column.Ticks.Where(ticks => ticks != DateColumn.Missing).Order().ToArray();
        foreach (var end in known.Length < 20 ? [] : new[] { known[0], known[^1] }.Distinct())
        {
            var others = Array.FindAll(known, ticks => ticks != end);
            var rows = known.Length - others.Length;
            if (!IsNoDate(new DateTime(end, DateTimeKind.Utc)) || others.Length < 20 || rows < context.Value(Name, Rows))
            {
                continue;
            }

            var spread = (double)others[(int)(0.95 * (others.Length - 1))] - others[(int)(0.05 * (others.Length - 1))];
            var gap = end < others[0] ? (double)others[0] - end : (double)end - others[^1];
            if (gap > context.Value(Name, Gap) * spread)
            {
                var day = new DateTime(end, DateTimeKind.Utc).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                yield return new Finding(Name, rows >= context.Value(Name, Share) * column.Length ? Severity.Medium : Severity.Low, $"A date seems to stand for no date: '{column.Name}' = {day} in {Wording.Count(rows, "row")}")
                {
                    Columns = [column.Name],
                    Evidence = Figures.Of((column.Name, rows)).WithBars("Rows with the date", "rows", [(day, rows), ("other dates", others.Length)]),
                    Cause = "Whoever exported the data wrote a first or last possible day where no date was known; spans reckoned from it are off by decades.",
                    Fix = "Make these dates missing when reading, so that they are imputed and marked.",
                    Verify = "Look at the first and the last date again.",
                };
            }
        }
    }

    /// <summary>The days from which programs count (Unix, Excel, SQL Server, .NET), and those that people write for "never".</summary>
    private static bool IsNoDate(DateTime day) => (day.Year, day.Month, day.Day) is (1, 1, 1) or (1753, 1, 1) or (1899, 12, 30) or (1899, 12, 31) or (1900, 1, 1) or (1901, 1, 1) or (1970, 1, 1) or (1980, 1, 1)
        or (2049, 12, 31) or (2099, 12, 31) or (2999, 12, 31) or (9999, 1, 1) or (9999, 12, 31);

    private static (string Column, string Level, int Rows)[] Words(TableSubject subject)
    {
        var found = new List<(string, string, int)>();
        foreach (var spec in subject.Columns.Where(spec => spec.Role is ColumnRole.Categorical or ColumnRole.Target))
        {
            if (subject.Train[spec.Name] is not TextColumn column)
            {
                continue;
            }

            var rows = new int[column.Levels.Length];
            foreach (var code in column.Codes)
            {
                rows[Math.Max(0, code)] += code < 0 ? 0 : 1;
            }

            found.AddRange(Enumerable.Range(0, rows.Length).Where(level => rows[level] > 0 && Nothing().IsMatch(column.Levels[level])).Select(level => (spec.Name, column.Levels[level], rows[level])));
        }

        return [.. found];
    }

    [GeneratedRegex(@"^\W*$|^\s*(unknown|unk|missing|not (available|known|given|specified)|unspecified|undefined|n\.? ?/?a\.?|no ?data|tbd|xxx+|-?9{3,})\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Nothing();
}
