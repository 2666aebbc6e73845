namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>
/// The mean error of each size with the height of each repeat taken out (some validation rows are harder than others): a two-way additive
/// fit, so that sizes measured on fewer repeats than others still compare. With all repeats at every size these are plain means, geometric
/// ones where noise is a ratio.
/// </summary>
internal sealed class CurveMeans
{
    private const int Rounds = 50;

    private CurveMeans(double[] rows, int[] counts, double[] errors, (int Size, double Residual)[] residuals, int repeats) =>
        (Rows, Counts, Errors, Residuals, Repeats) = (rows, counts, errors, residuals, repeats);

    /// <summary>Rows of each size, rising.</summary>
    public double[] Rows { get; }

    /// <summary>Repeats of each size.</summary>
    public int[] Counts { get; }

    /// <summary>Mean error of each size.</summary>
    public double[] Errors { get; }

    /// <summary>What neither size nor repeat explains, on the scale of the noise, by place of the size.</summary>
    public (int Size, double Residual)[] Residuals { get; }

    /// <summary>Number of different repeats.</summary>
    public int Repeats { get; }

    public static CurveMeans Of(IReadOnlyList<CurvePoint> points, CurveScale scale)
    {
        var sizes = points.GroupBy(point => point.Size).OrderBy(group => group.Key).ToArray();
        var rows = Array.ConvertAll(sizes, size => size.Average(point => point.Rows));
        var numbers = points.Select(point => point.Repeat).Distinct().Order().ToArray();
        var cells = sizes.SelectMany((size, k) => size.Select(point => (Size: k, Repeat: Array.IndexOf(numbers, point.Repeat), Y: scale.Measure(scale.Error(point.Validation))))).ToArray();
        var (means, heights) = (new double[sizes.Length], new double[numbers.Length]);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var size in cells.GroupBy(cell => cell.Size))
            {
                means[size.Key] = size.Average(cell => cell.Y - heights[cell.Repeat]);
            }

            foreach (var repeat in cells.GroupBy(cell => cell.Repeat))
            {
                // Large sizes scatter less, about as the reciprocal of their rows, and tell more of the height.
                heights[repeat.Key] = repeat.Sum(cell => (cell.Y - means[cell.Size]) * rows[cell.Size]) / repeat.Sum(cell => rows[cell.Size]);
            }

            var middle = heights.Average();
            for (var r = 0; r < heights.Length; r++)
            {
                heights[r] -= middle;
            }
        }

        return new CurveMeans(
            rows, Array.ConvertAll(sizes, size => size.Count()), Array.ConvertAll(means, scale.Unmeasure),
            Array.ConvertAll(cells, cell => (cell.Size, cell.Y - means[cell.Size] - heights[cell.Repeat])), numbers.Length);
    }
}
