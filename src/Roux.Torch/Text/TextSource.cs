using Roux.Learning.Learners;
using Roux.Torch.Training;
using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>Texts to learn from, those of like length together, each batch filled up to its longest.</summary>
internal sealed class TextSource(TextSequences sequences, NetworkAnswers answers) : BatchSource
{
    /// <summary>Batches among whose rows those of like length are put together: enough to waste little, few enough to keep the order random.</summary>
    private const int PoolBatches = 32;

    public override int Rows => sequences.Count;

    public override Batch Take(int[] rows, Device device)
    {
        var batch = TextBatch.Of(sequences, rows);
        return answers.Batch(rows, device, batch.Ids, batch.Segments, batch.Present);
    }

    public override int[] Order(int seed, int epoch, int batchSize)
    {
        var random = SplitMix64.For(seed, epoch);
        var order = Enumerable.Range(0, Rows).ToArray();
        random.Shuffle<int>(order);
        // The loop makes batches of even size; so do these, or a batch would have the long rows of one and the short ones of the next.
        var count = (Rows + batchSize - 1) / batchSize;
        var batches = new List<int[]>();
        for (var first = 0; first < count; first += PoolBatches)
        {
            var last = Math.Min(count, first + PoolBatches);
            var pool = sequences.ByLength(order.AsSpan(Start(first), Start(last) - Start(first)).ToArray());
            for (var i = first; i < last; i++)
            {
                batches.Add(pool[(Start(i) - Start(first))..(Start(i + 1) - Start(first))]);
            }
        }

        var mixed = batches.ToArray();
        random.Shuffle<int[]>(mixed);
        return [.. mixed.SelectMany(batch => batch)];

        int Start(int batch) => (int)((long)Rows * batch / count);
    }
}
