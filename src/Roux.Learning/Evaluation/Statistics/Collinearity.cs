using MathNet.Numerics.LinearAlgebra;
using Roux.Learning.Learners.Linear;

namespace Roux.Learning.Evaluation.Statistics;

/// <summary>How far columns can be told from each other.</summary>
public static class Collinearity
{
    private const double Nothing = 1e-10;

    /// <summary>
    /// Variance inflation of groups of columns (Fox and Monette, "Generalized collinearity diagnostics", 1992), raised to 1 / (columns of the group), so that it is comparable with the usual
    /// factor 1 / (1 - R²) of a single column, which it is for a group of one. Infinite where a group depends on the others.
    /// </summary>
    /// <param name="columns">All columns, of one length, each with some variation.</param>
    /// <param name="groups">Per column its group, from 0.</param>
    /// <returns>One per group.</returns>
    public static double[] VarianceInflation(IReadOnlyList<double[]> columns, IReadOnlyList<int> groups)
    {
        var correlations = Correlations(columns);
        var all = Enumerable.Range(0, columns.Count).ToArray();
        var whole = LogDeterminant(correlations, all);
        return [.. Enumerable.Range(0, groups.DefaultIfEmpty(-1).Max() + 1).Select(group =>
        {
            int[] own = [.. all.Where(column => groups[column] == group)];
            int[] others = [.. all.Where(column => groups[column] != group)];
            if (own.Length == 0 || others.Length == 0)
            {
                return 1;
            }

            var (inside, outside) = (LogDeterminant(correlations, own), LogDeterminant(correlations, others));
            // Where the others already depend on each other, what they say of this group is judged without the dependence.
            return double.IsNegativeInfinity(whole) && !double.IsNegativeInfinity(inside) && !double.IsNegativeInfinity(outside) ? double.PositiveInfinity
                : double.IsNegativeInfinity(whole) ? ByRegression(columns, own, others)
                : Math.Exp((inside + outside - whole) / own.Length);
        })];
    }

    /// <summary>
    /// The condition number of the design, intercept included, its columns scaled to length 1 but not centred (Belsley, Kuh and Welsch 1980): above 30, weights share their credit arbitrarily.
    /// </summary>
    public static double ConditionNumber(IReadOnlyList<double[]> columns)
    {
        var rows = columns.Count == 0 ? 1 : columns[0].Length;
        List<double[]> scaled = [.. columns.Prepend(Enumerable.Repeat(1.0, rows).ToArray()).Select(column =>
        {
            var length = Math.Sqrt(column.Sum(value => value * value));
            return length > 0 ? Array.ConvertAll(column, value => value / length) : column;
        })];
        var singular = Matrix<double>.Build.DenseOfColumns(scaled).Svd(computeVectors: false).S;
        return singular.Minimum() > 1e-15 * singular.Maximum() ? singular.Maximum() / singular.Minimum() : double.PositiveInfinity;
    }

    private static double ByRegression(IReadOnlyList<double[]> columns, int[] own, int[] others)
    {
        var worst = 1.0;
        foreach (var column in own)
        {
            var mean = columns[column].Average();
            var total = columns[column].Sum(value => (value - mean) * (value - mean));
            var left = new LeastSquaresFit([.. others.Select(other => columns[other])], columns[column]).ResidualSquares;
            worst = Math.Max(worst, left > 1e-9 * total ? total / left : double.PositiveInfinity);
        }

        return worst;
    }

    private static Matrix<double> Correlations(IReadOnlyList<double[]> columns)
    {
        var standardised = columns.Select(column =>
        {
            var mean = column.Average();
            var length = Math.Sqrt(column.Sum(value => (value - mean) * (value - mean)));
            return Array.ConvertAll(column, value => length > 0 ? (value - mean) / length : 0);
        }).ToArray();
        return Matrix<double>.Build.Dense(columns.Count, columns.Count, (i, j) => i == j ? 1 : Vectors.Dot(standardised[i], standardised[j]));
    }

    private static double LogDeterminant(Matrix<double> matrix, int[] chosen)
    {
        var values = Matrix<double>.Build.Dense(chosen.Length, chosen.Length, (i, j) => matrix[chosen[i], chosen[j]]).Evd(Symmetricity.Symmetric).EigenValues;
        return values.Any(value => value.Real < Nothing) ? double.NegativeInfinity : values.Sum(value => Math.Log(value.Real));
    }
}
