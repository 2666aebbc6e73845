using Roux.Learning.Data;

namespace Roux.Debugging.Labels;

/// <summary>How often models are contradicted by the given label, the rows they are surest of first.</summary>
/// <param name="Missed">Per tenth of the rows, the surest first: rows whose label is not the most probable class.</param>
/// <param name="Rows">Rows of each tenth.</param>
internal sealed record Certainty(int[] Missed, int[] Rows)
{
    /// <summary>Missed rows of the surest fifth, and its rows.</summary>
    public (int Missed, int Rows) Surest => (Missed[..2].Sum(), Math.Max(1, Rows[..2].Sum()));

    /// <summary>Share of missed rows in the two fifths that follow.</summary>
    public double Next => (double)Missed[2..6].Sum() / Math.Max(1, Rows[2..6].Sum());

    /// <summary>Share of missed rows in each tenth.</summary>
    public IEnumerable<double> Shares => Missed.Zip(Rows, (missed, rows) => (double)missed / Math.Max(1, rows));

    /// <summary>Orders rows by the margin between the two most probable classes, within the predicted class, so that every class has its share of the sure rows.</summary>
    public static Certainty Of(Target y, double[] probabilities)
    {
        var classes = y.Classes.Length;
        var (best, margin) = (new int[y.Count], new double[y.Count]);
        for (var i = 0; i < y.Count; i++)
        {
            var row = probabilities.AsSpan(i * classes, classes);
            var (first, second) = (0, -1);
            for (var k = 1; k < classes; k++)
            {
                if (row[k] > row[first])
                {
                    (first, second) = (k, first);
                }
                else if (second < 0 || row[k] > row[second])
                {
                    second = k;
                }
            }

            (best[i], margin[i]) = (first, row[first] - row[second]);
        }

        var (missed, rows) = (new int[10], new int[10]);
        foreach (var group in Enumerable.Range(0, y.Count).GroupBy(i => best[i]))
        {
            var order = group.OrderByDescending(i => margin[i]).ToArray();
            for (var place = 0; place < order.Length; place++)
            {
                var tenth = (int)(place * 10L / order.Length);
                rows[tenth]++;
                missed[tenth] += best[order[place]] != y.Labels[order[place]] ? 1 : 0;
            }
        }

        return new Certainty(missed, rows);
    }
}
