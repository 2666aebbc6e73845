using System.Collections;

namespace Roux.Tuning;

/// <summary>The curves of a study by the number of their trial. Looking at all but one copies nothing.</summary>
internal sealed class CurveSet
{
    private readonly List<Curve> curves = [];

    /// <summary>The curve of a trial; <c>null</c> where it has reported nothing.</summary>
    public Curve? Find(int number) => Place(number) is >= 0 and var place ? curves[place] : null;

    /// <summary>Puts a curve in.</summary>
    public Curve Add(Curve curve)
    {
        curves.Insert(~Place(curve.Number), curve);
        return curve;
    }

    /// <summary>All but that of one trial, by number, as long as nothing is added.</summary>
    public IReadOnlyList<Curve> Except(int number) => Place(number) is >= 0 and var place ? new Others(curves, place) : curves;

    private int Place(int number)
    {
        var (low, high) = (0, curves.Count);
        if (high == 0 || curves[^1].Number < number)
        {
            return ~high;
        }

        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = curves[middle].Number < number ? (middle + 1, high) : (low, middle);
        }

        return low < curves.Count && curves[low].Number == number ? low : ~low;
    }

    private sealed class Others(List<Curve> all, int without) : IReadOnlyList<Curve>
    {
        public int Count => all.Count - 1;

        public Curve this[int index] => all[index < without ? index : index + 1];

        public IEnumerator<Curve> GetEnumerator()
        {
            for (var i = 0; i < all.Count; i++)
            {
                if (i != without)
                {
                    yield return all[i];
                }
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
