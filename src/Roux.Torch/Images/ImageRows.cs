using Roux.Learning.Features;

namespace Roux.Torch.Images;

/// <summary>Rows of a feature matrix as images: one array of numbers, scaled; missing and empty pixels are 0, which is the mean.</summary>
internal sealed class ImageRows
{
    private readonly float[] pixels;
    private readonly ImageLayout layout;

    private ImageRows(float[] pixels, ImageLayout layout, int count) => (this.pixels, this.layout, Count) = (pixels, layout, count);

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>Mean and standard deviation of all pixels of some rows; the deviation is 1 where nothing changes.</summary>
    public static (double Mean, double Deviation) Scale(FeatureMatrix x, ImageLayout layout)
    {
        var (count, sum, squares) = (0L, 0.0, 0.0);
        var places = layout.Places;
        ForEach(x, (row, column, value) =>
        {
            if (places[column] >= 0)
            {
                count++;
                sum += value;
                squares += (double)value * value;
            }
        });
        var mean = count > 0 ? sum / count : 0;
        var variance = count > 0 ? squares / count - mean * mean : 0;
        return (mean, variance > 1e-12 ? Math.Sqrt(variance) : 1);
    }

    /// <summary>Reads all rows.</summary>
    public static ImageRows Read(FeatureMatrix x, ImageLayout layout, double mean, double deviation)
    {
        var pixels = new float[(long)x.Rows * layout.Size];
        // What never changed in training is no feature: such pixels are most often empty ones, and have the value of an empty one.
        Array.Fill(pixels, (float)((0 - mean) / deviation));
        ForEach(x, (row, column, value) =>
        {
            if (layout.Places[column] >= 0)
            {
                pixels[(long)row * layout.Size + layout.Places[column]] = (float)((value - mean) / deviation);
            }
        }, missing: (row, column) =>
        {
            if (layout.Places[column] >= 0)
            {
                pixels[(long)row * layout.Size + layout.Places[column]] = 0;
            }
        });
        return new ImageRows(pixels, layout, x.Rows);
    }

    /// <summary>Some images one after another, each moved by its shift; what comes in at the edges repeats the edge.</summary>
    /// <param name="rows">Which.</param>
    /// <param name="shifts">For each two numbers, rows down and columns right; empty for none.</param>
    public float[] Take(ReadOnlySpan<int> rows, ReadOnlySpan<long> shifts)
    {
        var taken = new float[rows.Length * layout.Size];
        for (var i = 0; i < rows.Length; i++)
        {
            var from = pixels.AsSpan(rows[i] * layout.Size, layout.Size);
            var to = taken.AsSpan(i * layout.Size, layout.Size);
            if (shifts.IsEmpty || (shifts[2 * i] == 0 && shifts[2 * i + 1] == 0))
            {
                from.CopyTo(to);
            }
            else
            {
                Shift(from, to, (int)shifts[2 * i], (int)shifts[2 * i + 1]);
            }
        }

        return taken;
    }

    private void Shift(ReadOnlySpan<float> from, Span<float> to, int down, int right)
    {
        var i = 0;
        for (var channel = 0; channel < layout.Channels; channel++)
        {
            for (var row = 0; row < layout.Height; row++)
            {
                var source = (channel * layout.Height + Math.Clamp(row - down, 0, layout.Height - 1)) * layout.Width;
                for (var column = 0; column < layout.Width; column++)
                {
                    to[i++] = from[source + Math.Clamp(column - right, 0, layout.Width - 1)];
                }
            }
        }
    }

    private static void ForEach(FeatureMatrix x, Action<int, int, float> value, Action<int, int>? missing = null)
    {
        for (var row = 0; row < x.Rows; row++)
        {
            var (start, end) = x.IsSparse ? (x.RowStarts![row], x.RowStarts[row + 1]) : ((long)row * x.Columns, (row + 1L) * x.Columns);
            for (var i = start; i < end; i++)
            {
                var column = x.IsSparse ? x.Indices![i] : (int)(i - start);
                var number = x.IsSparse ? x.Values![i] : x.Dense![i];
                if (float.IsFinite(number))
                {
                    value(row, column, number);
                }
                else
                {
                    missing?.Invoke(row, column);
                }
            }
        }
    }
}
