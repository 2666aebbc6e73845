using System.Numerics.Tensors;

namespace Roux.Tuning.Numerics;

/// <summary>The lower triangular L with L Lᵀ = A, and what follows from it. Rows lie one after another, so that inner loops are dot products.</summary>
internal sealed class Cholesky
{
    private readonly double[] l;

    private Cholesky(double[] l, int size) => (this.l, Size) = (l, size);

    /// <summary>Rows of A.</summary>
    public int Size { get; }

    /// <summary>Sum of the logarithms of L's diagonal: half of log det A.</summary>
    public double LogDiagonal { get; private set; }

    /// <summary>Factors a symmetric matrix given by its lower triangle; <c>null</c> where it is not positive definite.</summary>
    /// <param name="a">size x size, row by row; overwritten.</param>
    /// <param name="size">Its number of rows.</param>
    public static Cholesky? Factor(double[] a, int size)
    {
        var sum = 0.0;
        for (var i = 0; i < size; i++)
        {
            var row = a.AsSpan(i * size, size);
            for (var j = 0; j <= i; j++)
            {
                var value = row[j] - TensorPrimitives.Dot(row[..j], a.AsSpan(j * size, j));
                if (j < i)
                {
                    row[j] = value / a[j * size + j];
                }
                else if (value > 0 && double.IsFinite(value))
                {
                    row[i] = Math.Sqrt(value);
                    sum += Math.Log(row[i]);
                }
                else
                {
                    return null;
                }
            }
        }

        return new Cholesky(a, size) { LogDiagonal = sum };
    }

    /// <summary>Replaces b by L⁻¹ b.</summary>
    public void SolveLower(Span<double> b)
    {
        for (var i = 0; i < Size; i++)
        {
            b[i] = (b[i] - TensorPrimitives.Dot<double>(l.AsSpan(i * Size, i), b[..i])) / l[i * Size + i];
        }
    }

    /// <summary>Replaces b by L⁻ᵀ b.</summary>
    public void SolveUpper(Span<double> b)
    {
        for (var i = Size - 1; i >= 0; i--)
        {
            b[i] /= l[i * Size + i];
            TensorPrimitives.MultiplyAdd(l.AsSpan(i * Size, i), -b[i], b[..i], b[..i]);
        }
    }

    /// <summary>Replaces b by A⁻¹ b.</summary>
    public void Solve(Span<double> b)
    {
        SolveLower(b);
        SolveUpper(b);
    }

    /// <summary>A⁻¹, both triangles, row by row.</summary>
    public double[] Inverse()
    {
        var n = Size;
        var m = new double[n * n]; // (L⁻¹)ᵀ: row j holds column j of L⁻¹
        for (var j = 0; j < n; j++)
        {
            var row = m.AsSpan(j * n, n);
            row[j] = 1 / l[j * n + j];
            for (var i = j + 1; i < n; i++)
            {
                row[i] = -TensorPrimitives.Dot<double>(l.AsSpan(i * n + j, i - j), row[j..i]) / l[i * n + i];
            }
        }

        var inverse = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                inverse[i * n + j] = inverse[j * n + i] = TensorPrimitives.Dot<double>(m.AsSpan(i * n + i, n - i), m.AsSpan(j * n + i, n - i));
            }
        }

        return inverse;
    }
}
