namespace Roux.Tuning;

/// <summary>Points of several objectives, all to be minimised.</summary>
internal static class Pareto
{
    /// <summary>Whether a is nowhere worse than b and somewhere better.</summary>
    public static bool Dominates(double[] a, double[] b)
    {
        var better = false;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] > b[i])
            {
                return false;
            }

            better |= a[i] < b[i];
        }

        return better;
    }

    /// <summary>Indices of the points that no other one dominates, ascending.</summary>
    public static List<int> Front(IReadOnlyList<double[]> points) =>
        [.. Enumerable.Range(0, points.Count).Where(i => !points.Any(other => Dominates(other, points[i])))];
}
