using System.Runtime.CompilerServices;

namespace Roux.Learning.Features.Text;

/// <summary>Numbers distinct 64-bit hashes in order of first appearance: open addressing with linear probing, at most half full.</summary>
internal sealed class TermTable
{
    private Slot[] slots;
    private int mask;

    /// <param name="expected">About how many terms will come.</param>
    public TermTable(int expected = 1024)
    {
        var capacity = 1024;
        while (capacity < (long)expected * 2 && capacity < 1 << 29)
        {
            capacity *= 2;
        }

        slots = new Slot[capacity];
        mask = capacity - 1;
    }

    /// <summary>Number of terms.</summary>
    public int Count { get; private set; }

    /// <summary>The number of a term, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ulong hash)
    {
        var table = slots;
        for (var i = (int)hash & mask; ; i = (i + 1) & mask)
        {
            var found = table[i].Hash;
            if (found == hash)
            {
                return table[i].Id;
            }

            if (found == 0)
            {
                return -1;
            }
        }
    }

    /// <summary>The number of a term, which is <see cref="Count"/> before the call when it is new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int GetOrAdd(ulong hash)
    {
        var table = slots;
        for (var i = (int)hash & mask; ; i = (i + 1) & mask)
        {
            var found = table[i].Hash;
            if (found == hash)
            {
                return table[i].Id;
            }

            if (found == 0)
            {
                table[i] = new Slot { Hash = hash, Id = Count };
                if (++Count * 2L > table.Length)
                {
                    Grow();
                }

                return Count - 1;
            }
        }
    }

    private void Grow()
    {
        var old = slots;
        slots = new Slot[old.Length * 2];
        mask = slots.Length - 1;
        foreach (var slot in old)
        {
            if (slot.Hash == 0)
            {
                continue;
            }

            var i = (int)slot.Hash & mask;
            while (slots[i].Hash != 0)
            {
                i = (i + 1) & mask;
            }

            slots[i] = slot;
        }
    }

    private struct Slot
    {
        public ulong Hash;
        public int Id;
    }
}
