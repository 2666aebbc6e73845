namespace Roux.Learning.Data;

/// <summary>A named column of values, each of which may be missing. Immutable once built.</summary>
public abstract class Column(string name)
{
    /// <summary>The column's name, unique within a table.</summary>
    public string Name { get; } = name;

    /// <summary>How the values are stored.</summary>
    public abstract ColumnType Type { get; }

    /// <summary>Number of rows.</summary>
    public abstract int Length { get; }

    /// <summary>Whether the value of <paramref name="row"/> (0-based) is missing.</summary>
    public abstract bool IsMissing(int row);

    /// <summary>The value of a row as invariant text; <c>null</c> when missing.</summary>
    public abstract string? Format(int row);

    /// <summary>A new column of the given rows, in the given order.</summary>
    public abstract Column Take(ReadOnlySpan<int> rows);

    /// <summary>The same values under another name (shared, not copied).</summary>
    public abstract Column Rename(string name);

    /// <summary>Number of missing values.</summary>
    public int CountMissing()
    {
        var missing = 0;
        for (var row = 0; row < Length; row++)
        {
            if (IsMissing(row))
            {
                missing++;
            }
        }

        return missing;
    }
}
