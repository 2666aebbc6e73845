namespace Roux.Learning.Data;

/// <summary>How probabilities become a decision where that is not simply the most probable class: thresholds, or costs of mistakes. Immutable.</summary>
public sealed class DecisionRule
{
    private DecisionRule(double[] thresholds, double[] costs, string reason) => (Thresholds, Costs, Reason) = (thresholds, costs, reason);

    /// <summary>Binary: one, the least probability of the second class at which it is predicted. Multilabel: one per label. Else empty.</summary>
    public double[] Thresholds { get; }

    /// <summary>Multiclass: classes x classes, actual x predicted, row-major: the cost of predicting one for the other. Else empty.</summary>
    public double[] Costs { get; }

    /// <summary>What it was chosen for, in words.</summary>
    public string Reason { get; }

    /// <summary>Predicts the second of two classes from a probability on.</summary>
    /// <param name="threshold">Above 0; above 1 it is never predicted.</param>
    /// <param name="reason">What it was chosen for, in words.</param>
    public static DecisionRule At(double threshold, string reason) => PerLabel([threshold], reason);

    /// <summary>Gives each label from its own probability on.</summary>
    /// <param name="thresholds">One per label, each a finite number above 0.</param>
    /// <param name="reason">What they were chosen for, in words.</param>
    public static DecisionRule PerLabel(double[] thresholds, string reason) => thresholds.Length > 0 && thresholds.All(threshold => threshold > 0 && double.IsFinite(threshold))
        ? new DecisionRule(thresholds, [], reason)
        : throw new ArgumentException("thresholds are finite numbers above 0", nameof(thresholds));

    /// <summary>Predicts the class of the least expected cost (Elkan 2001, "The foundations of cost-sensitive learning").</summary>
    /// <param name="costs">Classes x classes, actual x predicted, row-major.</param>
    /// <param name="reason">What it was chosen for, in words.</param>
    public static DecisionRule ByCost(double[] costs, string reason) => costs.Length >= 9 && Math.Sqrt(costs.Length) % 1 == 0 && costs.All(double.IsFinite)
        ? new DecisionRule([], costs, reason)
        : throw new ArgumentException("costs are finite numbers, one for each pair of at least three classes", nameof(costs));

    /// <summary>Whether the rule is one for such predictions.</summary>
    public bool Fits(TaskKind task, int width) => task switch
    {
        TaskKind.Binary => Thresholds.Length == 1,
        TaskKind.Multilabel => Thresholds.Length == width,
        TaskKind.Multiclass => Costs.Length == width * width,
        _ => false,
    };

    /// <summary>The class to predict. Binary and multiclass.</summary>
    /// <param name="probabilities">One per class.</param>
    public int Decide(ReadOnlySpan<double> probabilities)
    {
        if (Costs.Length == 0)
        {
            return probabilities[1] >= Thresholds[0] ? 1 : 0;
        }

        var (best, least) = (0, double.PositiveInfinity);
        for (var predicted = 0; predicted < probabilities.Length; predicted++)
        {
            var cost = 0.0;
            for (var actual = 0; actual < probabilities.Length; actual++)
            {
                cost += probabilities[actual] * Costs[actual * probabilities.Length + predicted];
            }

            if (cost < least || (cost == least && probabilities[predicted] > probabilities[best]))
            {
                (best, least) = (predicted, cost);
            }
        }

        return best;
    }
}
