using Roux.Learning.Data;

namespace Roux.Learning.Features;

/// <summary>
/// The folds inside a training set over which target encodings are computed out-of-fold. Stratified: every fold gets nearly the
/// same share of each class, or of each range of a numeric target, so that a fold's prior says nothing about its rows.
/// </summary>
internal sealed class InnerFolds
{
    /// <summary>Most folds.</summary>
    public const int MaxFolds = 5;

    private InnerFolds(int[] foldOfRow, int count) => (FoldOfRow, Count) = (foldOfRow, count);

    /// <summary>The fold of each row.</summary>
    public int[] FoldOfRow { get; }

    /// <summary>Number of folds.</summary>
    public int Count { get; }

    /// <summary>Assigns folds: rows sorted by answer (ties in random order) are dealt out in groups, each group in random order.</summary>
    public static InnerFolds Make(Target y, int seed)
    {
        var random = new Random(seed);
        var count = Math.Clamp(y.Count, 1, MaxFolds);
        var rows = Enumerable.Range(0, y.Count).ToArray();
        random.Shuffle(rows);
        var keys = Array.ConvertAll(rows, row => Key(y, row));
        // A stable sort keeps the random order of equal answers.
        rows = [.. rows.Zip(keys).OrderBy(pair => pair.Second).Select(pair => pair.First)];
        var foldOfRow = new int[y.Count];
        var deal = Enumerable.Range(0, count).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            if (i % count == 0)
            {
                random.Shuffle(deal);
            }

            foldOfRow[rows[i]] = deal[i % count];
        }

        return new InnerFolds(foldOfRow, count);
    }

    private static double Key(Target y, int row)
    {
        switch (y.Task)
        {
            case TaskKind.Regression:
                return y.Values[row];
            case TaskKind.Multilabel:
                var key = 0.0; // equal sets of labels get equal keys, different sets nearly always different ones
                for (var k = 0; k < y.Classes.Length; k++)
                {
                    key += y.Indicators[row * y.Classes.Length + k] ? Math.Sqrt(k + 2) : 0;
                }

                return key;
            default:
                return y.Labels[row];
        }
    }
}
