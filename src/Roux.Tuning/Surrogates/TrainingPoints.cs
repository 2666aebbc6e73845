using System.Numerics.Tensors;

namespace Roux.Tuning.Surrogates;

/// <summary>Points of the unit cube that a surrogate is fitted to.</summary>
internal sealed class TrainingPoints
{
    private readonly double[][] rows;
    private readonly double[][] columns;
    private readonly bool[] nominal;

    /// <param name="rows">One array a point.</param>
    /// <param name="nominal">Which dimensions have no order: values there are alike or not.</param>
    public TrainingPoints(IReadOnlyList<double[]> rows, bool[] nominal)
    {
        this.rows = [.. rows];
        this.nominal = nominal;
        columns = [.. Enumerable.Range(0, nominal.Length).Select(j => this.rows.Select(row => row[j]).ToArray())];
    }

    public int Count => rows.Length;

    public int Dimensions => nominal.Length;

    public bool IsNominal(int dimension) => nominal[dimension];

    public ReadOnlySpan<double> Row(int index) => rows[index];

    /// <summary>Distances of all points from a value in one dimension, with their sign.</summary>
    public void Distances(int dimension, double value, Span<double> distances)
    {
        var column = columns[dimension];
        if (!nominal[dimension])
        {
            TensorPrimitives.Subtract(column, value, distances);
            return;
        }

        for (var i = 0; i < column.Length; i++)
        {
            distances[i] = column[i] == value ? 0 : 1;
        }
    }

    /// <summary>Squared differences of all pairs (i, j), j below i, in the order of i then j, an array a dimension.</summary>
    public double[][] SquaredDifferences()
    {
        var squares = new double[Dimensions][];
        for (var dimension = 0; dimension < Dimensions; dimension++)
        {
            var (column, pairs) = (columns[dimension], new double[Count * (Count - 1) / 2]);
            for (var (i, at) = (0, 0); i < Count; at += i, i++)
            {
                for (var j = 0; j < i; j++)
                {
                    var difference = nominal[dimension] ? column[i] == column[j] ? 0 : 1 : column[i] - column[j];
                    pairs[at + j] = difference * difference;
                }
            }

            squares[dimension] = pairs;
        }

        return squares;
    }
}
