namespace Roux.Learning.Reports.Charts;

/// <summary>Leaves out the points of a line that nobody would miss.</summary>
internal static class Polyline
{
    /// <summary>
    /// Keeps the points of a line that lie off it by more than a tolerance, both coordinates being of order 1
    /// (Douglas and Peucker 1973), and no more than 400 of them.
    /// </summary>
    public static (double[] X, double[] Y) Simplify(double[] x, double[] y, double tolerance = 0.0015)
    {
        var finite = Enumerable.Range(0, x.Length).Where(i => double.IsFinite(x[i]) && double.IsFinite(y[i])).ToArray();
        if (finite.Length < 3)
        {
            return ([.. finite.Select(i => x[i])], [.. finite.Select(i => y[i])]);
        }

        // A curve over millions of rows is thinned evenly first: its steps are far finer than the tolerance.
        const int most = 20_000;
        if (finite.Length > most)
        {
            finite = [.. Enumerable.Range(0, most).Select(i => finite[(int)((long)i * (finite.Length - 1) / (most - 1))])];
        }

        var kept = Keep(finite, x, y, tolerance);
        while (kept.Count > 400)
        {
            kept = Keep(finite, x, y, tolerance *= 2);
        }

        return ([.. kept.Select(i => x[i])], [.. kept.Select(i => y[i])]);
    }

    private static List<int> Keep(int[] points, double[] x, double[] y, double tolerance)
    {
        var keep = new bool[points.Length];
        (keep[0], keep[^1]) = (true, true);
        var open = new Stack<(int From, int To)>([(0, points.Length - 1)]);
        while (open.TryPop(out var span))
        {
            var (worst, at) = (tolerance, -1);
            for (var i = span.From + 1; i < span.To; i++)
            {
                var distance = Distance(points[i], points[span.From], points[span.To], x, y);
                if (distance > worst)
                {
                    (worst, at) = (distance, i);
                }
            }

            if (at >= 0)
            {
                keep[at] = true;
                open.Push((span.From, at));
                open.Push((at, span.To));
            }
        }

        return [.. points.Where((_, i) => keep[i])];
    }

    private static double Distance(int p, int a, int b, double[] x, double[] y)
    {
        double dx = x[b] - x[a], dy = y[b] - y[a];
        var length = Math.Sqrt(dx * dx + dy * dy);
        return length == 0
            ? Math.Sqrt((x[p] - x[a]) * (x[p] - x[a]) + (y[p] - y[a]) * (y[p] - y[a]))
            : Math.Abs(dy * (x[p] - x[a]) - dx * (y[p] - y[a])) / length;
    }
}
