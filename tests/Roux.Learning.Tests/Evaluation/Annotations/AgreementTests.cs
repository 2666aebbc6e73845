using Roux.Learning.Evaluation.Statistics;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation.Annotations;

public sealed class AgreementTests
{
    private const double None = double.NaN;

    /// <summary>The worked example of Krippendorff 2011, section E: four observers, twelve units.</summary>
    private static readonly double[][] Observers =
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ];

    [Theory]
    [InlineData(MeasurementLevel.Nominal, 0.743)]
    [InlineData(MeasurementLevel.Ordinal, 0.815)]
    [InlineData(MeasurementLevel.Interval, 0.849)]
    public void Alpha_is_that_of_the_paper(MeasurementLevel level, double expected)
    {
        var ratings = Items(Observers);
        Math.Round(KrippendorffAlpha.Of(ratings, 4, level), 3).ShouldBe(expected);
        var interval = KrippendorffAlpha.IntervalOf(ratings, 4, level, seed: 1);
        interval.Estimate.ShouldBe(expected, 0.0005);
        interval.Low.ShouldBeLessThan(expected);
        interval.High.ShouldBeGreaterThan(expected - 1e-9);
        interval.High.ShouldBeLessThanOrEqualTo(1);
    }

    [Theory]
    [InlineData(MeasurementLevel.Nominal)]
    [InlineData(MeasurementLevel.Ordinal)]
    [InlineData(MeasurementLevel.Interval)]
    public void Alpha_equals_its_definition_by_coincidences(MeasurementLevel level)
    {
        var random = new Random(3);
        var ratings = new double[40 * 5];
        for (var i = 0; i < ratings.Length; i++)
        {
            ratings[i] = random.NextDouble() < 0.3 ? None : random.Next(1, 7) * random.Next(1, 3);
        }

        KrippendorffAlpha.Of(ratings, 5, level).ShouldBe(ByCoincidences(ratings, 5, level), 1e-9);
    }

    [Fact]
    public void Alpha_without_a_pair_or_without_variation_is_undefined()
    {
        KrippendorffAlpha.Of([1, None, None, 2], 2, MeasurementLevel.Nominal).ShouldBe(double.NaN);
        KrippendorffAlpha.Of([1, 1, 1, 1], 2, MeasurementLevel.Ordinal).ShouldBe(double.NaN);
        Should.Throw<ArgumentException>(() => KrippendorffAlpha.Of([1, 2, 3], 2, MeasurementLevel.Nominal));
    }

    [Fact]
    public void Kappa_of_two_raters_is_that_of_the_textbook()
    {
        // 20 times yes by both, 5 and 10 times one of them, 15 times no by both: observed 0.7, expected 0.5.
        int[] a = [.. Enumerable.Repeat(1, 25), .. Enumerable.Repeat(0, 25), -1];
        int[] b = [.. Enumerable.Repeat(1, 20), .. Enumerable.Repeat(0, 5), .. Enumerable.Repeat(1, 10), .. Enumerable.Repeat(0, 15), 1];
        Agreement.CohenKappa(a, b, 2).ShouldBe(0.4, 1e-12);
        Agreement.CohenKappa(a, b, 2, KappaWeights.Linear).ShouldBe(0.4, 1e-12); // two categories have one distance
    }

    [Fact]
    public void Quadratic_kappa_is_the_concordance_of_the_codes()
    {
        // Fleiss and Cohen 1973: with squared distances kappa is 2 cov / (var + var + (difference of means)^2).
        var random = new Random(5);
        var a = Enumerable.Range(0, 300).Select(_ => random.Next(5)).ToArray();
        var b = Array.ConvertAll(a, value => Math.Clamp(value + random.Next(-1, 3), 0, 4));
        double meanA = a.Average(), meanB = b.Average();
        var covariance = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Average();
        var expected = 2 * covariance / (a.Average(x => (x - meanA) * (x - meanA)) + b.Average(x => (x - meanB) * (x - meanB)) + (meanA - meanB) * (meanA - meanB));
        Agreement.CohenKappa(a, b, 5, KappaWeights.Quadratic).ShouldBe(expected, 1e-12);
        Agreement.CohenKappa(a, b, 5).ShouldBeLessThan(expected);
    }

    [Fact]
    public void Kappa_without_items_in_common_is_undefined() => Agreement.CohenKappa([0, -1], [-1, 1], 2).ShouldBe(double.NaN);

    /// <summary>Units x observers from observers x units.</summary>
    private static double[] Items(double[][] observers) =>
        [.. Enumerable.Range(0, observers[0].Length).SelectMany(unit => observers.Select(observer => observer[unit]))];

    /// <summary>Alpha as the paper writes it: a matrix of coincidences and the difference function of each level.</summary>
    private static double ByCoincidences(double[] ratings, int raters, MeasurementLevel level)
    {
        var values = ratings.Where(rating => !double.IsNaN(rating)).Distinct().Order().ToArray();
        var coincidences = new double[values.Length, values.Length];
        for (var item = 0; item < ratings.Length / raters; item++)
        {
            var given = ratings.AsSpan(item * raters, raters).ToArray().Where(rating => !double.IsNaN(rating)).ToArray();
            for (var i = 0; i < given.Length; i++)
            {
                for (var j = 0; j < given.Length; j++)
                {
                    if (i != j)
                    {
                        coincidences[Array.IndexOf(values, given[i]), Array.IndexOf(values, given[j])] += 1.0 / (given.Length - 1);
                    }
                }
            }
        }

        var totals = Enumerable.Range(0, values.Length).Select(c => Enumerable.Range(0, values.Length).Sum(k => coincidences[c, k])).ToArray();
        double Difference(int c, int k)
        {
            if (c == k)
            {
                return 0;
            }

            var (low, high) = (Math.Min(c, k), Math.Max(c, k));
            var between = Enumerable.Range(low, high - low + 1).Sum(g => totals[g]) - (totals[c] + totals[k]) / 2;
            return level switch { MeasurementLevel.Nominal => 1, MeasurementLevel.Ordinal => between * between, _ => (values[c] - values[k]) * (values[c] - values[k]) };
        }

        double observed = 0, expected = 0;
        for (var c = 0; c < values.Length; c++)
        {
            for (var k = 0; k < values.Length; k++)
            {
                observed += coincidences[c, k] * Difference(c, k);
                expected += totals[c] * totals[k] * Difference(c, k);
            }
        }

        return 1 - (totals.Sum() - 1) * observed / expected;
    }
}
