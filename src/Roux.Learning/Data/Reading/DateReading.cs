namespace Roux.Learning.Data.Reading;

/// <summary>The levels of a text column read as dates, under the order of day and month that suits most of them.</summary>
internal sealed class DateReading
{
    private DateReading(long[] ticks) => Ticks = ticks;

    /// <summary>Per level the UTC ticks, or <see cref="DateColumn.Missing"/> where it is no date.</summary>
    public long[] Ticks { get; }

    /// <summary>Rows whose level is a date.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows that are not missing.</summary>
    public int Total { get; private set; }

    /// <summary>Whether day and month could be told apart in no level, though some have the form 1/2/2003.</summary>
    public bool Ambiguous => AmbiguousExample is not null;

    /// <summary>A level of that form.</summary>
    public string? AmbiguousExample { get; private set; }

    /// <summary>Reads levels; <c>null</c> when hardly any is a full date (bare years alone are numbers, not dates).</summary>
    public static DateReading? Of(string[] levels, int[] rows)
    {
        if (levels.Length == 0 || !Promising(levels))
        {
            return null;
        }

        var monthFirst = Read(levels, rows, dayFirst: false, out var full, out var swappable);
        if (swappable is not null)
        {
            var dayFirst = Read(levels, rows, dayFirst: true, out var fullDayFirst, out _);
            if (dayFirst.Rows > monthFirst.Rows)
            {
                (monthFirst, full) = (dayFirst, fullDayFirst);
            }
            else if (dayFirst.Rows == monthFirst.Rows)
            {
                monthFirst.AmbiguousExample = swappable;
            }
        }

        return full * 2 >= monthFirst.Rows && monthFirst.Rows > 0 ? monthFirst : null;
    }

    /// <summary>A quick look, so that a column of long texts is not taken apart letter by letter.</summary>
    private static bool Promising(string[] levels)
    {
        int looked = 0, dates = 0;
        var step = Math.Max(1, levels.Length / 64);
        for (var i = 0; i < levels.Length; i += step)
        {
            looked++;
            if (DateParser.TryParse(levels[i], dayFirst: false, out _, out _) || DateParser.TryParse(levels[i], dayFirst: true, out _, out _))
            {
                dates++;
            }
        }

        return dates * 2 >= looked;
    }

    private static DateReading Read(string[] levels, int[] rows, bool dayFirst, out int full, out string? swappable)
    {
        var reading = new DateReading(new long[levels.Length]);
        full = 0;
        swappable = null;
        for (var i = 0; i < levels.Length; i++)
        {
            reading.Total += rows[i];
            if (!DateParser.TryParse(levels[i], dayFirst, out reading.Ticks[i], out var form))
            {
                reading.Ticks[i] = DateColumn.Missing;
            }
            else
            {
                reading.Rows += rows[i];
                full += form == DateForm.Year ? 0 : rows[i];
            }

            if (form == DateForm.Swappable)
            {
                swappable ??= levels[i];
            }
        }

        return reading;
    }
}
