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

    /// <summary>
    /// Best first (Deb et al. 2002, NSGA-II, with constrained domination): feasible before infeasible, those by violation; fronts in
    /// order; within a front those with most room around them first.
    /// </summary>
    public static IEnumerable<Observation> Sort(IReadOnlyList<Observation> observations)
    {
        var feasible = observations.Where(observation => observation.Violation == 0).ToList();
        while (feasible.Count > 0)
        {
            var front = Front([.. feasible.Select(observation => observation.Values)]).Select(index => feasible[index]).ToList();
            foreach (var (observation, _) in front.Zip(Crowding(front)).OrderByDescending(pair => pair.Second))
            {
                yield return observation;
            }

            feasible.RemoveAll(front.Contains);
        }

        foreach (var observation in observations.Where(observation => observation.Violation > 0).OrderBy(observation => observation.Violation))
        {
            yield return observation;
        }
    }

    /// <summary>Crowding distance of each member of a front: the sum over objectives of the gap between its neighbours; infinite at the ends.</summary>
    public static double[] Crowding(IReadOnlyList<Observation> front)
    {
        var distance = new double[front.Count];
        for (var objective = 0; front.Count > 0 && objective < front[0].Values.Length; objective++)
        {
            int[] order = [.. Enumerable.Range(0, front.Count).OrderBy(i => front[i].Values[objective])];
            var range = front[order[^1]].Values[objective] - front[order[0]].Values[objective];
            distance[order[0]] = distance[order[^1]] = double.PositiveInfinity;
            for (var k = 1; k + 1 < order.Length && range > 0; k++)
            {
                distance[order[k]] += (front[order[k + 1]].Values[objective] - front[order[k - 1]].Values[objective]) / range;
            }
        }

        return distance;
    }

    /// <summary>
    /// The volume dominated by points and bounded by a reference point, all to be minimised; by slicing along the last objective
    /// (While et al. 2006). Exact; meant for a few objectives and hundreds of points.
    /// </summary>
    public static double Hypervolume(IReadOnlyList<double[]> points, double[] reference)
    {
        var inside = points.Where(point => point.Zip(reference, (value, limit) => value < limit).All(below => below)).ToList();
        return Volume(inside, reference, reference.Length);
    }

    /// <summary>
    /// The volume that each point adds to what the others dominate, objectives scaled to [0, 1] and bounded a tenth beyond the worst
    /// value of each. 0 for a point that another one dominates.
    /// </summary>
    public static double[] Contributions(IReadOnlyList<double[]> points)
    {
        var objectives = points[0].Length;
        var (low, span) = (new double[objectives], new double[objectives]);
        for (var i = 0; i < objectives; i++)
        {
            low[i] = points.Min(point => point[i]);
            span[i] = Math.Max(points.Max(point => point[i]) - low[i], 1e-300);
        }

        double[][] scaled = [.. points.Select(point => point.Select((value, i) => (value - low[i]) / span[i]).ToArray())];
        double[] reference = [.. Enumerable.Repeat(1.1, objectives)];
        var whole = Hypervolume(scaled, reference);
        return [.. Enumerable.Range(0, scaled.Length).Select(left => Math.Max(0, whole - Hypervolume([.. scaled.Where((_, i) => i != left)], reference)))];
    }

    private static double Volume(List<double[]> points, double[] reference, int objectives)
    {
        if (points.Count == 0)
        {
            return 0;
        }

        if (objectives == 1)
        {
            return reference[0] - points.Min(point => point[0]);
        }

        var last = objectives - 1;
        var ordered = points.OrderBy(point => point[last]).ToList();
        var volume = 0.0;
        for (var i = 0; i < ordered.Count; i++)
        {
            var next = i + 1 < ordered.Count ? ordered[i + 1][last] : reference[last];
            if (next > ordered[i][last])
            {
                volume += (next - ordered[i][last]) * Volume(ordered[..(i + 1)], reference, last);
            }
        }

        return volume;
    }
}
