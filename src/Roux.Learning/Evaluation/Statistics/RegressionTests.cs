namespace Roux.Learning.Evaluation.Statistics;

/// <summary>Tests of what a linear regression takes for granted.</summary>
public static class RegressionTests
{
    /// <summary>
    /// RESET (Ramsey, "Tests for specification errors in classical linear least-squares regression analysis", 1969): whether squares and cubes of the fitted values explain the residuals,
    /// which they do where the answer is not a weighted sum.
    /// </summary>
    /// <returns>The F-test, and the share of the residual variance that the powers take away.</returns>
    public static (TestStatistic Test, double PartialR2) Reset(LeastSquaresFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var (mean, spread) = MeanAndSpread(fit.Fitted);
        if (spread <= 1e-12 * Math.Max(1, Math.Abs(mean)))
        {
            return (new TestStatistic(double.NaN, double.NaN), 0);
        }

        // Powers of the standardised values span the same, and keep their digits.
        double[] scaled = [.. fit.Fitted.Select(value => (value - mean) / spread)];
        return fit.Gain([[.. scaled.Select(value => value * value)], [.. scaled.Select(value => value * value * value)]]);
    }

    /// <summary>
    /// Breusch and Pagan's test of even spread (1979) in the form of Koenker (1981), which does not rely on normal errors: whether the columns explain the squared residuals.
    /// </summary>
    /// <param name="fit">The fit.</param>
    /// <param name="columns">Its columns.</param>
    /// <returns>n R² of that regression with its chi-square p-value, and R².</returns>
    public static (TestStatistic Test, double R2) BreuschPagan(LeastSquaresFit fit, IReadOnlyList<double[]> columns)
    {
        ArgumentNullException.ThrowIfNull(fit);
        double[] squares = [.. fit.Residuals.Select(residual => residual * residual)];
        var mean = squares.Average();
        var total = squares.Sum(square => (square - mean) * (square - mean));
        var auxiliary = new LeastSquaresFit(columns, squares);
        if (total <= 0 || auxiliary.Rank < 2)
        {
            return (new TestStatistic(double.NaN, double.NaN), 0);
        }

        var r2 = Math.Clamp(1 - auxiliary.ResidualSquares / total, 0, 1);
        return (new TestStatistic(fit.RowCount * r2, Tails.ChiSquare(fit.RowCount * r2, auxiliary.Rank - 1)), r2);
    }

    /// <summary>Jarque and Bera's test of normality (1987), with skewness and excess kurtosis.</summary>
    public static (TestStatistic Test, double Skewness, double ExcessKurtosis) JarqueBera(ReadOnlySpan<double> values)
    {
        double n = values.Length, mean = 0;
        foreach (var value in values)
        {
            mean += value / n;
        }

        double second = 0, third = 0, fourth = 0;
        foreach (var value in values)
        {
            var d = value - mean;
            second += d * d / n;
            third += d * d * d / n;
            fourth += d * d * d * d / n;
        }

        if (!(second > 0))
        {
            return (new TestStatistic(double.NaN, double.NaN), double.NaN, double.NaN);
        }

        var (skewness, excess) = (third / Math.Pow(second, 1.5), fourth / (second * second) - 3);
        var statistic = n / 6 * (skewness * skewness + excess * excess / 4);
        return (new TestStatistic(statistic, Tails.ChiSquare(statistic, 2)), skewness, excess);
    }

    /// <summary>
    /// Durbin and Watson's statistic (1950): about 2 where neighbouring residuals have nothing to do with each other, towards 0 where they are alike, towards 4 where they alternate.
    /// The p-value, two-sided, is from the normal approximation with variance 4 / n, good from some tens of rows on.
    /// </summary>
    /// <param name="residuals">In their order.</param>
    /// <param name="block">Neighbours are within blocks of so many; 0 for one block.</param>
    public static TestStatistic DurbinWatson(ReadOnlySpan<double> residuals, int block = 0)
    {
        double changes = 0, squares = 0;
        var pairs = 0;
        for (var i = 0; i < residuals.Length; i++)
        {
            squares += residuals[i] * residuals[i];
            if (i > 0 && (block == 0 || i % block != 0))
            {
                changes += (residuals[i] - residuals[i - 1]) * (residuals[i] - residuals[i - 1]);
                pairs++;
            }
        }

        if (pairs == 0 || !(squares > 0))
        {
            return new TestStatistic(double.NaN, double.NaN);
        }

        // One block has a pair less than rows, as in the definition; more blocks have fewer, and are scaled to it.
        var statistic = changes / squares * (block == 0 ? 1 : (residuals.Length - 1.0) / pairs);
        return new TestStatistic(statistic, Tails.NormalTwoSided((statistic - 2) / Math.Sqrt(4.0 / residuals.Length)));
    }

    /// <summary>Cook's distance of each row (1977): how far the fit would move without it, above 1 a lot.</summary>
    public static double[] Cook(LeastSquaresFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var variance = fit.Freedom > 0 ? fit.ResidualSquares / fit.Freedom : 0;
        return [.. fit.Leverages().Zip(fit.Residuals, (leverage, residual) => variance > 0 && leverage < 1 - 1e-9
            ? residual * residual / (fit.Rank * variance) * leverage / ((1 - leverage) * (1 - leverage)) : 0)];
    }

    private static (double Mean, double Spread) MeanAndSpread(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }
}
