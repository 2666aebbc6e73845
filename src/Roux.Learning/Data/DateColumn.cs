using System.Globalization;

namespace Roux.Learning.Data;

/// <summary>A column of points in time.</summary>
public sealed class DateColumn : Column
{
    /// <summary>Stands for a missing value in <see cref="Ticks"/>.</summary>
    public const long Missing = long.MinValue;

    /// <param name="name">The column's name.</param>
    /// <param name="ticks">One value a row in UTC ticks (100 ns since 0001-01-01); <see cref="Missing"/> is missing. Held, not copied.</param>
    public DateColumn(string name, long[] ticks) : base(name) => Ticks = ticks;

    /// <summary>One value a row in UTC ticks; <see cref="Missing"/> is missing.</summary>
    public long[] Ticks { get; }

    /// <inheritdoc/>
    public override ColumnType Type => ColumnType.Date;

    /// <inheritdoc/>
    public override int Length => Ticks.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => Ticks[row] == Missing;

    /// <inheritdoc/>
    public override string? Format(int row)
    {
        if (IsMissing(row))
        {
            return null;
        }

        var time = new DateTime(Ticks[row], DateTimeKind.Utc);
        return time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows)
    {
        var ticks = new long[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            ticks[i] = Ticks[rows[i]];
        }

        return new DateColumn(Name, ticks);
    }

    /// <inheritdoc/>
    public override Column Rename(string name) => new DateColumn(name, Ticks);
}
