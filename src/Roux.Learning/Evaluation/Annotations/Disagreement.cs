namespace Roux.Learning.Evaluation.Annotations;

/// <summary>An item that annotators see differently.</summary>
/// <param name="Item">Its place in the set.</param>
/// <param name="Name">Its name.</param>
/// <param name="Spread">How differently: entropy of the votes in bits; for numbers the standard deviation of the ratings.</param>
/// <param name="Consensus">What the consensus says, in words.</param>
/// <param name="Confidence">Probability of the consensus class; for numbers the standard deviation.</param>
public sealed record Disagreement(int Item, string Name, double Spread, string Consensus, double Confidence)
{
    /// <summary>The items on which annotators disagree, the worst first.</summary>
    /// <param name="set">The annotations.</param>
    /// <param name="consensus">What they together say.</param>
    /// <param name="most">Most items returned.</param>
    public static IReadOnlyList<Disagreement> Worst(AnnotationSet set, Consensus consensus, int most = 20) =>
        [.. Enumerable.Range(0, set.Items.Count)
            .Select(item => new Disagreement(item, set.Items[item], SpreadOf(set, item), set.Text(consensus.Values[item]), consensus.Confidence[item]))
            .Where(item => item.Spread > 0)
            .OrderByDescending(item => item.Spread).ThenBy(item => set.IsNumeric ? 0 : item.Confidence).ThenBy(item => item.Item)
            .Take(most)];

    private static double SpreadOf(AnnotationSet set, int item)
    {
        double[] given = [.. set.Of(item).ToArray().Where(rating => !double.IsNaN(rating))];
        if (given.Length < 2)
        {
            return 0;
        }

        if (set.IsNumeric)
        {
            var mean = given.Average();
            return Math.Sqrt(given.Sum(value => (value - mean) * (value - mean)) / (given.Length - 1));
        }

        return given.GroupBy(rating => rating).Sum(group => group.Count() / (double)given.Length * Math.Log2(given.Length / (double)group.Count()));
    }
}
