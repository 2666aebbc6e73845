using Roux.Learning.Data;

namespace Roux.Learning.Learners.Boosting;

/// <summary>Splits the rows of one fit for early stopping.</summary>
internal static class InnerSplit
{
    /// <summary>
    /// Deals rows into parts so that each holds classes (or, in regression, low and high answers) in equal shares.
    /// The same answers and seed give the same parts.
    /// </summary>
    /// <returns>The part of each row, from 0.</returns>
    public static int[] Deal(Target y, int parts, int seed)
    {
        var random = new Random(seed);
        var order = new int[y.Count];
        for (var row = 0; row < order.Length; row++)
        {
            order[row] = row;
        }

        // Shuffled before a stable sort: equals come in random order.
        random.Shuffle(order);
        int[] sorted = y.Task == TaskKind.Regression ? [.. order.OrderBy(row => y.Values[row])] : [.. order.OrderBy(row => y.Labels[row])];
        var part = new int[y.Count];
        var deal = Enumerable.Range(0, parts).ToArray();
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i % parts == 0)
            {
                random.Shuffle(deal);
            }

            part[sorted[i]] = deal[i % parts];
        }

        return part;
    }

    /// <summary>The rows of one part and the others, each ascending.</summary>
    public static (int[] Training, int[] Validation) Hold(int[] part, int held)
    {
        var inside = new List<int>();
        var outside = new List<int>();
        for (var row = 0; row < part.Length; row++)
        {
            (part[row] == held ? inside : outside).Add(row);
        }

        return ([.. outside], [.. inside]);
    }
}
