using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Debugging.Checks.Drift;

/// <summary>How far a column of the test rows lies from that of the training rows.</summary>
/// <param name="Measure"><c>ks</c> (largest gap between the two distributions) or <c>tv</c> (total variation: share of the rows that would have to change level).</param>
/// <param name="Distance">From 0 to 1.</param>
/// <param name="Stability">Population stability index, less what chance alone gives (bins - 1 times the sum of one over each number of rows).</param>
/// <param name="Chance">Of such a distance if both were drawn alike: Kolmogorov and Smirnov's test, or chi-square.</param>
internal sealed record ColumnDistance(string Measure, double Distance, double Stability, double Chance)
{
    private const int MostRows = 20_000, MostLevels = 50, Bins = 10;

    /// <summary>Measures it over the known values; <c>null</c> where there are fewer than 20 on a side.</summary>
    public static ColumnDistance? Of(Column train, Column test, ColumnSpec spec, int seed)
    {
        var (a, b) = (Known(train, seed), Known(test, seed));
        if (a.Length < 20 || b.Length < 20)
        {
            return null;
        }

        return train is NumberColumn x && test is NumberColumn y && spec.Role is not (ColumnRole.Boolean or ColumnRole.Categorical)
            ? OfNumbers(Array.ConvertAll(a, row => x.Values[row]), Array.ConvertAll(b, row => y.Values[row]))
            : OfLevels(Array.ConvertAll(a, row => train.Format(row)!), Array.ConvertAll(b, row => test.Format(row)!));
    }

    /// <summary>Of numbers, none missing.</summary>
    public static ColumnDistance OfNumbers(double[] a, double[] b)
    {
        var test = DistributionTests.KolmogorovSmirnov(a, b);
        return new ColumnDistance("ks", test.Statistic, Math.Max(0, PopulationStability.Index(a, b, Bins) - (Bins - 1) * (1.0 / a.Length + 1.0 / b.Length)), test.PValue);
    }

    /// <summary>Of levels, the rare ones put together.</summary>
    public static ColumnDistance OfLevels(string[] a, string[] b)
    {
        var (inA, inB) = (a.CountBy(level => level).ToDictionary(StringComparer.Ordinal), b.CountBy(level => level).ToDictionary(StringComparer.Ordinal));
        var levels = inA.Keys.Union(inB.Keys, StringComparer.Ordinal)
            .Select(level => (A: (double)inA.GetValueOrDefault(level), B: (double)inB.GetValueOrDefault(level))).OrderByDescending(level => level.A / a.Length + level.B / b.Length).ToArray();
        var cells = levels.Take(MostLevels).Where(level => level.A + level.B >= 10).Select(level => new[] { level.A, level.B }).ToList();
        var rest = new[] { a.Length - cells.Sum(cell => cell[0]), b.Length - cells.Sum(cell => cell[1]) };
        if (rest[0] + rest[1] > 0)
        {
            cells.Add(rest);
        }

        if (cells.Count < 2)
        {
            return new ColumnDistance("tv", 0, 0, 1);
        }

        var (sharesA, sharesB) = (cells.Select(cell => cell[0] / a.Length).ToArray(), cells.Select(cell => cell[1] / b.Length).ToArray());
        var stability = PopulationStability.OfShares(sharesA, sharesB) - (cells.Count - 1) * (1.0 / a.Length + 1.0 / b.Length);
        return new ColumnDistance("tv", sharesA.Zip(sharesB, (p, q) => Math.Abs(p - q)).Sum() / 2, Math.Max(0, stability), DistributionTests.ChiSquareIndependence(cells).PValue);
    }

    private static int[] Known(Column column, int seed) => [.. TableSubject.Sample(column.Length, MostRows, seed).Where(row => !column.IsMissing(row))];
}
