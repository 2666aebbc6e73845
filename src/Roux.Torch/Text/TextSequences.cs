using Roux.Learning.Features;
using Roux.Learning.Learners;

namespace Roux.Torch.Text;

/// <summary>The token ids of each row, read from a feature matrix: the texts of a row one after another, each a segment with one beginning at the front and its own end.</summary>
internal sealed class TextSequences
{
    private TextSequences(int[][] ids, byte[][] segments) => (Ids, Segments) = (ids, segments);

    /// <summary>Ids of each row; no row is empty.</summary>
    public int[][] Ids { get; }

    /// <summary>For each id the number of its segment: 0 for the first text.</summary>
    public byte[][] Segments { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Ids.Length;

    /// <summary>How many places each text column has, in the order of the features.</summary>
    /// <exception cref="LearnerException">There is no text column.</exception>
    public static int[] Places(IReadOnlyList<Feature> features)
    {
        var places = new List<int>();
        for (var i = 0; i < features.Count; i++)
        {
            if (features[i].Kind != FeatureKind.Token)
            {
                throw new LearnerException("the transformer reads text columns, and there is none: name one with --column \"NAME=text\", or take another learner");
            }

            if (i == 0 || features[i].Source != features[i - 1].Source)
            {
                places.Add(0);
            }

            places[^1]++;
        }

        return [.. places];
    }

    /// <summary>Reads the rows of a matrix.</summary>
    /// <param name="x">The matrix.</param>
    /// <param name="places">Places of each text column; their sum is the number of features.</param>
    /// <param name="longest">Most ids of a row; what is over is cut off, and the end put last.</param>
    /// <param name="segmentTypes">Segments that the network tells apart; later texts share the last.</param>
    public static TextSequences Read(FeatureMatrix x, int[] places, int longest, int segmentTypes)
    {
        var (ids, segments) = (new int[x.Rows][], new byte[x.Rows][]);
        var row = new float[x.Columns];
        for (var i = 0; i < ids.Length; i++)
        {
            Fill(x, i, row);
            (ids[i], segments[i]) = Join(row, places, longest, Math.Max(1, segmentTypes));
        }

        return new TextSequences(ids, segments);
    }

    /// <summary>Rows from the shortest to the longest; equal ones in the order given.</summary>
    public int[] ByLength(IEnumerable<int> rows) => [.. rows.OrderBy(row => Ids[row].Length)];

    private static (int[] Ids, byte[] Segments) Join(float[] row, int[] places, int longest, int segmentTypes)
    {
        var (ids, segments) = (new List<int>(), new List<byte>());
        var start = 0;
        for (var text = 0; text < places.Length; text++)
        {
            // Later texts leave out their beginning: one stands for all.
            for (var i = start + (text == 0 ? 0 : 1); i < start + places[text] && row[i] > 0; i++)
            {
                ids.Add((int)row[i] - 1);
                segments.Add((byte)Math.Min(text, segmentTypes - 1));
            }

            start += places[text];
        }

        if (ids.Count > longest)
        {
            var end = ids[^1];
            ids.RemoveRange(longest, ids.Count - longest);
            segments.RemoveRange(longest, segments.Count - longest);
            ids[^1] = end;
        }

        return ([.. ids], [.. segments]);
    }

    private static void Fill(FeatureMatrix x, int row, float[] values)
    {
        if (x.Dense is { } dense)
        {
            Array.Copy(dense, (long)row * x.Columns, values, 0, values.Length);
            return;
        }

        Array.Clear(values);
        for (var i = x.RowStarts![row]; i < x.RowStarts[row + 1]; i++)
        {
            values[x.Indices![i]] = x.Values![i];
        }
    }
}
