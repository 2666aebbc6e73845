using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>The first trials of a study: the middle of the space, where people put their ranges around, then a scrambled Sobol sequence.</summary>
internal sealed class InitialDesign
{
    private SobolSequence? sequence;

    /// <summary>Trials to begin with before a model is worth fitting.</summary>
    public static int Size(UnitSpace space) => Math.Clamp(space.Dimensions + 1, 4, 8);

    public double[] Suggest(History history)
    {
        var space = history.Space;
        if (history.Next == 0)
        {
            var middle = new double[space.Dimensions];
            Array.Fill(middle, 0.5);
            space.Snap(middle);
            return middle;
        }

        sequence ??= new SobolSequence(space.Dimensions, new Rng(history.Seed, -1));
        var point = sequence.Point((uint)history.Next);
        space.Snap(point);
        return point;
    }
}
