using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Decisions;

/// <summary>What a threshold is chosen for: a metric of decisions, one of them kept at a level while another is made as good as can be, or the least cost.</summary>
public sealed record DecisionGoal
{
    private DecisionGoal(string text) => Text = text;

    /// <summary>As it was asked for.</summary>
    public string Text { get; }

    /// <summary>What to make as large as can be; <c>null</c> where cost decides.</summary>
    public Metric? Metric { get; private init; }

    /// <summary>What must reach <see cref="Least"/>; <c>null</c> for nothing.</summary>
    public Metric? Constraint { get; private init; }

    /// <summary>The level that <see cref="Constraint"/> must reach.</summary>
    public double Least { get; private init; } = double.NaN;

    /// <summary>What mistakes cost; <c>null</c> where a metric decides.</summary>
    public CostMatrix? Costs { get; private init; }

    /// <summary>The least expected cost.</summary>
    public static DecisionGoal LeastCost(CostMatrix costs) => new("least expected cost") { Costs = costs };

    /// <summary>
    /// Reads a goal: the name of a metric of binary decisions (<c>f1</c>, <c>balanced_accuracy</c>, <c>mcc</c>, …), or a level such as
    /// <c>precision>=0.9</c>, <c>recall>=0.8</c> or <c>specificity>=0.95</c>, kept while recall (for recall and for other metrics: precision) is made as high as can be.
    /// </summary>
    /// <param name="option">Where it was given, for messages.</param>
    /// <param name="text">The goal.</param>
    /// <exception cref="DataException">It is none; the message says what is.</exception>
    public static DecisionGoal Parse(string option, string text)
    {
        var cut = text.IndexOf(">=", StringComparison.Ordinal);
        if (cut < 0)
        {
            var metric = Find(option, text);
            return metric.Name is not ("precision" or "recall" or "specificity") ? new DecisionGoal(text) { Metric = metric }
                : throw new DataException($"{option} '{text}': {metric.Title} alone is best at one end; give a level to keep, such as {metric.Name}>=0.9");
        }

        var constraint = Find(option, text[..cut].Trim());
        var level = text[(cut + 2)..].Trim();
        if (!double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out var least) || !(least > constraint.Range.Low && least <= constraint.Range.High))
        {
            throw new DataException($"{option} '{text}': give a level between {constraint.Range.Low.ToString(CultureInfo.InvariantCulture)} and {constraint.Range.High.ToString(CultureInfo.InvariantCulture)}, such as {constraint.Name}>=0.9");
        }

        return new DecisionGoal(text) { Constraint = constraint, Least = least, Metric = Metrics.Find(constraint.Name is "precision" or "specificity" ? "recall" : "precision") };
    }

    /// <summary>The value of the goal's metric, from counts of a binary question; for cost the mean cost of a row, negative.</summary>
    internal double Value(ClassCounts counts) => Costs is null ? ((ClassCountMetric)Metric!).Score(counts) : -CostOf(counts, Costs);

    /// <summary>Whether the level is reached.</summary>
    internal bool Allows(ClassCounts counts) => Constraint is null || ((ClassCountMetric)Constraint).Score(counts) >= Least - 1e-12;

    /// <summary>Mean cost of a row.</summary>
    internal static double CostOf(ClassCounts counts, CostMatrix costs)
    {
        double hits = counts.Both[1], rejections = counts.Both[0], misses = counts.Actual[1] - hits, alarms = counts.Actual[0] - rejections;
        return (hits * costs[1, 1] + rejections * costs[0, 0] + misses * costs[1, 0] + alarms * costs[0, 1]) / counts.Total;
    }

    private static Metric Find(string option, string name)
    {
        string[] known = [.. Metrics.For(TaskKind.Binary).OfType<ClassCountMetric>().Select(metric => metric.Name).Where(known => !known.Contains('_', StringComparison.Ordinal) || known is "balanced_accuracy" or "cohen_kappa")];
        var plain = name is "micro_f1" or "macro_f1" or "weighted_f1" ? "f1" : name;
        return known.Contains(plain) ? Metrics.Find(plain)
            : throw new DataException(NearestName.Message(option, name, "metric", known) + "; or a level such as precision>=0.9");
    }
}
