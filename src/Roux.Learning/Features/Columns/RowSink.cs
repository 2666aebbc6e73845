using System.Runtime.CompilerServices;

namespace Roux.Learning.Features.Columns;

/// <summary>Receives the features of one row after another and stores them dense or sparse. One per thread.</summary>
internal sealed class RowSink
{
    private readonly float[]? dense;
    private readonly int columns;
    private long rowStart;
    private int[] indices = [];
    private float[] values = [];
    private ulong[]? scratch;

    /// <summary>Stores rows in compressed form.</summary>
    public RowSink()
    {
    }

    /// <summary>Stores rows into a dense matrix that starts out as zeros.</summary>
    public RowSink(float[] dense, int columns) => (this.dense, this.columns) = (dense, columns);

    /// <summary>Added to the number of every feature: where the current column's features start.</summary>
    public int Offset { get; set; }

    /// <summary>Sparse: number of values stored so far.</summary>
    public int Count { get; private set; }

    /// <summary>Scratch space for whoever emits; its content means nothing between calls.</summary>
    public ulong[] Scratch => scratch ??= new ulong[256];

    /// <summary>Sparse: columns of the stored values.</summary>
    public ReadOnlySpan<int> Indices => indices.AsSpan(0, Count);

    /// <summary>Sparse: the stored values.</summary>
    public ReadOnlySpan<float> Values => values.AsSpan(0, Count);

    /// <summary>Makes room in <see cref="Scratch"/>, keeping what is there.</summary>
    public ulong[] GrowScratch()
    {
        var larger = new ulong[Scratch.Length * 2];
        Scratch.CopyTo(larger, 0);
        return scratch = larger;
    }

    /// <summary>Begins a row.</summary>
    public void Start(int row) => rowStart = (long)row * columns;

    /// <summary>Stores a value; zeros need not be stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int feature, float value)
    {
        if (dense is not null)
        {
            dense[rowStart + Offset + feature] = value;
        }
        else if (value != 0)
        {
            Append(Offset + feature, value);
        }
    }

    private void Append(int index, float value)
    {
        if (Count == indices.Length)
        {
            var capacity = Math.Max(64, Count * 2);
            Array.Resize(ref indices, capacity);
            Array.Resize(ref values, capacity);
        }

        indices[Count] = index;
        values[Count++] = value;
    }
}
