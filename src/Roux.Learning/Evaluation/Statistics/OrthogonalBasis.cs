using Roux.Learning.Learners.Linear;

namespace Roux.Learning.Evaluation.Statistics;

/// <summary>Columns made orthonormal, one after another, by modified Gram-Schmidt with a second pass (Björck 1967). Columns that depend on those before them are left out.</summary>
internal sealed class OrthogonalBasis
{
    private const double Dependent = 1e-9;

    private readonly List<double[]> directions = [];

    /// <summary>The orthonormal columns.</summary>
    public IReadOnlyList<double[]> Directions => directions;

    /// <summary>Their number.</summary>
    public int Count => directions.Count;

    /// <summary>Adds what a column has of its own.</summary>
    public void Add(double[] column)
    {
        var rest = Rest(column);
        var norm = Math.Sqrt(Vectors.Dot(rest, rest));
        if (norm > Dependent * Math.Sqrt(Vectors.Dot(column, column)) && Count < column.Length)
        {
            directions.Add(Array.ConvertAll(rest, value => value / norm));
        }
    }

    /// <summary>Takes the last columns out again.</summary>
    public void Shorten(int count) => directions.RemoveRange(count, directions.Count - count);

    /// <summary>What the columns do not span; twice, since once loses digits.</summary>
    public double[] Rest(double[] values)
    {
        var rest = (double[])values.Clone();
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var direction in directions)
            {
                Vectors.AddScaled(rest, direction, -Vectors.Dot(direction, rest));
            }
        }

        return rest;
    }
}
