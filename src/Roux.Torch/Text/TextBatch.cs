using TorchSharp;
using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>Some rows as tensors, filled up to the longest of them.</summary>
internal sealed class TextBatch : IDisposable
{
    private TextBatch(Tensor ids, Tensor segments, Tensor present) => (Ids, Segments, Present) = (ids, segments, present);

    /// <summary>Rows x places: ids, 0 where filled up.</summary>
    public Tensor Ids { get; }

    /// <summary>Rows x places: segments.</summary>
    public Tensor Segments { get; }

    /// <summary>Rows x places: 1 where there is a token, else 0.</summary>
    public Tensor Present { get; }

    /// <summary>Takes some rows of the sequences.</summary>
    public static TextBatch Of(TextSequences sequences, ReadOnlySpan<int> rows)
    {
        var width = 1;
        foreach (var row in rows)
        {
            width = Math.Max(width, sequences.Ids[row].Length);
        }

        var (ids, segments, present) = (new long[rows.Length * width], new long[rows.Length * width], new float[rows.Length * width]);
        for (var i = 0; i < rows.Length; i++)
        {
            var (from, kinds) = (sequences.Ids[rows[i]], sequences.Segments[rows[i]]);
            for (var j = 0; j < from.Length; j++)
            {
                (ids[i * width + j], segments[i * width + j], present[i * width + j]) = (from[j], kinds[j], 1);
            }
        }

        long[] shape = [rows.Length, width];
        return new TextBatch(tensor(ids, shape), tensor(segments, shape), tensor(present, shape));
    }

    public void Dispose()
    {
        Ids.Dispose();
        Segments.Dispose();
        Present.Dispose();
    }
}
