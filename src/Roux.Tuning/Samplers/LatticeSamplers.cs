using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>Points of a scrambled Sobol sequence: spread more evenly than random ones (Sobol 1967; Joe and Kuo 2008).</summary>
public sealed class SobolSampler : Sampler
{
    private SobolSequence? sequence;

    /// <inheritdoc/>
    public override string Name => "sobol";

    internal override double[] Suggest(History history, Rng random)
    {
        sequence ??= new SobolSequence(history.Space.Dimensions, new Rng(history.Seed, -1));
        var point = sequence.Point((uint)history.Next);
        history.Space.Snap(point);
        return point;
    }
}

/// <summary>
/// Latin hypercubes (McKay, Beckman and Conover 1979): every block of trials, as long as the study where that is known, has one point
/// in each slice of every dimension.
/// </summary>
public sealed class LatinHypercubeSampler : Sampler
{
    private const int UsualBlock = 32;

    private int block = -1;
    private int[][] slices = [];

    /// <inheritdoc/>
    public override string Name => "lhs";

    internal override double[] Suggest(History history, Rng random)
    {
        var size = Math.Clamp(history.Budget ?? UsualBlock, 1, 100_000);
        var (number, place) = (history.Next / size, history.Next % size);
        if (number != block)
        {
            var order = new Rng(history.Seed, -1 - number);
            slices = [.. Enumerable.Range(0, history.Space.Dimensions).Select(_ =>
            {
                int[] slice = [.. Enumerable.Range(0, size)];
                order.Shuffle<int>(slice);
                return slice;
            })];
            block = number;
        }

        var point = new double[history.Space.Dimensions];
        for (var i = 0; i < point.Length; i++)
        {
            point[i] = (slices[i][place] + random.Unit()) / size;
        }

        history.Space.Snap(point);
        return point;
    }
}

/// <summary>
/// Every combination of the values, in an order shuffled by the seed so that a study that ends early has seen all parts; a continuous
/// dimension is cut into as many levels as the sampler is told. Begins anew when all have been tried.
/// </summary>
/// <param name="levels">Levels of a continuous dimension, or of a discrete one that has more, at least 1.</param>
public sealed class GridSampler(int levels = 5) : Sampler
{
    private const int MostShuffled = 1_000_000;

    private int[]? order;

    /// <inheritdoc/>
    public override string Name => "grid";

    internal override double[] Suggest(History history, Rng random)
    {
        var space = history.Space;
        int[] counts = [.. Enumerable.Range(0, space.Dimensions).Select(i => space.Levels[i] is { } many && (many <= levels || space.Nominal[i]) ? (int)many : levels)];
        var size = counts.Aggregate(1.0, (product, count) => product * count);
        long index = history.Next;
        if (size <= MostShuffled)
        {
            if (order is null)
            {
                order = [.. Enumerable.Range(0, (int)size)];
                new Rng(history.Seed, -1).Shuffle<int>(order);
            }

            index = order[history.Next % order.Length];
        }

        var point = new double[counts.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            // Levels of a continuous dimension reach from end to end; those of a discrete one are its own, evenly chosen.
            var level = (int)(index % counts[i]);
            index /= counts[i];
            point[i] = space.Levels[i] is null ? counts[i] == 1 ? 0.5 : (double)level / (counts[i] - 1) : (level + 0.5) / counts[i];
        }

        space.Snap(point);
        return point;
    }
}
