namespace Roux.Debugging.Checks.Training;

/// <summary>Values of a batch, row after row.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Width">Values a row; all dimensions but the first in one.</param>
/// <param name="Values"><paramref name="Rows"/> x <paramref name="Width"/> values.</param>
public sealed record NetworkOutput(int Rows, int Width, float[] Values)
{
    /// <summary>A row's values.</summary>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Width, Width);

    /// <summary>The greatest difference to another of the same shape, over the standard deviation of this one's values (at least 1e-6).</summary>
    public double Distance(NetworkOutput other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Values.Length != Values.Length)
        {
            return double.PositiveInfinity;
        }

        var (sum, squares, most) = (0.0, 0.0, 0.0);
        for (var index = 0; index < Values.Length; index++)
        {
            double value = Values[index];
            sum += value;
            squares += value * value;
            most = Math.Max(most, Math.Abs(value - other.Values[index]));
        }

        var mean = sum / Values.Length;
        return most / Math.Max(1e-6, Math.Sqrt(Math.Max(0, squares / Values.Length - mean * mean)));
    }
}
