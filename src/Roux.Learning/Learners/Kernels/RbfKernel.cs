using Roux.Learning.Features;

namespace Roux.Learning.Learners.Kernels;

/// <summary>exp(-gamma times the squared distance), over dense or sparse rows.</summary>
internal static class RbfKernel
{
    /// <summary>1 over the number of features times the variance of all values, as scikit-learn's gamma = scale.</summary>
    public static double Scale(FeatureMatrix x)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in x.Dense ?? x.Values!)
        {
            sum += value;
            squares += (double)value * value;
        }

        var count = (double)x.Rows * x.Columns;
        var variance = squares / count - sum / count * (sum / count);
        return variance > 1e-12 ? 1 / (x.Columns * variance) : 1;
    }

    /// <summary>Squared length of each row.</summary>
    public static double[] Lengths(FeatureMatrix x)
    {
        var lengths = new double[x.Rows];
        for (var row = 0; row < x.Rows; row++)
        {
            foreach (var value in x.Dense is { } dense ? dense.AsSpan(row * x.Columns, x.Columns) : x.Values.AsSpan((int)x.RowStarts![row], (int)(x.RowStarts[row + 1] - x.RowStarts[row])))
            {
                lengths[row] += (double)value * value;
            }
        }

        return lengths;
    }

    /// <summary>Kernel values of one row with all rows of another matrix.</summary>
    /// <param name="full">The row, every feature written out.</param>
    /// <param name="length">Its squared length.</param>
    /// <param name="others">The other matrix.</param>
    /// <param name="lengths">Squared lengths of its rows.</param>
    /// <param name="gamma">Inverse width.</param>
    /// <param name="target">One value per row of <paramref name="others"/>.</param>
    public static void Row(ReadOnlySpan<double> full, double length, FeatureMatrix others, double[] lengths, double gamma, Span<float> target)
    {
        for (var other = 0; other < others.Rows; other++)
        {
            double product;
            if (others.Dense is { } dense)
            {
                product = Linear.DesignMatrix.Dot(dense.AsSpan(other * others.Columns, others.Columns), full);
            }
            else
            {
                product = 0;
                for (var e = others.RowStarts![other]; e < others.RowStarts[other + 1]; e++)
                {
                    product += others.Values![e] * full[others.Indices![e]];
                }
            }

            target[other] = (float)Math.Exp(-gamma * Math.Max(0, length + lengths[other] - 2 * product));
        }
    }

    /// <summary>Writes a row out in full.</summary>
    public static void Fill(FeatureMatrix x, int row, double[] full)
    {
        Array.Clear(full);
        if (x.Dense is { } dense)
        {
            for (var j = 0; j < full.Length; j++)
            {
                full[j] = dense[row * x.Columns + j];
            }

            return;
        }

        for (var e = x.RowStarts![row]; e < x.RowStarts[row + 1]; e++)
        {
            full[x.Indices![e]] = x.Values![e];
        }
    }
}
