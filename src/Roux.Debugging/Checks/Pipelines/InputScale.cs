using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Features;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Pipelines;

/// <summary>Whether the sizes of the features suit a learner for which size counts.</summary>
public sealed class InputScale : Check<InputSubject>
{
    private static readonly Threshold Ratio = new("ratio", 100, "largest standard deviation of a quantity over the median one: at least", "in a squared distance that quantity then weighs 10,000 times as much, all others nothing; a penalty treats it as 10,000 times cheaper");
    private static readonly Threshold Size = new("size", 10, "root mean square of all inputs of a network: at least", "networks want inputs of about unit variance (LeCun et al. 1998, Efficient BackProp, section 4.3); curvature grows with the square, so that at 10 the largest stable learning rate is 100 times smaller");
    private static readonly Threshold Offset = new("offset", 100, "mean of all inputs of a network over their standard deviation: at least", "the shared offset then carries 10,000 times the variance that tells rows apart");

    /// <inheritdoc/>
    public override string Name => "input-scale";

    /// <inheritdoc/>
    public override string Definition => "Quantities of very different spread for a learner of distances, penalties or gradients; or, for networks, inputs far from unit size (LeCun et al. 1998).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Ratio, Size, Offset];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["exploding-gradient", "loss-not-decreasing", "diverging", "initial-loss", "dead-relu", "saturated-activation"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(InputSubject subject, CheckContext context)
    {
        var x = subject.X;
        if (!subject.Needs.ScaleSensitive || x.Rows < 10)
        {
            yield break;
        }

        var statistics = InputStatistics.Of(x);
        int[] columns = [.. Enumerable.Range(0, x.Columns).Where(j => x.Features[j].Kind == FeatureKind.Numeric && statistics.Deviation(j) > 0).OrderBy(statistics.Deviation)];
        if (columns.Length == 0)
        {
            yield break;
        }

        var square = columns.Average(j => statistics.Mean(j) * statistics.Mean(j) + statistics.Deviation(j) * statistics.Deviation(j));
        var size = Math.Sqrt(square);
        var largest = columns[^1];
        var median = statistics.Deviation(columns[(columns.Length - 1) / 2]);
        var ratio = statistics.Deviation(largest) / median;
        if (subject.Needs == InputNeeds.Gradients && size >= context.Value(Name, Size))
        {
            var whole = ratio < context.Value(Name, Ratio);
            yield return Found(subject, statistics, columns, whole ? [] : [x.Features[largest].Source],
                $"The network gets inputs of size {size:G3} (root mean square; about 1 is wanted){(whole ? "" : $", most of it from '{x.Features[largest].Name}' (standard deviation {statistics.Deviation(largest):G3})")}.",
                ("root_mean_square", size), whole && size is > 50 and < 256 ? "Bytes from 0 to 255 were not divided by 255, or a step of scaling was left out or done backwards." : "Scaling was left out, is fitted on other columns, or a column has another unit than in the plan.");
        }
        else if (columns.Length > 1 && ratio >= context.Value(Name, Ratio))
        {
            yield return Found(subject, statistics, columns, [x.Features[largest].Source],
                $"'{x.Features[largest].Name}' spreads {ratio:N0} times as wide as the median feature (standard deviations {statistics.Deviation(largest):G3} and {median:G3}): for this learner it drowns the others.",
                ("ratio", ratio), "Columns are used in their own units, without scaling, or one of them has another unit than before.");
        }
    }

    private Finding Found(InputSubject subject, InputStatistics statistics, int[] columns, string[] named, string message, (string Key, double Value) figure, string cause)
    {
        int[] shown = [.. columns.Reverse().Take(20)];
        return new Finding(Name, Severity.Medium, message)
        {
            Columns = named,
            Evidence = new JsonObject
            {
                [figure.Key] = figure.Value,
                ["features"] = columns.Length,
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Bar, "Standard deviation of the widest features", "feature", "standard deviation", [new PlotSeries("standard deviation", [], [.. shown.Select(statistics.Deviation)])])
                { Labels = [.. shown.Select(j => subject.X.Features[j].Name)], LogY = true }.ToJson(),
            },
            Cause = cause,
            Fix = "Standardise quantities by mean and standard deviation of the training rows (bytes of images: divide by 255), and store the figures with the model.",
            Verify = "Means are near 0 and standard deviations near 1 where the learner gets them.",
        };
    }
}
