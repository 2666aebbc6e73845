using Roux.Learning.Features;

namespace Roux.Debugging.Checks.Pipelines;

/// <summary>Figures of every column of a matrix, from one pass over it.</summary>
internal sealed class InputStatistics
{
    private readonly double[] sums;
    private readonly double[] squares;
    private readonly int rows;

    private InputStatistics(int rows, int columns)
    {
        this.rows = rows;
        (sums, squares) = (new double[columns], new double[columns]);
        (Low, High, Missing, Infinite, Zeros) = (new double[columns], new double[columns], new int[columns], new int[columns], new int[columns]);
        Array.Fill(Low, double.PositiveInfinity);
        Array.Fill(High, double.NegativeInfinity);
    }

    /// <summary>Least finite value.</summary>
    public double[] Low { get; }

    /// <summary>Greatest finite value.</summary>
    public double[] High { get; }

    /// <summary>Rows with NaN.</summary>
    public int[] Missing { get; }

    /// <summary>Rows with an infinite value.</summary>
    public int[] Infinite { get; }

    /// <summary>Rows with 0.</summary>
    public int[] Zeros { get; }

    /// <summary>Rows in which nothing but 0 stands.</summary>
    public int EmptyRows { get; private set; }

    public double Mean(int column) => rows - Missing[column] - Infinite[column] is > 0 and var known ? sums[column] / known : 0;

    public double Deviation(int column) => rows - Missing[column] - Infinite[column] is > 0 and var known
        ? Math.Sqrt(Math.Max(0, squares[column] / known - Mean(column) * Mean(column))) is var deviation && deviation > 1e-7 * Math.Max(Math.Abs(Low[column]), Math.Abs(High[column])) ? deviation : 0 : 0;

    public static InputStatistics Of(FeatureMatrix x)
    {
        var made = new InputStatistics(x.Rows, x.Columns);
        for (var row = 0; row < x.Rows; row++)
        {
            var isEmpty = true;
            if (x.Dense is { } dense)
            {
                for (var j = 0; j < x.Columns; j++)
                {
                    isEmpty &= made.Add(j, dense[(long)row * x.Columns + j]);
                }
            }
            else
            {
                for (var i = x.RowStarts![row]; i < x.RowStarts[row + 1]; i++)
                {
                    isEmpty &= made.Add(x.Indices![i], x.Values![i]);
                }
            }

            made.EmptyRows += isEmpty ? 1 : 0;
        }

        if (x.IsSparse)
        {
            made.AddZeros(x);
        }

        return made;
    }

    private bool Add(int column, float value)
    {
        if (float.IsNaN(value))
        {
            Missing[column]++;
            return false;
        }

        if (float.IsInfinity(value))
        {
            Infinite[column]++;
            return false;
        }

        sums[column] += value;
        squares[column] += (double)value * value;
        Low[column] = Math.Min(Low[column], value);
        High[column] = Math.Max(High[column], value);
        Zeros[column] += value == 0 ? 1 : 0;
        return value == 0;
    }

    private void AddZeros(FeatureMatrix x)
    {
        var stored = new int[x.Columns];
        for (var i = 0L; i < x.RowStarts![^1]; i++)
        {
            stored[x.Indices![i]]++;
        }

        for (var j = 0; j < x.Columns; j++)
        {
            if (stored[j] < rows)
            {
                Zeros[j] += rows - stored[j];
                Low[j] = Math.Min(Low[j], 0);
                High[j] = Math.Max(High[j], 0);
            }
        }
    }
}
