using System.Globalization;

namespace Roux.Debugging.Slices;

/// <summary>What a row must have in one column to belong to a slice.</summary>
/// <param name="Column">The column, or what was made of it, such as <c>plot (words)</c>.</param>
public abstract record SliceCondition(string Column)
{
    /// <summary>The condition in words, such as <c>age > 45</c>.</summary>
    public abstract string Text { get; }
}

/// <summary>A number, or a point in time, lies in a range.</summary>
/// <param name="Column">The column.</param>
/// <param name="Above">Lower end, exclusive; minus infinity for none.</param>
/// <param name="Most">Upper end, inclusive; infinity for none.</param>
/// <param name="Format">Writes an end.</param>
public sealed record RangeCondition(string Column, double Above, double Most, Func<double, string> Format) : SliceCondition(Column)
{
    /// <inheritdoc/>
    public override string Text => double.IsInfinity(Above) ? $"{Column} <= {Format(Most)}"
        : double.IsInfinity(Most) ? $"{Column} > {Format(Above)}"
        : $"{Format(Above)} < {Column} <= {Format(Most)}";
}

/// <summary>A column has one value; <c>null</c> for missing.</summary>
/// <param name="Column">The column.</param>
/// <param name="Value">The value, or <c>null</c> where it is missing.</param>
public sealed record ValueCondition(string Column, string? Value) : SliceCondition(Column)
{
    private const int Longest = 40;

    /// <inheritdoc/>
    public override string Text => Value is null ? $"{Column} is missing" : $"{Column} = {(Value.Length > Longest ? string.Concat(Value.AsSpan(0, Longest), "…") : Value)}";
}

/// <summary>A text or list holds a word, or does not.</summary>
/// <param name="Column">The column.</param>
/// <param name="Word">The word, in lower case.</param>
/// <param name="Holds">Whether it must be there.</param>
public sealed record WordCondition(string Column, string Word, bool Holds) : SliceCondition(Column)
{
    /// <inheritdoc/>
    public override string Text => string.Create(CultureInfo.InvariantCulture, $"{Column} {(Holds ? "has" : "lacks")} '{Word}'");
}
