using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>Some rows as tensors, each rows x places, filled up to the longest of them. They belong to the dispose scope in which they are made.</summary>
/// <param name="Ids">Ids; 0 where filled up.</param>
/// <param name="Segments">Segments.</param>
/// <param name="Present">1 where there is a token, else 0.</param>
internal sealed record TextBatch(Tensor Ids, Tensor Segments, Tensor Present)
{
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
}
