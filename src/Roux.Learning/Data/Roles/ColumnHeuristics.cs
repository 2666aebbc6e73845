using System.Text.RegularExpressions;

namespace Roux.Learning.Data.Roles;

/// <summary>
/// The rules that tell a column's role from its name and values.
/// <list type="bullet">
/// <item>One value or none throughout: constant. (One value beside missing ones is no constant: being there may tell something.)</item>
/// <item>Booleans and dates have their role by type; whole numbers that are all 0 or 1 are boolean.</item>
/// <item>Whole numbers are an id when none is missing, none repeats, and so many draws from their range would have repeated
/// (the birthday problem: n²/2 over the range is at least 6), as row numbers and serial numbers do; years are not. Named like an id,
/// they are an id when hardly any repeats, and categorical when they repeat (the customer of an order).
/// Named like a code (zip, postcode), they are categorical. Else they are numeric, be there ever so few of them: a rating of
/// 1 to 5 and a class of passengers are ordered.</item>
/// <item>Text is a list when a separator turns it into items that come back (<see cref="ListFinder"/>).</item>
/// <item>Text is an id when nearly no value repeats and nearly all look like codes (a digit within one word, or a hash).</item>
/// <item>Text of several words of which most do not repeat is text: plots, reviews, but also titles and names.
/// Long passages are text even where they repeat, unless there are at most 50.</item>
/// <item>Other text is categorical.</item>
/// </list>
/// </summary>
internal static partial class ColumnHeuristics
{
    /// <summary>Share of distinct values from which on values count as hardly repeating.</summary>
    private const double HardlyRepeats = 0.95;

    /// <summary>Fewest rows at which the absence of repeats says anything.</summary>
    private const int FewestRows = 20;

    public static ColumnSpec Infer(Column column) => column switch
    {
        NumberColumn numbers => new ColumnSpec(column.Name, column.Type, OfNumbers(numbers)) is var spec && spec.Role == ColumnRole.Categorical
            ? spec with { Type = ColumnType.Text } : spec,
        DateColumn dates => new ColumnSpec(column.Name, column.Type, OfDates(dates)),
        TextColumn texts => OfText(texts),
        _ => throw new ArgumentException($"column '{column.Name}' is of an unknown kind", nameof(column)),
    };

    /// <summary>Whether a name says that the column names rows or things: <c>id</c>, <c>user_id</c>, <c>PassengerId</c>, <c>uuid</c>, <c>index</c>, <c>Unnamed: 0</c>.</summary>
    public static bool IsNamedId(string name) => IdName().IsMatch(name);

    /// <summary>Whether a name says that numbers are codes: <c>zip</c>, <c>postal_code</c>, <c>area code</c>, <c>fips</c>, <c>phone</c>.</summary>
    public static bool IsNamedCode(string name) => CodeName().IsMatch(name);

    private static ColumnRole OfDates(DateColumn column)
    {
        var first = DateColumn.Missing;
        var missing = false;
        foreach (var ticks in column.Ticks)
        {
            if (ticks == DateColumn.Missing)
            {
                missing = true;
            }
            else if (first == DateColumn.Missing)
            {
                first = ticks;
            }
            else if (first != ticks)
            {
                return ColumnRole.Date;
            }
        }

        return first == DateColumn.Missing || !missing ? ColumnRole.Constant : ColumnRole.Date;
    }

    private static ColumnRole OfNumbers(NumberColumn column)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        var present = 0;
        var binary = true;
        foreach (var value in column.Values)
        {
            if (double.IsNaN(value))
            {
                continue;
            }

            present++;
            least = Math.Min(least, value);
            most = Math.Max(most, value);
            binary &= value is 0 or 1;
        }

        if (present == 0 || (least == most && present == column.Length))
        {
            return ColumnRole.Constant;
        }

        if (binary || column.Type == ColumnType.Boolean)
        {
            return ColumnRole.Boolean;
        }

        if (column.Type != ColumnType.Integer)
        {
            return ColumnRole.Numeric;
        }

        if (IsNamedCode(column.Name))
        {
            return ColumnRole.Categorical;
        }

        return OfWhole(column, present, least, most);
    }

    private static ColumnRole OfWhole(NumberColumn column, int present, double least, double most)
    {
        var named = IsNamedId(column.Name);
        if (present < FewestRows && !named)
        {
            return ColumnRole.Numeric;
        }

        var years = least >= 1000 && most < 2200;
        if (!named)
        {
            var expectedRepeats = (double)present * present / 2 / (most - least + 1);
            return present == column.Length && !years && expectedRepeats >= 6 && Distinct(column, stopAtRepeat: true) == present
                ? ColumnRole.Id : ColumnRole.Numeric;
        }

        var distinct = Distinct(column, stopAtRepeat: false);
        return distinct >= HardlyRepeats * present ? ColumnRole.Id : ColumnRole.Categorical;
    }

    private static int Distinct(NumberColumn column, bool stopAtRepeat)
    {
        var seen = new HashSet<double>();
        foreach (var value in column.Values)
        {
            if (!double.IsNaN(value) && !seen.Add(value) && stopAtRepeat)
            {
                return -1;
            }
        }

        return seen.Count;
    }

    private static ColumnSpec OfText(TextColumn column)
    {
        var statistics = LevelStatistics.Of(column);
        ColumnSpec Spec(ColumnRole role, string? separator = null) => new(column.Name, ColumnType.Text, role, separator);
        if (statistics.Distinct == 0 || (statistics.Distinct == 1 && statistics.Rows == column.Length))
        {
            return Spec(ColumnRole.Constant);
        }

        var enough = statistics.Rows >= FewestRows;
        if (enough && statistics.Distinctness >= HardlyRepeats && (statistics.Codes >= 0.8 || (IsNamedId(column.Name) && statistics.Words < 1.2)))
        {
            return Spec(ColumnRole.Id);
        }

        if (statistics.Length <= 400 && ListFinder.Find(column, statistics) is { } separator)
        {
            return Spec(ColumnRole.List, separator);
        }

        var passages = statistics.Words >= 8 || statistics.Length >= 60;
        if (passages && statistics.Distinct > 50 && statistics.Distinctness > 0.1)
        {
            return Spec(ColumnRole.Text);
        }

        var sayings = statistics.Words >= 1.5 || (statistics.Codes < 0.5 && statistics.Distinctness >= HardlyRepeats);
        return Spec(enough && sayings && statistics.Distinctness > 0.7 ? ColumnRole.Text : ColumnRole.Categorical);
    }

    [GeneratedRegex(@"(^|[_\-\s.])(id|ids|uid|uuid|guid|rowid|row_?id|idx)$|^(index|row|rownum|row_?number|row_?names?|unnamed: ?\d+|serial|serial_?(no|number))$|(?-i:[a-z]I[dD]$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex IdName();

    [GeneratedRegex(@"(^|[_\-\s.])(zip|zip_?code|zipcodes?|postal|post_?code|postal_?code|area_?code|fips|phone|telephone|ssn|isbn|ean|upc|sku|naics|sic)($|[_\-\s.]?(code|no|nr|number)?$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex CodeName();
}
