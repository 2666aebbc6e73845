using Roux.Learning.Evaluation.Statistics;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

/// <summary>
/// Longley's data (JASA 1967), whose figures are printed in the documentation of statsmodels (OLS summary: Durbin-Watson 2.559, Jarque-Bera 0.684 with p 0.710, skew 0.420, kurtosis 2.434)
/// and in textbooks (variance inflation, condition index of the scaled design).
/// </summary>
public sealed class AssumptionStatisticsTests
{
    private static readonly double[][] Longley =
    [
        [83.0, 88.5, 88.2, 89.5, 96.2, 98.1, 99.0, 100.0, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9],
        [234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546, 482704, 502601, 518173, 554894],
        [2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007],
        [1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827],
        [107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950, 123366, 125368, 127852, 130081],
        [1947, 1948, 1949, 1950, 1951, 1952, 1953, 1954, 1955, 1956, 1957, 1958, 1959, 1960, 1961, 1962],
    ];

    private static readonly double[] Employed = [60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761, 66019, 67857, 68169, 66513, 68655, 69564, 69331, 70551];

    [Fact]
    public void A_fit_is_that_of_the_textbook()
    {
        var fit = new LeastSquaresFit(Longley, Employed);
        fit.Rank.ShouldBe(7);
        (fit.ResidualSquares / 836424.055505915).ShouldBe(1, 1e-6); // NIST, Statistical Reference Datasets
        fit.Leverages().Sum().ShouldBe(7, 1e-9);
        RegressionTests.DurbinWatson(fit.Residuals).Statistic.ShouldBe(2.559, 0.0005);
        var (test, skewness, excess) = RegressionTests.JarqueBera(fit.Residuals);
        test.Statistic.ShouldBe(0.684, 0.0005);
        test.PValue.ShouldBe(0.710, 0.0005);
        skewness.ShouldBe(0.420, 0.0005);
        (excess + 3).ShouldBe(2.434, 0.0005);
    }

    [Fact]
    public void Variance_inflation_and_condition_are_those_of_the_textbook()
    {
        var factors = Collinearity.VarianceInflation(Longley, [0, 1, 2, 3, 4, 5]);
        double[] expected = [135.53, 1788.51, 33.62, 3.59, 399.15, 758.98];
        for (var i = 0; i < 6; i++)
        {
            (factors[i] / expected[i]).ShouldBe(1, 0.002);
        }

        (Collinearity.ConditionNumber(Longley) / 43275).ShouldBe(1, 0.001);
        double[] x = [1, 2, 3, 4, 5], z = [2, 1, 4, 3, 6];
        double[] sum = [.. x.Zip(z, (a, b) => a + b)];
        Collinearity.VarianceInflation([x, z, sum], [0, 1, 2]).ShouldAllBe(factor => double.IsPositiveInfinity(factor));
        Collinearity.VarianceInflation([x, z, sum], [0, 0, 1])[1].ShouldBe(double.PositiveInfinity);
        Collinearity.VarianceInflation([x], [0]).ShouldBe([1.0]);
    }

    [Fact]
    public void Reset_and_breusch_pagan_are_the_regressions_that_they_stand_for()
    {
        // Powers of a straight line's fitted values span the same as powers of x.
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8];
        double[] y = [1, 4, 9, 16, 25, 36, 49, 65];
        var fit = new LeastSquaresFit([x], y);
        fit.Residuals.Sum().ShouldBe(0, 1e-9);
        fit.Residuals.Zip(x, (a, b) => a * b).Sum().ShouldBe(0, 1e-9);
        var (reset, partial) = RegressionTests.Reset(fit);
        var larger = new LeastSquaresFit([x, [.. x.Select(v => v * v)], [.. x.Select(v => v * v * v)]], y);
        var f = (fit.ResidualSquares - larger.ResidualSquares) / 2 / (larger.ResidualSquares / 4);
        reset.Statistic.ShouldBe(f, 1e-6 * f);
        partial.ShouldBe(1 - larger.ResidualSquares / fit.ResidualSquares, 1e-9);
        reset.PValue.ShouldBeLessThan(1e-5);

        var (breusch, r2) = RegressionTests.BreuschPagan(fit, [x]);
        double[] squares = [.. fit.Residuals.Select(e => e * e)];
        var correlation = Correlation.Pearson(x, squares).Statistic;
        r2.ShouldBe(correlation * correlation, 1e-9);
        breusch.Statistic.ShouldBe(8 * r2, 1e-9);
        breusch.PValue.ShouldBe(2 * (1 - NormalBelow(Math.Sqrt(8 * r2))), 1e-9); // one degree of freedom: a squared normal
    }

    [Fact]
    public void Durbin_watson_looks_at_neighbours_within_blocks()
    {
        RegressionTests.DurbinWatson([1, -1, 1, -1]).Statistic.ShouldBe(3); // three changes of 2, four squares of 1
        RegressionTests.DurbinWatson([1, 1, -1, -1], block: 2).Statistic.ShouldBe(0);
        var walk = new double[500];
        var random = new Random(2);
        for (var i = 1; i < walk.Length; i++)
        {
            walk[i] = 0.6 * walk[i - 1] + Simulated.Normal(random);
        }

        var test = RegressionTests.DurbinWatson(walk);
        test.Statistic.ShouldBe(2 * (1 - 0.6), 0.2);
        test.PValue.ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void Cooks_distance_is_how_far_the_fit_moves_without_the_row()
    {
        double[] x = [1, 2, 3, 4, 20];
        double[] y = [1.1, 1.9, 3.2, 3.9, 5];
        var fit = new LeastSquaresFit([x], y);
        var cook = RegressionTests.Cook(fit);
        for (var left = 0; left < 5; left++)
        {
            int[] rest = [.. Enumerable.Range(0, 5).Where(row => row != left)];
            var (mx, my) = (rest.Average(row => x[row]), rest.Average(row => y[row]));
            var slope = rest.Sum(row => (x[row] - mx) * (y[row] - my)) / rest.Sum(row => (x[row] - mx) * (x[row] - mx));
            var moved = Enumerable.Range(0, 5).Sum(row => Math.Pow(fit.Fitted[row] - (my + slope * (x[row] - mx)), 2));
            cook[left].ShouldBe(moved / (2 * fit.ResidualSquares / 3), 1e-9);
        }
    }

    [Fact]
    public void A_logistic_fit_meets_its_equations_and_its_score_test_agrees_with_the_likelihood()
    {
        var random = new Random(5);
        double[] x = [.. Enumerable.Range(0, 600).Select(_ => Simulated.Normal(random))];
        double[] square = [.. x.Select(v => v * v)];
        bool[] labels = [.. x.Select(v => random.NextDouble() < 1 / (1 + Math.Exp(-(0.4 + 0.9 * v + 0.25 * v * v))))];
        var fit = new LogisticFit([x], labels);
        labels.Select((label, i) => (label ? 1 : 0) - fit.Probabilities[i]).Sum().ShouldBe(0, 1e-3);
        labels.Select((label, i) => ((label ? 1 : 0) - fit.Probabilities[i]) * x[i]).Sum().ShouldBe(0, 1e-3);
        fit.Weights[1].ShouldBeInRange(0.3, 1.5);
        var score = fit.Score(square);
        var ratio = 2 * (new LogisticFit([x, square], labels).LogLikelihood - fit.LogLikelihood);
        (score.Statistic / ratio).ShouldBe(1, 0.3); // the two tests agree for large samples
        fit.Score(x).Statistic.ShouldBe(0, 1e-6);
    }

    [Fact]
    public void The_f_tail_is_that_of_tables()
    {
        Tails.F(4.256, 2, 9).ShouldBe(0.05, 1e-4);
        Tails.F(8.02, 2, 9).ShouldBe(0.01, 1e-4);
        Tails.F(0, 3, 5).ShouldBe(1);
    }

    private static double NormalBelow(double z) => Tails.NormalBelow(z);
}
