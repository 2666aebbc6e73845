namespace Roux.Server.Components.Charts;

/// <summary>
/// Values at scattered points of the unit square as a surface: the mean of the points around a place, weighted by a Gaussian kernel of their distance (Nadaraya 1964;
/// Watson 1964). Values that differ where all else is alike, as those of trials do, are averaged and not run through. The width of the kernel is the one that foretells
/// each point best from the others (leave-one-out cross-validation). On an axis of texts only points with the same text count.
/// </summary>
internal sealed class SmoothSurface
{
    private const int MostJudged = 400;
    private const double Farthest = 0.3;

    // Of equals the widest.
    private static readonly double[] Widths = [0.32, 0.22, 0.15, 0.1, 0.065, 0.045, 0.03];

    private readonly double[] x;
    private readonly double[] y;
    private readonly double[] z;
    private readonly bool xIsTexts;
    private readonly bool yIsTexts;

    /// <param name="x">Places to the right, from 0 to 1 (of an axis of texts: its number).</param>
    /// <param name="y">Places upwards.</param>
    /// <param name="z">Values, finite.</param>
    /// <param name="xIsTexts">Whether texts lie to the right.</param>
    /// <param name="yIsTexts">Whether texts lie upwards.</param>
    public SmoothSurface(double[] x, double[] y, double[] z, bool xIsTexts = false, bool yIsTexts = false)
    {
        (this.x, this.y, this.z, this.xIsTexts, this.yIsTexts) = (x, y, z, xIsTexts, yIsTexts);
        Width = Widths.MinBy(Error);
    }

    /// <summary>Standard deviation of the kernel, in sides of the square.</summary>
    public double Width { get; }

    /// <summary>The value at a place; NaN where no point lies near it.</summary>
    public double At(double px, double py) => At(px, py, out var room) is var value && room >= 0 ? value : double.NaN;

    /// <summary>The value at a place, and how far it lies inside what points are near to: below 0 it lies outside, and the value is worth nothing.</summary>
    public double At(double px, double py, out double room)
    {
        var value = At(px, py, Width, -1, out var nearest);
        room = Math.Min(Farthest, 3 * Width) - nearest;
        return value;
    }

    private double At(double px, double py, double width, int without, out double nearest)
    {
        var (sum, weights, least) = (0.0, 0.0, double.PositiveInfinity);
        for (var i = 0; i < x.Length; i++)
        {
            if (i == without || (xIsTexts && Math.Abs(x[i] - px) > 0.01) || (yIsTexts && Math.Abs(y[i] - py) > 0.01))
            {
                continue;
            }

            var (dx, dy) = (xIsTexts ? 0 : x[i] - px, yIsTexts ? 0 : y[i] - py);
            var square = (dx * dx) + (dy * dy);
            least = Math.Min(least, square);

            // A weight that never comes to zero, so that a lonely place still has a value to be judged by.
            var weight = Math.Exp(-square / (2 * width * width)) + 1e-12;
            sum += weight * z[i];
            weights += weight;
        }

        nearest = Math.Sqrt(least);
        return weights > 0 ? sum / weights : double.NaN;
    }

    private double Error(double width)
    {
        var every = Math.Max(1, (x.Length + MostJudged - 1) / MostJudged);
        var error = 0.0;
        for (var i = 0; i < x.Length; i += every)
        {
            var guess = At(x[i], y[i], width, i, out _);
            error += double.IsNaN(guess) ? 0 : (guess - z[i]) * (guess - z[i]);
        }

        return error;
    }
}
