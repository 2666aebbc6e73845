namespace Roux.Learning.Learners.Trees;

/// <summary>
/// The rows of a node in the order of one feature's ranks. A key holds the rank above and the row's place in the node below, so sorting keys sorts both.
/// Of a feature whose lowest value is the common one, rows that have it are counted and not listed: everything after costs only the others.
/// </summary>
internal sealed class RankOrder(RankedColumns columns)
{
    private uint[] spare = new uint[columns.Rows];

    public uint[] Keys { get; private set; } = new uint[columns.Rows];

    public int[] MissingPlaces { get; } = new int[columns.Rows];

    /// <summary>Rows with a key.</summary>
    public int Count { get; private set; }

    /// <summary>Rows of the lowest rank that were left out of the keys.</summary>
    public int Skipped { get; private set; }

    /// <summary>Rows without one.</summary>
    public int Missing { get; private set; }

    public int Lowest { get; private set; }

    public int Highest { get; private set; }

    public int Shift { get; } = columns.RankShift;

    public uint Mask { get; } = (1u << columns.RankShift) - 1;

    /// <summary>Takes the ranks of some rows, unsorted.</summary>
    public void Gather(int feature, ReadOnlySpan<int> rows)
    {
        var codes = columns.Codes[feature];
        var keys = Keys;
        var (lowest, highest) = (int.MaxValue, -1);
        (Missing, Skipped) = (0, 0);
        if (columns.MostlyLowest[feature])
        {
            GatherOthers(codes, columns.Lows[feature].Length, rows);
            return;
        }

        if (!columns.HasMissing[feature])
        {
            for (var i = 0; i < rows.Length; i++)
            {
                int code = codes[rows[i]];
                lowest = Math.Min(lowest, code);
                highest = Math.Max(highest, code);
                keys[i] = ((uint)code << Shift) | (uint)i;
            }

            (Count, Lowest, Highest) = (rows.Length, lowest, highest);
            return;
        }

        var none = columns.Lows[feature].Length;
        var count = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            int code = codes[rows[i]];
            if (code == none)
            {
                MissingPlaces[Missing++] = i;
                continue;
            }

            lowest = Math.Min(lowest, code);
            highest = Math.Max(highest, code);
            keys[count++] = ((uint)code << Shift) | (uint)i;
        }

        (Count, Lowest, Highest) = (count, lowest, highest);
    }

    private void GatherOthers(ushort[] codes, int none, ReadOnlySpan<int> rows)
    {
        var keys = Keys;
        var (lowest, highest, count, missing) = (int.MaxValue, 0, 0, 0);
        for (var i = 0; i < rows.Length; i++)
        {
            int code = codes[rows[i]];
            if (code == 0)
            {
                continue;
            }

            if (code == none)
            {
                MissingPlaces[missing++] = i;
                continue;
            }

            lowest = Math.Min(lowest, code);
            highest = Math.Max(highest, code);
            keys[count++] = ((uint)code << Shift) | (uint)i;
        }

        (Count, Missing, Skipped) = (count, missing, rows.Length - count - missing);
        (Lowest, Highest) = (Skipped > 0 ? 0 : lowest, highest);
    }

    /// <summary>Sorts the keys: by insertion, comparison or digits, whichever suits their number.</summary>
    public void Sort()
    {
        var keys = Keys.AsSpan(0, Count);
        if (Count <= 24)
        {
            for (var i = 1; i < keys.Length; i++)
            {
                var key = keys[i];
                var j = i - 1;
                for (; j >= 0 && keys[j] > key; j--)
                {
                    keys[j + 1] = keys[j];
                }

                keys[j + 1] = key;
            }
        }
        else if (Count <= 96)
        {
            keys.Sort();
        }
        else
        {
            // Places ascend already, and sorting by digits is stable: only the rank's bits need sorting.
            var span = Highest - Lowest;
            Digits(Shift);
            if (span > 255)
            {
                Digits(Shift + 8);
            }
        }
    }

    private void Digits(int shift)
    {
        Span<int> starts = stackalloc int[256];
        starts.Clear();
        var offset = (uint)Lowest << Shift;
        var keys = Keys.AsSpan(0, Count);
        foreach (var key in keys)
        {
            starts[(int)(((key - offset) >> shift) & 255)]++;
        }

        var sum = 0;
        for (var digit = 0; digit < 256; digit++)
        {
            (starts[digit], sum) = (sum, sum + starts[digit]);
        }

        var target = spare;
        foreach (var key in keys)
        {
            target[starts[(int)(((key - offset) >> shift) & 255)]++] = key;
        }

        (Keys, spare) = (spare, Keys);
    }
}
