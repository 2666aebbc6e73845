using Roux.Tracking;

namespace Roux.Server.Components.Charts;

/// <summary>Points from left to right.</summary>
/// <param name="X">Places, ascending.</param>
/// <param name="Y">Values; those that are not finite are gaps.</param>
internal sealed record Curve(double[] X, double[] Y)
{
    /// <summary>A history along an axis.</summary>
    public static Curve Of(MetricSeries series, ChartAxis axis)
    {
        var start = axis == ChartAxis.Relative && series.Count > 0 ? series.Timestamps.Min() : 0;
        var x = new double[series.Count];
        for (var index = 0; index < x.Length; index++)
        {
            x[index] = axis switch { ChartAxis.Step => series.Steps[index], ChartAxis.Time => series.Timestamps[index], _ => (series.Timestamps[index] - start) / 1000.0 };
        }

        for (var index = 1; index < x.Length; index++)
        {
            if (x[index] < x[index - 1])
            {
                // Steps are in order; the times of points logged by several workers need not be.
                var y = (double[])series.Values.Clone();
                Array.Sort(x, y);
                return new Curve(x, y);
            }
        }

        return new Curve(x, series.Values);
    }

    /// <summary>
    /// The exponential moving average with the bias of its start removed, as in Adam (Kingma and Ba, 2015, section 3): the first values are not drawn to zero. Gaps stay gaps.
    /// </summary>
    /// <param name="weight">What the past counts, from 0 to below 1.</param>
    public Curve Smoothed(double weight)
    {
        if (weight <= 0)
        {
            return this;
        }

        var smooth = new double[Y.Length];
        var (mean, power) = (0.0, 1.0);
        for (var index = 0; index < smooth.Length; index++)
        {
            if (!double.IsFinite(Y[index]))
            {
                smooth[index] = double.NaN;
                continue;
            }

            mean = (weight * mean) + ((1 - weight) * Y[index]);
            power *= weight;
            smooth[index] = mean / (1 - power);
        }

        return this with { Y = smooth };
    }

    /// <summary>Index of the point nearest to a place; -1 where there is none.</summary>
    public int Nearest(double place)
    {
        if (X.Length == 0)
        {
            return -1;
        }

        var found = Array.BinarySearch(X, place);
        if (found >= 0)
        {
            return found;
        }

        var after = ~found;
        return after == 0 ? 0 : after == X.Length ? X.Length - 1 : place - X[after - 1] <= X[after] - place ? after - 1 : after;
    }

    /// <summary>
    /// The indices of the points to draw when the stretch from one place to another is that many columns of pixels wide: all where they are few; else of every column the
    /// first, the least, the greatest and the last, in their order. What is drawn covers the same pixels as all points would: no spike is lost (Jugel et al., "M4", 2014).
    /// </summary>
    public List<int> Visible(double low, double high, int columns, Func<double, double> column)
    {
        var (from, to) = (LowerBound(low), UpperBound(high));

        // One point beyond each end, so that lines go on to the edges.
        (from, to) = (Math.Max(0, from - 1), Math.Min(X.Length, to + 1));
        var visible = new List<int>(Math.Min(to - from, 4 * columns));
        if (to - from <= 2 * columns)
        {
            for (var index = from; index < to; index++)
            {
                visible.Add(index);
            }

            return visible;
        }

        for (var index = from; index < to;)
        {
            var pixel = (int)column(X[index]);
            var (first, least, greatest, gap) = (index, -1, -1, -1);
            for (; index < to && (int)column(X[index]) == pixel; index++)
            {
                if (!double.IsFinite(Y[index]))
                {
                    gap = index;
                    continue;
                }

                least = least < 0 || Y[index] < Y[least] ? index : least;
                greatest = greatest < 0 || Y[index] > Y[greatest] ? index : greatest;
            }

            Span<int> chosen = [first, least, greatest, index - 1];
            if (least < 0)
            {
                visible.Add(gap);
                continue;
            }

            chosen.Sort();
            var last = -1;
            foreach (var one in chosen)
            {
                if (one > last && double.IsFinite(Y[one]))
                {
                    visible.Add(one);
                }

                last = Math.Max(last, one);
            }
        }

        return visible;
    }

    private int LowerBound(double place)
    {
        var (low, high) = (0, X.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = X[middle] < place ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private int UpperBound(double place)
    {
        var (low, high) = (0, X.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = X[middle] <= place ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
