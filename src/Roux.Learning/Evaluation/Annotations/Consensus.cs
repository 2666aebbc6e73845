namespace Roux.Learning.Evaluation.Annotations;

/// <summary>What annotators together say of each item.</summary>
/// <param name="Values">One an item: the index of a class, or a number; NaN where nobody said anything.</param>
/// <param name="Confidence">One an item: the share of votes or the probability of the class, from 0 to 1; for numbers the standard deviation of the ratings (NaN of a single one).</param>
/// <param name="Tied">Whether several classes have equal claims; the one taken is the one more frequent over all items, then the first.</param>
public sealed record Consensus(double[] Values, double[] Confidence, bool[] Tied)
{
    /// <summary>Number of items with equal claims.</summary>
    public int Ties => Tied.Count(tied => tied);

    /// <summary>Plurality vote for classes; the mean for numbers.</summary>
    public static Consensus ByVote(AnnotationSet set) => set.IsNumeric ? ByMean(set) : ByPlurality(set);

    /// <summary>The consensus as the answers of those items that have one, with their places.</summary>
    internal (Data.Target Target, int[] Items) AsTarget(AnnotationSet set)
    {
        int[] items = [.. Enumerable.Range(0, Values.Length).Where(item => !double.IsNaN(Values[item]))];
        return (set.IsNumeric
            ? Data.Target.Regression(Array.ConvertAll(items, item => Values[item]))
            : Data.Target.Classification(Array.ConvertAll(items, item => (int)Values[item]), set.Classes), items);
    }

    private static Consensus ByPlurality(AnnotationSet set)
    {
        var overall = new int[set.Classes.Length];
        foreach (var rating in set.Ratings)
        {
            if (!double.IsNaN(rating))
            {
                overall[(int)rating]++;
            }
        }

        var result = Empty(set.Items.Count);
        var votes = new int[set.Classes.Length];
        for (var item = 0; item < set.Items.Count; item++)
        {
            Array.Clear(votes);
            var given = 0;
            foreach (var rating in set.Of(item))
            {
                if (!double.IsNaN(rating))
                {
                    votes[(int)rating]++;
                    given++;
                }
            }

            if (given == 0)
            {
                continue;
            }

            var best = 0;
            for (var k = 1; k < votes.Length; k++)
            {
                if (votes[k] > votes[best] || (votes[k] == votes[best] && overall[k] > overall[best]))
                {
                    best = k;
                }
            }

            result.Values[item] = best;
            result.Confidence[item] = (double)votes[best] / given;
            result.Tied[item] = votes.Count(count => count == votes[best]) > 1;
        }

        return result;
    }

    private static Consensus ByMean(AnnotationSet set)
    {
        var result = Empty(set.Items.Count);
        for (var item = 0; item < set.Items.Count; item++)
        {
            double[] given = [.. set.Of(item).ToArray().Where(rating => !double.IsNaN(rating))];
            if (given.Length > 0)
            {
                var mean = given.Average();
                result.Values[item] = mean;
                result.Confidence[item] = given.Length < 2 ? double.NaN : Math.Sqrt(given.Sum(value => (value - mean) * (value - mean)) / (given.Length - 1));
            }
        }

        return result;
    }

    private static Consensus Empty(int items)
    {
        var values = new double[items];
        var confidence = new double[items];
        Array.Fill(values, double.NaN);
        Array.Fill(confidence, double.NaN);
        return new Consensus(values, confidence, new bool[items]);
    }
}
