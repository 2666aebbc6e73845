using Roux.Learning.Features.Columns;

namespace Roux.Learning.Features;

/// <summary>Puts encoded columns side by side into one matrix.</summary>
internal static class MatrixAssembly
{
    /// <summary>Matrices of fewer columns are always dense: compressed rows would save nothing worth having.</summary>
    private const int MinSparseColumns = 50;

    /// <summary>Above this share of non-zeros compressed rows (8 bytes a value against 4) are hardly smaller and slower to read.</summary>
    private const double MaxSparseDensity = 0.25;

    private const int SampleRows = 500;
    private const int BlockRows = 512;

    /// <summary>Whether compressed rows suit these columns better, judged on evenly spaced rows.</summary>
    public static bool PrefersSparse(EncodedColumn[] columns, int[] offsets, int rows)
    {
        if (offsets[^1] < MinSparseColumns || rows == 0)
        {
            return false;
        }

        var sink = new RowSink();
        var sampled = Math.Min(rows, SampleRows);
        for (var i = 0; i < sampled; i++)
        {
            EmitRow(columns, offsets, (int)((long)i * rows / sampled), sink);
        }

        return sink.Count < MaxSparseDensity * sampled * offsets[^1];
    }

    /// <summary>Builds the matrix. The result does not depend on the number of threads.</summary>
    /// <param name="columns">Encoded columns of <paramref name="rows"/> rows.</param>
    /// <param name="offsets">Where the features of each column start; one more entry than columns.</param>
    /// <param name="features">All features.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="sparse">Compressed rows or dense.</param>
    /// <param name="threads">Threads that may work at once.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static FeatureMatrix Build(
        EncodedColumn[] columns, int[] offsets, IReadOnlyList<Feature> features, int rows, bool sparse, int threads, CancellationToken cancellation) =>
        sparse ? Sparse(columns, offsets, features, rows, threads, cancellation) : Dense(columns, offsets, features, rows, threads, cancellation);

    private static FeatureMatrix Dense(
        EncodedColumn[] columns, int[] offsets, IReadOnlyList<Feature> features, int rows, int threads, CancellationToken cancellation)
    {
        var size = (long)rows * features.Count;
        if (size > Array.MaxLength)
        {
            throw new Data.DataException($"{rows} rows x {features.Count} features are more than a dense matrix can hold ({Array.MaxLength} values); use fewer rows or leave columns out");
        }

        var dense = new float[size];
        ParallelLoop.For(Blocks(rows), threads, block =>
        {
            var sink = new RowSink(dense, features.Count);
            for (var row = block * BlockRows; row < Math.Min(rows, (block + 1) * BlockRows); row++)
            {
                EmitRow(columns, offsets, row, sink);
            }
        }, cancellation);
        return FeatureMatrix.FromDense(rows, features, dense);
    }

    private static FeatureMatrix Sparse(
        EncodedColumn[] columns, int[] offsets, IReadOnlyList<Feature> features, int rows, int threads, CancellationToken cancellation)
    {
        var starts = new long[rows + 1];
        var sinks = new RowSink[Blocks(rows)];
        ParallelLoop.For(sinks.Length, threads, block =>
        {
            var sink = sinks[block] = new RowSink();
            for (var row = block * BlockRows; row < Math.Min(rows, (block + 1) * BlockRows); row++)
            {
                var before = sink.Count;
                EmitRow(columns, offsets, row, sink);
                starts[row + 1] = sink.Count - before;
            }
        }, cancellation);
        for (var row = 0; row < rows; row++)
        {
            starts[row + 1] += starts[row];
        }

        if (starts[rows] > Array.MaxLength)
        {
            throw new Data.DataException($"{starts[rows]} non-zero features are more than a sparse matrix can hold ({Array.MaxLength}); use fewer rows or fewer text features");
        }

        var indices = new int[starts[rows]];
        var values = new float[starts[rows]];
        for (var block = 0; block < sinks.Length; block++)
        {
            var start = (int)starts[block * BlockRows];
            sinks[block].Indices.CopyTo(indices.AsSpan(start));
            sinks[block].Values.CopyTo(values.AsSpan(start));
            sinks[block] = null!; // lets the block be collected while the others are copied
        }

        return FeatureMatrix.FromSparse(features, starts, indices, values);
    }

    private static int Blocks(int rows) => (rows + BlockRows - 1) / BlockRows;

    private static void EmitRow(EncodedColumn[] columns, int[] offsets, int row, RowSink sink)
    {
        sink.Start(row);
        for (var i = 0; i < columns.Length; i++)
        {
            sink.Offset = offsets[i];
            columns[i].Emit(row, sink);
        }
    }
}
