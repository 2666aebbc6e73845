using TorchSharp;

namespace Roux.Torch.Training;

/// <summary>
/// Rows that can be had as tensors, any of them at any time. For texts of mixed lengths or images that are changed at random, derive from it and
/// build the tensors of the given rows in <see cref="Take"/>; for tensors that are there already, see <see cref="TensorSource"/>.
/// </summary>
public abstract class BatchSource
{
    /// <summary>Number of rows.</summary>
    public abstract int Rows { get; }

    /// <summary>Makes the tensors of some rows, on a device. Called within a dispose scope that the loop closes after the step, so nothing needs to be disposed.</summary>
    /// <param name="rows">Which rows, in order; held by the batch.</param>
    /// <param name="device">Where they are needed.</param>
    public abstract Batch Take(int[] rows, torch.Device device);

    /// <summary>The rows of one pass in the order in which they are learned, shuffled; override to put rows of like length together.</summary>
    /// <param name="seed">Of the training.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="batchSize">Rows a batch: the order is cut into pieces of so many.</param>
    public virtual int[] Order(int seed, int epoch, int batchSize)
    {
        var order = new int[Rows];
        for (var row = 0; row < order.Length; row++)
        {
            order[row] = row;
        }

        Learning.Learners.SplitMix64.For(seed, epoch).Shuffle<int>(order);
        return order;
    }
}
