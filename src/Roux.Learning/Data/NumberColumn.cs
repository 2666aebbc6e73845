using System.Globalization;

namespace Roux.Learning.Data;

/// <summary>A column of numbers or booleans.</summary>
public sealed class NumberColumn : Column
{
    /// <param name="name">The column's name.</param>
    /// <param name="values">One value a row; NaN is missing. Held, not copied.</param>
    /// <param name="type"><see cref="ColumnType.Real"/>, <see cref="ColumnType.Integer"/> or <see cref="ColumnType.Boolean"/>.</param>
    /// <param name="words">For booleans: what false and true were called where they came from, such as <c>no</c> and <c>yes</c>; <c>null</c>: <c>false</c> and <c>true</c>.</param>
    public NumberColumn(string name, double[] values, ColumnType type = ColumnType.Real, (string False, string True)? words = null) : base(name)
    {
        if (type is ColumnType.Text or ColumnType.Date)
        {
            throw new ArgumentException($"a column of numbers cannot be of type {type}", nameof(type));
        }

        Values = values;
        Type = type;
        Words = words ?? ("false", "true");
    }

    /// <summary>One value a row; NaN is missing.</summary>
    public double[] Values { get; }

    /// <inheritdoc/>
    public override ColumnType Type { get; }

    /// <summary>For booleans: what false and true are called in text.</summary>
    public (string False, string True) Words { get; }

    /// <inheritdoc/>
    public override int Length => Values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(Values[row]);

    /// <inheritdoc/>
    public override string? Format(int row)
    {
        var value = Values[row];
        return double.IsNaN(value) ? null
            : Type == ColumnType.Boolean ? (value != 0 ? Words.True : Words.False)
            : value.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows)
    {
        var values = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            values[i] = Values[rows[i]];
        }

        return new NumberColumn(Name, values, Type, Words);
    }

    /// <inheritdoc/>
    public override Column Rename(string name) => new NumberColumn(name, Values, Type, Words);
}
