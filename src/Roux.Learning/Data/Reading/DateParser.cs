namespace Roux.Learning.Data.Reading;

/// <summary>Which form a date has.</summary>
internal enum DateForm
{
    /// <summary>Year, month and day (or year and month) are told apart by their form.</summary>
    Plain,

    /// <summary>Numbers such as 1/2/2003, where day and month might be swapped.</summary>
    Swappable,

    /// <summary>A bare year.</summary>
    Year,
}

/// <summary>
/// Parses dates as they stand in data files: ISO 8601 with or without time and offset, <c>2003/1/2</c>, <c>1/2/2003</c>, <c>31.12.99</c>,
/// <c>Jun 12 1998</c>, <c>June 12, 1998</c>, <c>12-Jun-98</c>, <c>Fri, 12 Jun 1998 10:00:00 GMT</c>, <c>Jun 1998</c>, <c>1998-06</c>, <c>1998</c>.
/// A year of two digits is 1969 to 2068 (as in POSIX). A time without offset is taken for UTC.
/// </summary>
internal ref struct DateParser
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    private static readonly string[] LongMonths =
        ["JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"];

    private static readonly string[] Weekdays =
        ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY", "TUES", "THUR", "THURS"];

    private ReadOnlySpan<char> rest;
    private int year, month, day;
    private DateForm form;

    /// <summary>Parses one date; blanks around it are passed over.</summary>
    /// <param name="text">The text.</param>
    /// <param name="dayFirst">How to read 1/2/2003: true is the first of February, false the second of January.</param>
    /// <param name="ticks">UTC ticks.</param>
    /// <param name="form">Its form; set for swappable numbers even when they are no date in the given order.</param>
    public static bool TryParse(ReadOnlySpan<char> text, bool dayFirst, out long ticks, out DateForm form)
    {
        ticks = DateColumn.Missing;
        form = DateForm.Plain;
        text = text.Trim();
        if (text.Length is < 4 or > 64)
        {
            return false;
        }

        var parser = new DateParser { rest = text, day = 1, month = 1 };
        var read = parser.Date(dayFirst);
        form = parser.form;
        if (!read || parser.year is < 1 or > 9999 || parser.month is < 1 or > 12
            || parser.day < 1 || parser.day > DateTime.DaysInMonth(parser.year, parser.month)
            || !parser.Time(out var time))
        {
            return false;
        }

        ticks = new DateTime(parser.year, parser.month, parser.day, 0, 0, 0, DateTimeKind.Utc).Ticks + time;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
    }

    private bool Date(bool dayFirst)
    {
        if (char.IsAsciiLetter(rest[0]))
        {
            var word = Word();
            if (Weekday(word))
            {
                SkipSeparators();
                return rest.Length > 0 && (char.IsAsciiDigit(rest[0]) ? NumbersFirst(dayFirst) : MonthFirst(Word()));
            }

            return MonthFirst(word);
        }

        return char.IsAsciiDigit(rest[0]) && NumbersFirst(dayFirst);
    }

    /// <summary>Jun 12 1998; June 12, 1998; Jun-12-1998; Jun 1998.</summary>
    private bool MonthFirst(ReadOnlySpan<char> word)
    {
        month = Month(word);
        SkipSeparators();
        if (month == 0 || !Number(out var first, out var digits))
        {
            return false;
        }

        if (digits == 4)
        {
            year = first;
            return true;
        }

        day = first;
        SkipOrdinal();
        SkipSeparators();
        return digits <= 2 && Number(out first, out digits) && Year(first, digits);
    }

    private bool NumbersFirst(bool dayFirst)
    {
        Number(out var first, out var digits);
        if (digits == 4)
        {
            return YearFirst(first);
        }

        if (digits > 2 || rest.Length == 0)
        {
            return false;
        }

        var separator = rest[0];
        SkipOrdinal();
        SkipSeparators();
        if (rest.Length > 0 && char.IsAsciiLetter(rest[0]))
        {
            day = first;
            month = Month(Word());
            SkipSeparators();
            return month > 0 && Number(out first, out digits) && Year(first, digits);
        }

        if (separator is not ('/' or '-' or '.') || !Number(out var second, out digits) || digits > 2
            || rest.Length == 0 || rest[0] != separator)
        {
            return false;
        }

        rest = rest[1..];
        // 31.12.1999 is always day first where dots are used.
        form = separator == '.' || first == second ? DateForm.Plain : DateForm.Swappable;
        (day, month) = dayFirst || separator == '.' ? (first, second) : (second, first);
        return Number(out first, out digits) && Year(first, digits);
    }

    /// <summary>1998-06-12; 1998/6/12; 1998-06; 1998.</summary>
    private bool YearFirst(int first)
    {
        year = first;
        if (rest.Length == 0)
        {
            form = DateForm.Year;
            return first is >= 1000 and < 3000;
        }

        var separator = rest[0];
        if (separator is not ('-' or '/' or '.'))
        {
            return false;
        }

        rest = rest[1..];
        if (!Number(out month, out var digits) || digits > 2)
        {
            return false;
        }

        if (rest.Length == 0)
        {
            return digits == 2 && separator != '.';
        }

        if (rest[0] != separator)
        {
            return false;
        }

        rest = rest[1..];
        return Number(out day, out digits) && digits <= 2;
    }

    /// <summary>T10:00; 10:00:00.123 PM; with Z, GMT, UTC or an offset such as +02:00; or nothing.</summary>
    private bool Time(out long ticks)
    {
        ticks = 0;
        if (rest.Length > 0 && rest[0] is 'T' or 't' && form != DateForm.Year)
        {
            rest = rest[1..];
        }
        else
        {
            rest = rest.TrimStart(", ");
        }

        if (rest.Length == 0)
        {
            return true;
        }

        var seconds = 0;
        if (!Number(out var hours, out var digits) || digits > 2 || !Colon() || !Number(out var minutes, out digits) || digits != 2)
        {
            return false;
        }

        long fraction = 0;
        if (Colon())
        {
            if (!Number(out seconds, out digits) || digits != 2 || !Fraction(out fraction))
            {
                return false;
            }
        }

        rest = rest.TrimStart();
        if (rest.Length >= 2 && rest[1] is 'M' or 'm' && rest[0] is 'A' or 'a' or 'P' or 'p')
        {
            if (hours is < 1 or > 12)
            {
                return false;
            }

            hours = hours % 12 + (rest[0] is 'P' or 'p' ? 12 : 0);
            rest = rest[2..].TrimStart();
        }

        if (hours > 24 || (hours == 24 && (minutes > 0 || seconds > 0)) || minutes > 59 || seconds > 60 || !Offset(out var offset))
        {
            return false;
        }

        ticks = ((hours * 60L + minutes - offset) * 60 + Math.Min(seconds, 59)) * TimeSpan.TicksPerSecond + fraction;
        return rest.Length == 0;
    }

    private bool Offset(out int minutes)
    {
        minutes = 0;
        if (rest.Length == 0)
        {
            return true;
        }

        if (rest is "Z" or "z" or "GMT" or "UTC")
        {
            rest = [];
            return true;
        }

        var sign = rest[0];
        if (sign is not ('+' or '-'))
        {
            return false;
        }

        rest = rest[1..];
        if (!Number(out var hours, out var digits))
        {
            return false;
        }

        if (digits == 4)
        {
            (hours, minutes) = (hours / 100, hours % 100);
        }
        else if (digits > 2 || (Colon() && !(Number(out minutes, out digits) && digits == 2)))
        {
            return false;
        }

        minutes = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
        return Math.Abs(minutes) <= 18 * 60;
    }

    private bool Fraction(out long ticks)
    {
        ticks = 0;
        if (rest.Length == 0 || rest[0] is not ('.' or ','))
        {
            return true;
        }

        rest = rest[1..];
        var unit = TimeSpan.TicksPerSecond;
        var any = false;
        while (rest.Length > 0 && char.IsAsciiDigit(rest[0]))
        {
            unit /= 10;
            ticks += (rest[0] - '0') * unit;
            rest = rest[1..];
            any = true;
        }

        return any;
    }

    private bool Year(int value, int digits)
    {
        year = digits == 2 ? value + (value < 69 ? 2000 : 1900) : value;
        return digits is 2 or 4;
    }

    private bool Number(out int value, out int digits)
    {
        value = 0;
        digits = 0;
        while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
        {
            if (digits == 8)
            {
                return false;
            }

            value = value * 10 + (rest[digits++] - '0');
        }

        rest = rest[digits..];
        return digits > 0;
    }

    private bool Colon()
    {
        if (rest.Length == 0 || rest[0] != ':')
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    private ReadOnlySpan<char> Word()
    {
        var length = 0;
        while (length < rest.Length && char.IsAsciiLetter(rest[length]))
        {
            length++;
        }

        var word = rest[..length];
        rest = rest[length..];
        return word;
    }

    private void SkipSeparators() => rest = rest.TrimStart(" ,-./");

    private void SkipOrdinal()
    {
        if (rest.Length >= 2 && (rest.StartsWith("st") || rest.StartsWith("nd") || rest.StartsWith("rd") || rest.StartsWith("th")))
        {
            rest = rest[2..];
        }
    }

    private static int Month(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < Months.Length; i++)
        {
            if (word.Equals(Months[i], StringComparison.OrdinalIgnoreCase) || word.Equals(LongMonths[i], StringComparison.OrdinalIgnoreCase))
            {
                return i + 1;
            }
        }

        return word.Equals("SEPT", StringComparison.OrdinalIgnoreCase) ? 9 : 0;
    }

    private static bool Weekday(ReadOnlySpan<char> word)
    {
        foreach (var weekday in Weekdays)
        {
            if (word.Equals(weekday, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
