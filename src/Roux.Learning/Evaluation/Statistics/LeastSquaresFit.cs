namespace Roux.Learning.Evaluation.Statistics;

/// <summary>
/// An ordinary least-squares fit with an intercept, see <see cref="OrthogonalBasis"/>. Columns that depend on those before them are left out of the fit,
/// which leaves residuals and leverages as they are.
/// </summary>
public sealed class LeastSquaresFit
{
    private readonly OrthogonalBasis basis = new();

    /// <param name="columns">The regressors, all of one length; without the intercept.</param>
    /// <param name="y">The answers.</param>
    /// <exception cref="ArgumentException">Lengths differ, or there is no row.</exception>
    public LeastSquaresFit(IReadOnlyList<double[]> columns, double[] y)
    {
        if (y.Length == 0 || columns.Any(column => column.Length != y.Length))
        {
            throw new ArgumentException($"a fit needs rows, and columns of {y.Length} values as the answers have");
        }

        var constant = new double[y.Length];
        Array.Fill(constant, 1);
        basis.Add(constant);
        foreach (var column in columns)
        {
            basis.Add(column);
        }

        Residuals = basis.Rest(y);
        Fitted = [.. y.Zip(Residuals, (answer, residual) => answer - residual)];
        RowCount = y.Length;
    }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>Number of independent columns, the intercept included.</summary>
    public int Rank => basis.Count;

    /// <summary>What the fit says of each row.</summary>
    public double[] Fitted { get; }

    /// <summary>Answers less fitted values.</summary>
    public double[] Residuals { get; }

    /// <summary>Sum of squared residuals.</summary>
    public double ResidualSquares => Residuals.Sum(residual => residual * residual);

    /// <summary>Degrees of freedom left to the residuals.</summary>
    public int Freedom => RowCount - Rank;

    /// <summary>How much each row pulls the fit to itself (diagonal of the hat matrix), 0 to 1; they sum to the rank.</summary>
    public double[] Leverages()
    {
        var leverages = new double[RowCount];
        foreach (var direction in basis.Directions)
        {
            for (var row = 0; row < leverages.Length; row++)
            {
                leverages[row] += direction[row] * direction[row];
            }
        }

        return leverages;
    }

    /// <summary>Whether more columns explain the residuals: the F-test of the larger model, and the share of the residual variance that they take away (partial R²).</summary>
    /// <param name="more">Further columns.</param>
    public (TestStatistic Test, double PartialR2) Gain(IReadOnlyList<double[]> more)
    {
        var rank = basis.Count;
        var before = ResidualSquares;
        foreach (var column in more)
        {
            basis.Add(column);
        }

        var after = basis.Rest(Residuals).Sum(residual => residual * residual);
        var (added, freedom) = (basis.Count - rank, RowCount - basis.Count);
        basis.Shorten(rank);
        if (added == 0 || freedom <= 0 || before <= 0)
        {
            return (new TestStatistic(double.NaN, double.NaN), 0);
        }

        var f = (before - after) / added / (after / freedom);
        return (new TestStatistic(f, Tails.F(f, added, freedom)), Math.Clamp(1 - after / before, 0, 1));
    }
}
