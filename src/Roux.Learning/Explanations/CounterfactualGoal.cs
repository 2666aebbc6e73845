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

    private CounterfactualGoal(Kind kind, int output, double bound, string words) => (this.kind, this.output, this.bound, Words) = (kind, output, bound, words);

    private enum Kind
    {
        /// <summary>The class is the most probable one (of labels: more probable than not).</summary>
        Class,

        /// <summary>The label is less probable than not.</summary>
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
        return index >= 0 ? new CounterfactualGoal(Kind.Class, index, 0.5, $"predicted as {name}") : throw new DataException(NearestName.Message("--to", name, "class", pipeline.Classes));
    }

    /// <summary>That a label is not given.</summary>
    private static CounterfactualGoal Without(Pipeline pipeline, int label) => new(Kind.Without, label, 0.5, $"without {pipeline.Classes[label]}");

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
            var unsure = Enumerable.Range(0, outputs.Length).MinBy(k => Math.Abs(outputs[k] - 0.5));
            return outputs[unsure] < 0.5 ? Class(pipeline, pipeline.Classes[unsure]) : Without(pipeline, unsure);
        }

        return Class(pipeline, pipeline.Classes[order[1]]);
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
            return kind == Kind.Without ? 0.5 - outputs[output] : outputs[output] - 0.5;
        }

        var other = 0.0;
        for (var k = 0; k < outputs.Length; k++)
        {
            other = k == output ? other : Math.Max(other, outputs[k]);
        }

        return outputs[output] - other;
    }

    /// <summary>The figure that is told: probability of the class, or the value.</summary>
    internal double Figure(ReadOnlySpan<double> outputs) => outputs[output];
}
