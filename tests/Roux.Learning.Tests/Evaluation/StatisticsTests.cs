using CsCheck;
using Roux.Learning.Evaluation.Statistics;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

/// <summary>Statistics against published tables, brute force and identities.</summary>
public sealed class StatisticsTests
{
    private static readonly Gen<double> Numbers = Gen.Double[-5, 5];

    /// <summary>Demsar 2006, table 5: critical values for two-tailed Nemenyi tests, which are the critical difference where k (k + 1) = 6 N.</summary>
    [Theory]
    [InlineData(2, 1.960)]
    [InlineData(3, 2.343)]
    [InlineData(5, 2.728)]
    [InlineData(10, 3.164)]
    public void Nemenyi_agrees_with_the_published_table(int treatments, double q) =>
        (RankTests.NemenyiCriticalDifference(treatments, 100) / Math.Sqrt(treatments * (treatments + 1.0) / 600)).ShouldBe(q, 0.001);

    [Fact]
    public void Quantiles_invert_their_tails() => Gen.Select(Gen.Double[0.0001, 0.9999], Gen.Double[0.5, 60]).Sample((p, freedom) =>
    {
        Tails.NormalBelow(Tails.NormalQuantile(p)).ShouldBe(p, 1e-12);
        Tails.StudentTwoSided(Tails.StudentQuantileTwoSided(p, freedom), freedom).ShouldBe(p, 1e-9);
    });

    [Fact]
    public void Student_quantiles_agree_with_the_table() // two-sided 95 %
    {
        Tails.StudentQuantileTwoSided(0.05, 1).ShouldBe(12.706204736432095, 1e-9);
        Tails.StudentQuantileTwoSided(0.05, 4).ShouldBe(2.7764451051977987, 1e-11);
        Tails.StudentQuantileTwoSided(0.05, 9).ShouldBe(2.262157162798204, 1e-11);
    }

    [Fact]
    public void Signed_rank_p_values_equal_enumeration() => Numbers.Array[2, 9].Sample(differences =>
    {
        double[] magnitudes = [.. differences.Select(Math.Abs)];
        if (magnitudes.Distinct().Count() < magnitudes.Length || magnitudes.Contains(0))
        {
            return;
        }

        int[] ranks = [.. magnitudes.Select(value => magnitudes.Count(other => other <= value))];
        var all = ranks.Sum();
        var plus = ranks.Where((_, i) => differences[i] > 0).Sum();
        var smaller = Math.Min(plus, all - plus);
        var below = Enumerable.Range(0, 1 << ranks.Length).Count(set => ranks.Where((_, i) => (set >> i & 1) == 1).Sum() <= smaller);
        var result = PairedTests.Wilcoxon(differences, new double[differences.Length]);
        result.Statistic.ShouldBe(smaller);
        result.PValue.ShouldBe(Math.Min(1, 2.0 * below / (1 << ranks.Length)), 1e-12);
    });

    [Fact]
    public void Rank_sum_and_smirnov_p_values_equal_enumeration() => Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6], Gen.Int[0, 1_000_000]).Sample((n, m, seed) =>
    {
        var random = new Random(seed);
        double[] all = [.. Enumerable.Range(0, n + m).Select(_ => random.NextDouble())];
        var observedU = RankTests.MannWhitney(all.AsSpan(0, n), all.AsSpan(n));
        var observedD = DistributionTests.KolmogorovSmirnov(all.AsSpan(0, n), all.AsSpan(n));
        double orders = 0, extremeU = 0, extremeD = 0;
        for (var set = 0; set < 1 << (n + m); set++)
        {
            if (int.PopCount(set) != n)
            {
                continue;
            }

            orders++;
            var (u, d) = Of(set, n, m);
            extremeU += Math.Max(u, n * m - u) >= Math.Max(observedU.Statistic, n * m - observedU.Statistic) ? 1 : 0;
            extremeD += d >= observedD.Statistic - 1e-12 ? 1 : 0;
        }

        observedU.PValue.ShouldBe(extremeU / orders, 1e-12);
        observedD.PValue.ShouldBe(extremeD / orders, 1e-12);
    }, iter: 100);

    [Fact]
    public void Smirnov_of_long_samples_uses_the_limit_and_agrees_with_exact_counting()
    {
        var random = new Random(1);
        double[] a = [.. Enumerable.Range(0, 9_000).Select(_ => random.NextDouble())];
        double[] b = [.. Enumerable.Range(0, 10_000).Select(_ => random.NextDouble() * 0.99)];
        var exact = DistributionTests.KolmogorovSmirnov(a, b);
        double[] longer = [.. b, .. b];
        var limit = DistributionTests.KolmogorovSmirnov([.. a, .. a, .. a, .. a, .. a, .. a], [.. longer, .. longer, .. longer]);
        exact.PValue.ShouldBeInRange(1e-12, 1);
        limit.Statistic.ShouldBe(exact.Statistic, 1e-12);
        limit.PValue.ShouldBeLessThan(exact.PValue);
    }

    [Fact]
    public void Kendall_equals_counting_pairs_and_is_exact_when_small() => Gen.Select(Gen.Int[0, 5].Array[3, 25], Gen.Int[0, 1_000_000]).Sample((x, seed) =>
    {
        var random = new Random(seed);
        double[] a = [.. x.Select(value => (double)value)];
        double[] b = [.. x.Select(_ => (double)random.Next(6))];
        double difference = 0, untiedA = 0, untiedB = 0;
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                difference += Math.Sign(a[i] - a[j]) * Math.Sign(b[i] - b[j]);
                untiedA += a[i] != a[j] ? 1 : 0;
                untiedB += b[i] != b[j] ? 1 : 0;
            }
        }

        var tau = Correlation.KendallTauB(a, b).Statistic;
        if (untiedA == 0 || untiedB == 0)
        {
            tau.ShouldBe(double.NaN);
        }
        else
        {
            tau.ShouldBe(difference / Math.Sqrt(untiedA * untiedB), 1e-12);
        }
    });

    [Fact]
    public void Kendall_of_four_in_order_has_two_orders_in_twenty_four() =>
        Correlation.KendallTauB([1, 2, 3, 4], [1, 2, 3, 4]).ShouldBe(new TestStatistic(1, 2.0 / 24));

    [Fact]
    public void Adjusted_p_values_keep_order_and_never_shrink() => Gen.Double[0, 1].Array[1, 20].Sample(p =>
    {
        var holm = MultipleTesting.Holm(p);
        var fdr = MultipleTesting.BenjaminiHochberg(p);
        for (var i = 0; i < p.Length; i++)
        {
            holm[i].ShouldBeInRange(p[i], 1);
            fdr[i].ShouldBeInRange(p[i], holm[i] + 1e-12);
            for (var j = 0; j < p.Length; j++)
            {
                (p[i] >= p[j] || holm[i] <= holm[j]).ShouldBeTrue();
            }
        }
    });

    [Fact]
    public void Clopper_pearson_ends_give_the_tail_they_promise() => Gen.Select(Gen.Int[1, 400], Gen.Double[0, 1]).Sample((n, share) =>
    {
        var successes = (int)(share * n);
        var (low, high) = Proportion.ClopperPearson(successes, n, 0.9);
        low.ShouldBeLessThanOrEqualTo((double)successes / n);
        high.ShouldBeGreaterThanOrEqualTo((double)successes / n);
        if (successes > 0)
        {
            Enumerable.Range(successes, n - successes + 1).Sum(k => Binomial(k, n, low)).ShouldBe(0.05, 1e-8);
        }

        if (successes < n)
        {
            Enumerable.Range(0, successes + 1).Sum(k => Binomial(k, n, high)).ShouldBe(0.05, 1e-8);
        }
    });

    [Fact]
    public void Degenerate_samples_have_defined_answers()
    {
        PairedTests.T([1, 2, 3], [1, 2, 3]).ShouldBe(new TestStatistic(0, 1));
        PairedTests.T([2, 3], [1, 2]).PValue.ShouldBe(0);
        PairedTests.Wilcoxon([1, 1], [1, 1]).ShouldBe(new TestStatistic(0, 1));
        RankTests.MannWhitney([1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1]).PValue.ShouldBe(1);
        DistributionTests.KolmogorovSmirnov([1, 2], [1, 2]).ShouldBe(new TestStatistic(0, 1));
        Correlation.Pearson([1, 1, 1], [1, 2, 3]).Statistic.ShouldBe(double.NaN);
        Correlation.Pearson([1, 2, 3], [2, 4, 6]).Statistic.ShouldBe(1, 1e-15);
        Should.Throw<ArgumentException>(() => PairedTests.T([1], [1]));
        Should.Throw<ArgumentException>(() => RankTests.Friedman([[1, 2], [1, 2]]));
        Should.Throw<ArgumentException>(() => Proportion.Wilson(3, 2));
    }

    private static (double U, double D) Of(int set, int n, int m)
    {
        double u = 0, d = 0, below = 0, other = 0;
        for (var i = 0; i < n + m; i++)
        {
            if ((set >> i & 1) == 1)
            {
                below++;
                u += other;
            }
            else
            {
                other++;
            }

            d = Math.Max(d, Math.Abs(below / n - other / m));
        }

        return (u, d);
    }

    private static double Binomial(int k, int n, double p) =>
        p == 0 ? (k == 0 ? 1 : 0)
        : Math.Exp(MathNet.Numerics.SpecialFunctions.BinomialLn(n, k) + k * Math.Log(p) + (n - k) * Math.Log(1 - p));
}
