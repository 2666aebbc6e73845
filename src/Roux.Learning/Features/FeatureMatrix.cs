namespace Roux.Learning.Features;

/// <summary>Rows of numeric features: dense (row-major) or sparse (compressed rows). Immutable once built.</summary>
public sealed class FeatureMatrix
{
    private FeatureMatrix(int rows, IReadOnlyList<Feature> features, float[]? dense, long[]? starts, int[]? indices, float[]? values) =>
        (Rows, Features, Dense, RowStarts, Indices, Values) = (rows, features, dense, starts, indices, values);

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of features.</summary>
    public int Columns => Features.Count;

    /// <summary>What each column is.</summary>
    public IReadOnlyList<Feature> Features { get; }

    /// <summary>Whether values are stored in compressed rows, zeros left out.</summary>
    public bool IsSparse => Dense is null;

    /// <summary>Dense form: rows x columns, row-major; else <c>null</c>. NaN is missing.</summary>
    public float[]? Dense { get; }

    /// <summary>Sparse form: row r occupies [RowStarts[r], RowStarts[r + 1]) of <see cref="Indices"/> and <see cref="Values"/>; else <c>null</c>.</summary>
    public long[]? RowStarts { get; }

    /// <summary>Sparse form: column of each stored value, ascending within a row.</summary>
    public int[]? Indices { get; }

    /// <summary>Sparse form: the stored values. NaN is missing.</summary>
    public float[]? Values { get; }

    /// <summary>A dense matrix over the given array, which is held, not copied.</summary>
    public static FeatureMatrix FromDense(int rows, IReadOnlyList<Feature> features, float[] values)
    {
        if (values.LongLength != (long)rows * features.Count)
        {
            throw new ArgumentException($"{values.LongLength} values for {rows} x {features.Count}", nameof(values));
        }

        return new FeatureMatrix(rows, features, values, null, null, null);
    }

    /// <summary>A sparse matrix over the given arrays, which are held, not copied.</summary>
    public static FeatureMatrix FromSparse(IReadOnlyList<Feature> features, long[] rowStarts, int[] indices, float[] values)
    {
        if (indices.Length != values.Length || rowStarts[^1] > values.Length)
        {
            throw new ArgumentException("indices, values and row starts do not belong together", nameof(indices));
        }

        return new FeatureMatrix(rowStarts.Length - 1, features, null, rowStarts, indices, values);
    }

    /// <summary>The given rows, in the given order.</summary>
    public FeatureMatrix Take(ReadOnlySpan<int> rows)
    {
        if (Dense is not null)
        {
            var dense = new float[(long)rows.Length * Columns];
            for (var i = 0; i < rows.Length; i++)
            {
                Array.Copy(Dense, (long)rows[i] * Columns, dense, (long)i * Columns, Columns);
            }

            return FromDense(rows.Length, Features, dense);
        }

        var starts = new long[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
        {
            starts[i + 1] = starts[i] + (RowStarts![rows[i] + 1] - RowStarts[rows[i]]);
        }

        var indices = new int[starts[^1]];
        var values = new float[starts[^1]];
        for (var i = 0; i < rows.Length; i++)
        {
            var count = starts[i + 1] - starts[i];
            Array.Copy(Indices!, RowStarts![rows[i]], indices, starts[i], count);
            Array.Copy(Values!, RowStarts[rows[i]], values, starts[i], count);
        }

        return FromSparse(Features, starts, indices, values);
    }
}
