using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Explanations;

/// <summary>The other answer that is sought.</summary>
public sealed record CounterfactualGoal
{
    private readonly int output;
    private readonly double bound;
    private readonly Kind kind;
    private readonly DecisionRule? rule;

    private CounterfactualGoal(Kind kind, int output, double bound, string words, DecisionRule? rule = null) =>
        (this.kind, this.output, this.bound, Words, this.rule) = (kind, output, bound, words, rule);

    private enum Kind
    {
        /// <summary>The class is the one decided for; the label is given.</summary>
        Class,

        /// <summary>The label is not given.</summary>
        Without,

        /// <summary>The value is above the bound.</summary>
        Above,

        /// <summary>The value is below the bound.</summary>
        Below,
    }

    /// <summary>In words.</summary>
    public string Words { get; }

    /// <summary>That a class is predicted; for labels, that it is given.</summary>
    public static CounterfactualGoal Class(Pipeline pipeline, string name)
    {
        var index = Array.IndexOf(pipeline.Classes, name);
        return index >= 0 ? new CounterfactualGoal(Kind.Class, index, 0, $"predicted as {name}", pipeline.Rule) : throw new DataException(NearestName.Message("--to", name, "class", pipeline.Classes));
    }

    /// <summary>That a label is not given.</summary>
    private static CounterfactualGoal Without(Pipeline pipeline, int label) => new(Kind.Without, label, 0, $"without {pipeline.Classes[label]}", pipeline.Rule);

    /// <summary>That the value is above a bound.</summary>
    public static CounterfactualGoal Above(double bound) => new(Kind.Above, 0, bound, string.Create(CultureInfo.InvariantCulture, $"above {bound:G6}"));

    /// <summary>That the value is below a bound.</summary>
    public static CounterfactualGoal Below(double bound) => new(Kind.Below, 0, bound, string.Create(CultureInfo.InvariantCulture, $"below {bound:G6}"));

    /// <summary>What a reader most likely means: the next most probable class, the other answer on the least certain label, or the other side of the median prediction.</summary>
    /// <param name="pipeline">The model.</param>
    /// <param name="own">Its outputs for the row.</param>
    /// <param name="others">Its predictions for the data.</param>
    public static CounterfactualGoal Of(Pipeline pipeline, ReadOnlySpan<double> own, Predictions others)
    {
        if (pipeline.Task == TaskKind.Regression)
        {
            var median = others.Values.Order().ElementAt(others.Values.Length / 2);
            return own[0] > median ? Below(median) : Above(median);
        }

        var outputs = own.ToArray();
        var order = Enumerable.Range(0, outputs.Length).OrderByDescending(k => outputs[k]).ToArray();
        if (pipeline.Task == TaskKind.Multilabel)
        {
            double Threshold(int label) => pipeline.Rule?.Thresholds[label] ?? 0.5;
            var unsure = Enumerable.Range(0, outputs.Length).MinBy(k => Math.Abs(outputs[k] - Threshold(k)));
            return outputs[unsure] < Threshold(unsure) ? Class(pipeline, pipeline.Classes[unsure]) : Without(pipeline, unsure);
        }

        var decided = pipeline.Rule?.Decide(own) ?? order[0];
        return Class(pipeline, pipeline.Classes[order.First(k => k != decided)]);
    }

    /// <summary>How far outputs are beyond the goal: above 0 where it is met.</summary>
    internal double Margin(TaskKind task, ReadOnlySpan<double> outputs)
    {
        if (kind is Kind.Above or Kind.Below)
        {
            return kind == Kind.Above ? outputs[0] - bound : bound - outputs[0];
        }

        if (task == TaskKind.Multilabel)
        {
            var beyond = outputs[output] - (rule?.Thresholds[output] ?? 0.5);
            return kind == Kind.Without ? -beyond : beyond;
        }

        if (rule is { Thresholds.Length: 1 })
        {
            return output == 1 ? outputs[1] - rule.Thresholds[0] : rule.Thresholds[0] - outputs[1];
        }

        if (rule is not null)
        {
            return Cheapest(outputs, except: output) - Cost(outputs, output);
        }

        var other = 0.0;
        for (var k = 0; k < outputs.Length; k++)
        {
            other = k == output ? other : Math.Max(other, outputs[k]);
        }

        return outputs[output] - other;
    }

    private double Cheapest(ReadOnlySpan<double> outputs, int except)
    {
        var least = double.PositiveInfinity;
        for (var k = 0; k < outputs.Length; k++)
        {
            least = k == except ? least : Math.Min(least, Cost(outputs, k));
        }

        return least;
    }

    private double Cost(ReadOnlySpan<double> outputs, int predicted)
    {
        var cost = 0.0;
        for (var actual = 0; actual < outputs.Length; actual++)
        {
            cost += outputs[actual] * rule!.Costs[actual * outputs.Length + predicted];
        }

        return cost;
    }

    /// <summary>The figure that is told: probability of the class, or the value.</summary>
    internal double Figure(ReadOnlySpan<double> outputs) => outputs[output];
}
