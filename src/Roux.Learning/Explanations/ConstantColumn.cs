using Roux.Learning.Data;

namespace Roux.Learning.Explanations;

/// <summary>Makes columns whose rows have chosen values.</summary>
internal static class ConstantColumn
{
    /// <summary>A column like <paramref name="column"/> in which each of <paramref name="rows"/> rows is repeated for every one of the given source rows.</summary>
    /// <param name="column">Where values are taken from.</param>
    /// <param name="source">Row of the column that holds each wanted value.</param>
    /// <param name="rows">Rows per value: the result has all rows with the first value, then all with the second.</param>
    public static Column Of(Column column, IReadOnlyList<int> source, int rows)
    {
        var take = new int[source.Count * rows];
        for (var i = 0; i < take.Length; i++)
        {
            take[i] = source[i / rows];
        }

        return column.Take(take);
    }
}
