using Roux.Learning.Features;

namespace Roux.Learning.Learners.Linear;

/// <summary>
/// Trains a linear support vector machine in its dual, one coordinate (row) at a time. Source: Hsieh, Chang, Lin, Keerthi and Sundararajan,
/// "A dual coordinate descent method for large-scale linear SVM" (ICML 2008), algorithm 3 with shrinking (section 3.2).
/// The intercept is the weight of a feature that is always 1, and is penalised with the others.
/// </summary>
internal static class DualCoordinateDescent
{
    /// <summary>Minimises half the squared weights plus the sum over the rows of cost times the (squared) hinge loss.</summary>
    /// <param name="x">Features, all finite.</param>
    /// <param name="positive">Per row: whether it belongs to the class.</param>
    /// <param name="costs">Per row: C times its weight. Rows of cost 0 are passed over.</param>
    /// <param name="squared">Squared hinge loss; otherwise hinge.</param>
    /// <param name="tolerance">Stops when the projected gradients of all rows lie within a range this wide.</param>
    /// <param name="maxIterations">Most passes over the rows.</param>
    /// <param name="random">For the order of the rows.</param>
    /// <param name="cancellation">Asks to stop; throws.</param>
    /// <returns>One weight a feature, then the intercept.</returns>
    public static double[] Train(
        FeatureMatrix x, bool[] positive, double[] costs, bool squared, double tolerance, int maxIterations, SplitMix64 random, CancellationToken cancellation)
    {
        var w = new double[x.Columns + 1];
        var alpha = new double[x.Rows];
        var norms = new double[x.Rows];
        var active = new int[x.Rows];
        var count = 0;
        for (var row = 0; row < x.Rows; row++)
        {
            if (costs[row] > 0)
            {
                active[count++] = row;
                norms[row] = SquaredNorm(x, row) + 1 + (squared ? 0.5 / costs[row] : 0);
            }
        }

        var all = count;
        var (upper, lower) = (double.PositiveInfinity, double.NegativeInfinity);
        var sinceLook = 0L;
        var perRow = x.IsSparse ? x.Values!.Length / Math.Max(1, x.Rows) + 8 : x.Columns;
        for (var iteration = 0; iteration < maxIterations; iteration++)
        {
            var (largest, smallest) = (double.NegativeInfinity, double.PositiveInfinity);
            random.Shuffle(active.AsSpan(0, count));
            for (var s = 0; s < count; s++)
            {
                if ((sinceLook += perRow) > 2_000_000)
                {
                    sinceLook = 0;
                    cancellation.ThrowIfCancellationRequested();
                }

                var row = active[s];
                double sign = positive[row] ? 1 : -1;
                var bound = squared ? double.PositiveInfinity : costs[row];
                var gradient = sign * Score(x, row, w) - 1 + (squared ? alpha[row] * 0.5 / costs[row] : 0);
                var projected = gradient;
                if (alpha[row] == 0)
                {
                    if (gradient > upper)
                    {
                        (active[s], active[count - 1]) = (active[count - 1], active[s]);
                        count--;
                        s--;
                        continue;
                    }

                    projected = Math.Min(gradient, 0);
                }
                else if (alpha[row] == bound)
                {
                    if (gradient < lower)
                    {
                        (active[s], active[count - 1]) = (active[count - 1], active[s]);
                        count--;
                        s--;
                        continue;
                    }

                    projected = Math.Max(gradient, 0);
                }

                (largest, smallest) = (Math.Max(largest, projected), Math.Min(smallest, projected));
                if (Math.Abs(projected) > 1e-12)
                {
                    var before = alpha[row];
                    alpha[row] = Math.Min(Math.Max(before - gradient / norms[row], 0), bound);
                    Update(x, row, (alpha[row] - before) * sign, w);
                }
            }

            if (largest - smallest <= tolerance)
            {
                if (count == all)
                {
                    break;
                }

                // Shrunk rows were only set aside: look at all of them once more.
                count = all;
                (upper, lower) = (double.PositiveInfinity, double.NegativeInfinity);
                continue;
            }

            upper = largest <= 0 ? double.PositiveInfinity : largest;
            lower = smallest >= 0 ? double.NegativeInfinity : smallest;
        }

        return w;
    }

    private static double SquaredNorm(FeatureMatrix x, int row)
    {
        var sum = 0.0;
        foreach (var value in Values(x, row))
        {
            sum += (double)value * value;
        }

        return sum;
    }

    private static double Score(FeatureMatrix x, int row, double[] w)
    {
        if (x.Dense is not null)
        {
            return DesignMatrix.Dot(Values(x, row), w.AsSpan(0, x.Columns)) + w[^1];
        }

        var (first, end) = ((int)x.RowStarts![row], (int)x.RowStarts[row + 1]);
        var (indices, values) = (x.Indices!, x.Values!);
        var (even, odd) = (w[^1], 0.0);
        var e = first;
        for (; e + 1 < end; e += 2)
        {
            even += values[e] * w[indices[e]];
            odd += values[e + 1] * w[indices[e + 1]];
        }

        return e < end ? even + odd + values[e] * w[indices[e]] : even + odd;
    }

    private static void Update(FeatureMatrix x, int row, double step, double[] w)
    {
        w[^1] += step;
        if (x.Dense is not null)
        {
            DesignMatrix.AddScaled(Values(x, row), step, w.AsSpan(0, x.Columns));
            return;
        }

        for (var e = (int)x.RowStarts![row]; e < x.RowStarts[row + 1]; e++)
        {
            w[x.Indices![e]] += step * x.Values![e];
        }
    }

    private static ReadOnlySpan<float> Values(FeatureMatrix x, int row) => x.Dense is { } dense
        ? dense.AsSpan(row * x.Columns, x.Columns)
        : x.Values.AsSpan((int)x.RowStarts![row], (int)(x.RowStarts[row + 1] - x.RowStarts[row]));
}
