namespace Roux.Learning.Data.Reading;

/// <summary>A list that grows by blocks, so that a long column is never copied while it grows and never takes twice its size.</summary>
internal sealed class BlockList<T>
{
    private const int SmallestBlock = 64, LargestBlock = 1 << 16;

    private readonly List<T[]> blocks = [];
    private T[] last = [];
    private int used;

    public int Count { get; private set; }

    public void Add(T item)
    {
        if (used == last.Length)
        {
            Grow();
        }

        last[used++] = item;
        Count++;
    }

    public void Add(T item, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Add(item);
        }
    }

    /// <summary>All items in one array. The list is empty afterwards.</summary>
    public T[] Drain()
    {
        var all = GC.AllocateUninitializedArray<T>(Count);
        var at = 0;
        for (var i = 0; i < blocks.Count; i++)
        {
            var length = i == blocks.Count - 1 ? used : blocks[i].Length;
            blocks[i].AsSpan(0, length).CopyTo(all.AsSpan(at));
            at += length;
            blocks[i] = [];
        }

        blocks.Clear();
        (last, used, Count) = ([], 0, 0);
        return all;
    }

    private void Grow()
    {
        last = new T[Math.Clamp(Count, SmallestBlock, LargestBlock)];
        blocks.Add(last);
        used = 0;
    }
}
