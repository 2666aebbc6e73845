using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Decisions;

/// <summary>Every threshold that makes a difference on some rows of a binary question, and what it brings.</summary>
public sealed class ThresholdScan
{
    private static readonly double[] Recalls = [0.95, 0.9, 0.8, 0.7, 0.5, 0.3];
    private readonly double[] cuts; // falling
    private readonly ClassCounts[] counts; // of each cut
    private readonly double[] scores; // distinct, falling
    private readonly ThresholdCounts steps;
    private readonly int rows;

    /// <param name="y">Binary answers.</param>
    /// <param name="p">Probabilities of the same rows; no NaN.</param>
    public ThresholdScan(Target y, Predictions p)
    {
        steps = ThresholdCounts.Of(y, p, 1);
        rows = y.Count;
        scores = steps.Thresholds;
        cuts = new double[scores.Length + 1];
        counts = new ClassCounts[cuts.Length];
        for (var i = 0; i < cuts.Length; i++)
        {
            // Half way between neighbours, so that rows like those seen fall on their side.
            cuts[i] = scores.Length == 0 ? 0.5 : i == 0 ? Math.Max((scores[0] + 1) / 2, Math.BitIncrement(scores[0])) : i == scores.Length ? scores[^1] / 2 : Between(scores[i - 1], scores[i]);
            counts[i] = Counts(i == 0 ? 0 : steps.TruePositives[i - 1], i == 0 ? 0 : steps.FalsePositives[i - 1]);
        }
    }

    /// <summary>The threshold that serves a goal best; of equals the nearest to 0.5.</summary>
    /// <param name="goal">What to choose for.</param>
    /// <param name="reached">Whether the level that the goal asks for can be reached; else the threshold comes as near to it as can be.</param>
    public double Best(DecisionGoal goal, out bool reached)
    {
        var allowed = Enumerable.Range(0, cuts.Length).Where(i => cuts[i] > 0 && goal.Allows(counts[i])).ToArray();
        reached = allowed.Length > 0;
        Func<ClassCounts, double> value = reached ? goal.Value : ((ClassCountMetric)goal.Constraint!).Score;
        var (best, most) = (-1, double.NegativeInfinity);
        foreach (var i in reached ? allowed : [.. Enumerable.Range(0, cuts.Length).Where(i => cuts[i] > 0)])
        {
            var own = value(counts[i]);
            if (own > most || (own == most && Math.Abs(cuts[i] - 0.5) < Math.Abs(cuts[best] - 0.5)))
            {
                (best, most) = (i, own);
            }
        }

        return best < 0 ? 0.5 : cuts[best];
    }

    /// <summary>What a threshold brings.</summary>
    /// <param name="threshold">Least probability at which the event is predicted.</param>
    /// <param name="goal">What was asked for; <c>null</c> for nothing.</param>
    /// <param name="kind"><c>chosen</c>, <c>default</c> or empty.</param>
    public OperatingPoint At(double threshold, DecisionGoal? goal, string kind = "")
    {
        var alerts = 0;
        while (alerts < scores.Length && scores[alerts] >= threshold)
        {
            alerts++;
        }

        var found = counts[alerts];
        return new OperatingPoint(threshold,
            found.Predicted[1] == 0 ? double.NaN : (double)found.Both[1] / found.Predicted[1], found.Actual[1] == 0 ? double.NaN : (double)found.Both[1] / found.Actual[1],
            1000.0 * found.Predicted[1] / rows, goal?.Costs is { } costs ? 1000 * DecisionGoal.CostOf(found, costs) : double.NaN,
            goal is { Costs: null } ? goal.Value(found) : double.NaN, kind);
    }

    /// <summary>A few thresholds to choose among, falling: the chosen one, 0.5, and those at which 95, 90, 80, 70, 50 and 30% of the events are found.</summary>
    /// <param name="chosen">The threshold in use.</param>
    /// <param name="goal">What was asked for; <c>null</c> for nothing.</param>
    public IReadOnlyList<OperatingPoint> Few(double chosen, DecisionGoal? goal)
    {
        var points = new List<OperatingPoint> { At(chosen, goal, chosen == 0.5 ? "default" : "chosen") };
        if (chosen != 0.5)
        {
            points.Add(At(0.5, goal, "default"));
        }

        foreach (var recall in Recalls)
        {
            var place = Array.FindIndex(steps.TruePositives, hits => hits >= recall * steps.Positives);
            if (steps.Positives > 0 && place >= 0 && cuts[place + 1] > 0 && At(cuts[place + 1], goal) is var point
                && points.All(other => other.AlertsPerThousand != point.AlertsPerThousand))
            {
                points.Add(point);
            }
        }

        return [.. points.OrderByDescending(point => point.Threshold)];
    }

    private ClassCounts Counts(int hits, int alarms)
    {
        long positives = steps.Positives, negatives = steps.Negatives;
        return new ClassCounts([negatives - alarms, hits], [negatives, positives], [rows - hits - alarms, hits + alarms], rows, AverageAbsent: false);
    }

    private static double Between(double high, double low) => low + (high - low) / 2 is var middle && middle > low ? middle : high;
}
