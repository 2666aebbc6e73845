using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Roux.Learning.Features;

namespace Roux.Learning.Learners.Neighbours;

/// <summary>Searches training rows; shared by all threads.</summary>
internal interface IRowSearch
{
    /// <summary>The working memory of one thread.</summary>
    IRowQuery Query();
}

/// <summary>Finds the nearest training rows of one row after another.</summary>
internal interface IRowQuery
{
    void Find(FeatureMatrix x, int row, NearestRows nearest);
}

/// <summary>Compares with 32 training rows at once: they lie side by side, feature after feature.</summary>
internal sealed class DenseRowSearch : IRowSearch
{
    private const int Lanes = 32;

    private readonly Metric metric;
    private readonly int rows;
    private readonly int columns;
    private readonly float[] blocks;

    public DenseRowSearch(FeatureMatrix training, Metric metric)
    {
        (this.metric, rows, columns) = (metric, training.Rows, training.Columns);
        blocks = new float[(long)((rows + Lanes - 1) / Lanes) * Lanes * columns];
        for (var row = 0; row < rows; row++)
        {
            var length = metric == Metric.Cosine ? Length(training.Dense.AsSpan(row * columns, columns)) : 1;
            for (var j = 0; j < columns; j++)
            {
                blocks[row / Lanes * Lanes * columns + j * Lanes + row % Lanes] = training.Dense![row * columns + j] / length;
            }
        }
    }

    public IRowQuery Query() => new DenseQuery(this);

    private static float Length(ReadOnlySpan<float> row)
    {
        var sum = 0.0;
        foreach (var value in row)
        {
            sum += (double)value * value;
        }

        return sum > 0 ? (float)Math.Sqrt(sum) : 1;
    }

    private sealed class DenseQuery(DenseRowSearch search) : IRowQuery
    {
        private readonly float[] sums = new float[Lanes];
        private readonly float[] query = new float[search.columns];

        public void Find(FeatureMatrix x, int row, NearestRows nearest)
        {
            x.Dense.AsSpan(row * search.columns, search.columns).CopyTo(query);
            if (search.metric == Metric.Cosine)
            {
                var length = Length(query);
                for (var j = 0; j < query.Length; j++)
                {
                    query[j] /= length;
                }
            }

            for (var first = 0; first < search.rows; first += Lanes)
            {
                if (!Compare(MemoryMarshal.Cast<float, Vector256<float>>(search.blocks.AsSpan(first * search.columns, Lanes * search.columns)), nearest.Limit))
                {
                    continue;
                }

                var last = Math.Min(Lanes, search.rows - first);
                for (var lane = 0; lane < last; lane++)
                {
                    nearest.Offer(search.metric == Metric.Cosine ? Math.Max(0, 1.0 - sums[lane]) : sums[lane], first + lane);
                }
            }

            if (search.metric == Metric.Euclidean)
            {
                nearest.TakeRoots();
            }
        }

        /// <summary>Sums over the features for each lane.</summary>
        /// <returns>Whether any lane can be nearer than the limit.</returns>
        private bool Compare(ReadOnlySpan<Vector256<float>> block, double limit)
        {
            var (a, b, c, d) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            var kind = search.metric;
            for (var j = 0; j < query.Length; j++)
            {
                var value = Vector256.Create(query[j]);
                var (p, q, r, s) = (block[4 * j], block[4 * j + 1], block[4 * j + 2], block[4 * j + 3]);
                if (kind == Metric.Cosine)
                {
                    a += value * p;
                    b += value * q;
                    c += value * r;
                    d += value * s;
                    continue;
                }

                (p, q, r, s) = (value - p, value - q, value - r, value - s);
                if (kind == Metric.Euclidean)
                {
                    a += p * p;
                    b += q * q;
                    c += r * r;
                    d += s * s;
                }
                else
                {
                    a += Vector256.Abs(p);
                    b += Vector256.Abs(q);
                    c += Vector256.Abs(r);
                    d += Vector256.Abs(s);
                }
            }

            a.CopyTo(sums, 0);
            b.CopyTo(sums, 8);
            c.CopyTo(sums, 16);
            d.CopyTo(sums, 24);
            return kind == Metric.Cosine
                ? Vector256.GreaterThanAny(Vector256.Max(Vector256.Max(a, b), Vector256.Max(c, d)), Vector256.Create(MathF.BitDecrement((float)(1 - limit))))
                : Vector256.LessThanAny(Vector256.Min(Vector256.Min(a, b), Vector256.Min(c, d)), Vector256.Create(MathF.BitIncrement((float)limit)));
        }
    }
}

/// <summary>Compares only with training rows that share a feature, through the list of the rows of each feature; the rest of each distance is known beforehand.</summary>
internal sealed class SparseRowSearch : IRowSearch
{
    private readonly Metric metric;
    private readonly int[] starts;
    private readonly int[] places;
    private readonly float[] values;
    private readonly double[] sizes;

    public SparseRowSearch(FeatureMatrix training, Metric metric)
    {
        this.metric = metric;
        (starts, places, values) = Linear.DesignMatrix.Transpose(training);
        sizes = new double[training.Rows];
        for (var row = 0; row < training.Rows; row++)
        {
            sizes[row] = Size(training, row, metric);
        }
    }

    public IRowQuery Query() => new SparseQuery(this);

    /// <summary>Sum of squares, or of absolute values.</summary>
    private static double Size(FeatureMatrix x, int row, Metric metric)
    {
        var sum = 0.0;
        for (var e = x.RowStarts![row]; e < x.RowStarts[row + 1]; e++)
        {
            double value = x.Values![e];
            sum += metric == Metric.Manhattan ? Math.Abs(value) : value * value;
        }

        return sum;
    }

    private sealed class SparseQuery(SparseRowSearch search) : IRowQuery
    {
        private readonly double[] shared = new double[search.sizes.Length];

        public void Find(FeatureMatrix x, int row, NearestRows nearest)
        {
            Array.Clear(shared);
            for (var e = x.RowStarts![row]; e < x.RowStarts[row + 1]; e++)
            {
                double value = x.Values![e];
                var end = search.starts[x.Indices![e] + 1];
                for (var i = search.starts[x.Indices[e]]; i < end; i++)
                {
                    double other = search.values[i];
                    shared[search.places[i]] += search.metric == Metric.Manhattan
                        ? Math.Abs(value - other) - Math.Abs(value) - Math.Abs(other)
                        : value * other;
                }
            }

            var size = Size(x, row, search.metric);
            for (var i = 0; i < shared.Length; i++)
            {
                var distance = search.metric switch
                {
                    Metric.Euclidean => Math.Max(0, size + search.sizes[i] - 2 * shared[i]),
                    Metric.Manhattan => Math.Max(0, size + search.sizes[i] + shared[i]),
                    _ => size > 0 && search.sizes[i] > 0 ? Math.Max(0, 1 - shared[i] / Math.Sqrt(size * search.sizes[i])) : 1,
                };
                nearest.Offer(distance, i);
            }

            if (search.metric == Metric.Euclidean)
            {
                nearest.TakeRoots();
            }
        }
    }
}
