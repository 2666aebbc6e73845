using System.Numerics;
using System.Runtime.InteropServices;
using Roux.Learning.Features;

namespace Roux.Learning.Learners.Linear;

/// <summary>
/// The two products that linear models are made of, X W and X' R, over dense or sparse rows, for several outputs at once.
/// Weights lie output by output for dense features (a row's dot product runs along them) and feature by feature for sparse ones
/// (a stored value touches all outputs at once); <see cref="At"/> hides it. Sums run in an order that depends on nothing but the shape.
/// </summary>
internal sealed class DesignMatrix
{
    /// <summary>Rows whose contributions to X' R are summed together; fixed, so that the sum is the same for any number of threads.</summary>
    private const int RowBlock = 4096;

    private readonly FeatureMatrix x;
    private readonly int threads;
    private readonly CancellationToken cancellation;
    private readonly int[]? columnStarts;
    private readonly int[]? columnRows;
    private readonly float[]? columnValues;

    /// <exception cref="LearnerException">A value is NaN or infinite.</exception>
    public DesignMatrix(FeatureMatrix x, FitContext context)
    {
        RequireFinite(x);
        this.x = x;
        threads = context.Threads;
        cancellation = context.Cancellation;
        if (x.IsSparse)
        {
            (columnStarts, columnRows, columnValues) = Transpose(x);
        }
    }

    public int Rows => x.Rows;

    public int Columns => x.Columns;

    /// <summary>Place of the weight of a feature for an output among <paramref name="outputs"/> in a weight array of Columns x outputs.</summary>
    public int At(int feature, int output, int outputs) => x.IsSparse ? feature * outputs + output : output * Columns + feature;

    /// <summary>z[r, k] = sum over j of x[r, j] w[j, k].</summary>
    /// <param name="w">Columns x outputs, laid out by <see cref="At"/>.</param>
    /// <param name="z">Rows x outputs, row-major; overwritten.</param>
    /// <param name="outputs">Number of outputs.</param>
    public void Multiply(double[] w, double[] z, int outputs) =>
        Loops.Blocks(Rows, 512, Work(outputs), cancellation, (first, end, _) =>
        {
            for (var row = first; row < end; row++)
            {
                var target = z.AsSpan(row * outputs, outputs);
                if (x.Dense is { } dense)
                {
                    var values = dense.AsSpan(row * Columns, Columns);
                    for (var k = 0; k < outputs; k++)
                    {
                        target[k] = Dot(values, w.AsSpan(k * Columns, Columns));
                    }
                }
                else
                {
                    Gather(x.Indices!, x.Values!, (int)x.RowStarts![row], (int)x.RowStarts[row + 1], w, target);
                }
            }
        });

    /// <summary>g[j, k] = sum over r of x[r, j] z[r, k].</summary>
    /// <param name="z">Rows x outputs, row-major.</param>
    /// <param name="g">Columns x outputs, laid out by <see cref="At"/>; overwritten.</param>
    /// <param name="outputs">Number of outputs.</param>
    public void MultiplyTransposed(double[] z, double[] g, int outputs)
    {
        if (x.IsSparse)
        {
            Loops.Blocks(Columns, 4096, Work(outputs), cancellation, (first, end, _) =>
            {
                for (var column = first; column < end; column++)
                {
                    Gather(columnRows!, columnValues!, columnStarts![column], columnStarts[column + 1], z, g.AsSpan(column * outputs, outputs));
                }
            });
            return;
        }

        var partial = new double[(Rows + RowBlock - 1) / RowBlock][];
        Loops.Blocks(Rows, RowBlock, Work(outputs), cancellation, (first, end, block) =>
        {
            var sum = new double[g.Length];
            for (var row = first; row < end; row++)
            {
                var values = x.Dense.AsSpan(row * Columns, Columns);
                for (var k = 0; k < outputs; k++)
                {
                    AddScaled(values, z[row * outputs + k], sum.AsSpan(k * Columns, Columns));
                }
            }

            partial[block] = sum;
        });
        Array.Clear(g);
        foreach (var sum in partial)
        {
            for (var i = 0; i < g.Length; i++)
            {
                g[i] += sum[i];
            }
        }
    }

    /// <summary>Weighted sum of the squares of each feature.</summary>
    public double[] Squares(double[] weights)
    {
        var squares = new double[Columns];
        for (var row = 0; row < Rows; row++)
        {
            var (first, end) = x.IsSparse ? (x.RowStarts![row], x.RowStarts[row + 1]) : ((long)row * Columns, (row + 1L) * Columns);
            for (var e = first; e < end; e++)
            {
                double value = (x.Dense ?? x.Values!)[e];
                squares[x.IsSparse ? x.Indices![e] : e - first] += weights[row] * value * value;
            }
        }

        return squares;
    }

    /// <summary>Refuses what arithmetic cannot use.</summary>
    /// <exception cref="LearnerException">A value is NaN or infinite.</exception>
    public static void RequireFinite(FeatureMatrix x)
    {
        var values = x.Dense ?? x.Values!;
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                var column = x.IsSparse ? x.Indices![i] : i % x.Columns;
                throw new LearnerException($"feature '{x.Features[column].Name}' has the value {values[i]}; this family needs finite numbers: impute missing values and drop or clip infinite ones");
            }
        }
    }

    /// <summary>Sum of values[j] w[j], in double precision.</summary>
    public static double Dot(ReadOnlySpan<float> values, ReadOnlySpan<double> w)
    {
        var width = Vector<double>.Count;
        var (low, high) = (Vector<double>.Zero, Vector<double>.Zero);
        var singles = MemoryMarshal.Cast<float, Vector<float>>(values);
        var doubles = MemoryMarshal.Cast<double, Vector<double>>(w);
        for (var i = 0; i < singles.Length; i++)
        {
            Vector.Widen(singles[i], out var first, out var second);
            low += first * doubles[2 * i];
            high += second * doubles[2 * i + 1];
        }

        var sum = Vector.Sum(low + high);
        for (var j = singles.Length * 2 * width; j < values.Length; j++)
        {
            sum += values[j] * w[j];
        }

        return sum;
    }

    /// <summary>sum[j] += scale values[j].</summary>
    public static void AddScaled(ReadOnlySpan<float> values, double scale, Span<double> sum)
    {
        var singles = MemoryMarshal.Cast<float, Vector<float>>(values);
        var doubles = MemoryMarshal.Cast<double, Vector<double>>(sum);
        var factor = new Vector<double>(scale);
        for (var i = 0; i < singles.Length; i++)
        {
            Vector.Widen(singles[i], out var first, out var second);
            doubles[2 * i] += factor * first;
            doubles[2 * i + 1] += factor * second;
        }

        for (var j = singles.Length * 2 * Vector<double>.Count; j < values.Length; j++)
        {
            sum[j] += scale * values[j];
        }
    }

    /// <summary>target[k] = sum over the entries e of values[e] source[places[e], k].</summary>
    private static void Gather(int[] places, float[] values, int first, int end, double[] source, Span<double> target)
    {
        if (target.Length == 1)
        {
            var sum = 0.0;
            for (var e = first; e < end; e++)
            {
                sum += values[e] * source[places[e]];
            }

            target[0] = sum;
            return;
        }

        target.Clear();
        var outputs = target.Length;
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(target);
        var rest = vectors.Length * Vector<double>.Count;
        for (var e = first; e < end; e++)
        {
            var from = source.AsSpan(places[e] * outputs, outputs);
            var fromVectors = MemoryMarshal.Cast<double, Vector<double>>(from);
            double value = values[e];
            var factor = new Vector<double>(value);
            for (var i = 0; i < vectors.Length; i++)
            {
                vectors[i] += factor * fromVectors[i];
            }

            for (var k = rest; k < outputs; k++)
            {
                target[k] += value * from[k];
            }
        }
    }

    private int Work(int outputs) => (x.Dense ?? x.Values!).LongLength * outputs < 100_000 ? 1 : threads;

    internal static (int[] Starts, int[] Rows, float[] Values) Transpose(FeatureMatrix x)
    {
        var starts = new int[x.Columns + 1];
        var count = (int)x.RowStarts![x.Rows];
        for (var e = 0; e < count; e++)
        {
            starts[x.Indices![e] + 1]++;
        }

        for (var column = 0; column < x.Columns; column++)
        {
            starts[column + 1] += starts[column];
        }

        var next = starts.AsSpan(0, x.Columns).ToArray();
        var rows = new int[count];
        var values = new float[count];
        for (var row = 0; row < x.Rows; row++)
        {
            for (var e = (int)x.RowStarts[row]; e < x.RowStarts[row + 1]; e++)
            {
                var place = next[x.Indices![e]]++;
                rows[place] = row;
                values[place] = x.Values![e];
            }
        }

        return (starts, rows, values);
    }
}
