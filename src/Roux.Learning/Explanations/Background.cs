using Roux.Learning.Data;
using Roux.Learning.Learners;

namespace Roux.Learning.Explanations;

/// <summary>Draws the rows that stand for the data.</summary>
internal static class Background
{
    /// <summary>At most so many rows of a table, drawn without replacement, in their order.</summary>
    public static Table Of(Table table, int most, int seed) => table.RowCount <= most ? table : table.Take(Rows(table.RowCount, most, seed));

    /// <summary>So many of the numbers below <paramref name="count"/>, ascending.</summary>
    public static int[] Rows(int count, int most, int seed) => [.. Draw(count, most, seed).Order()];

    /// <summary>So many of the numbers below <paramref name="count"/> in random order, so that the first ones are a sample too.</summary>
    public static int[] Draw(int count, int most, int seed)
    {
        var order = Enumerable.Range(0, count).ToArray();
        SplitMix64.For(seed, 17).Shuffle(order.AsSpan());
        return [.. order.Take(most)];
    }
}
