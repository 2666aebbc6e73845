using System.Numerics;

namespace Roux.Learning.AutoML;

/// <summary>Sets of rows as bits, 64 a word.</summary>
internal static class Cover
{
    public static ulong[] Of(int rows, Func<int, bool> holds)
    {
        var bits = new ulong[(rows + 63) / 64];
        for (var row = 0; row < rows; row++)
        {
            if (holds(row))
            {
                bits[row >> 6] |= 1UL << row;
            }
        }

        return bits;
    }

    public static int Count(ReadOnlySpan<ulong> bits)
    {
        var count = 0;
        foreach (var word in bits)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    public static int CountBoth(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        var count = 0;
        for (var i = 0; i < a.Length; i++)
        {
            count += BitOperations.PopCount(a[i] & b[i]);
        }

        return count;
    }

    public static void And(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> both)
    {
        for (var i = 0; i < a.Length; i++)
        {
            both[i] = a[i] & b[i];
        }
    }

    /// <summary>Takes rows out of a set.</summary>
    public static void Remove(Span<ulong> from, ReadOnlySpan<ulong> rows)
    {
        for (var i = 0; i < from.Length; i++)
        {
            from[i] &= ~rows[i];
        }
    }
}
