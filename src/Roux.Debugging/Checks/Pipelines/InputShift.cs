using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Features;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Pipelines;

/// <summary>Whether rows are prepared in the same way in training and later.</summary>
public sealed class InputShift : Check<InputSubject>
{
    private const int FewestFeatures = 3;
    private static readonly Threshold Shift = new("shift", 1, "median over the features of the difference of means, in standard deviations of training: at least", "drift moves some columns; all of them by a standard deviation, one preparation");
    private static readonly Threshold Stretch = new("stretch", 3, "median over the features of the ratio of standard deviations, either way: at least", "samples of a hundred rows keep it within 1.3");

    /// <inheritdoc/>
    public override string Name => "input-shift";

    /// <inheritdoc/>
    public override string Definition => "Features of later rows lie elsewhere or spread otherwise than those of training, half of them or more at once: a step of the preparation differs (train/serve skew, Breck et al. 2017).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Shift, Stretch];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["worse-than-baseline", "overfit-gap", "prediction-collapse", "drift", "domain-drift", "target-scale", "residual-bias"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(InputSubject subject, CheckContext context)
    {
        if (subject.Evaluation is not { } later || later.Columns != subject.X.Columns || later.Rows < 30 || subject.X.Rows < 30)
        {
            yield break;
        }

        var (then, now) = (InputStatistics.Of(subject.X), InputStatistics.Of(later));
        int[] columns = [.. Enumerable.Range(0, later.Columns).Where(j => subject.X.Features[j].Kind == FeatureKind.Numeric && then.Deviation(j) > 0)];
        if (columns.Length < FewestFeatures)
        {
            yield break; // one or two columns may well drift by themselves
        }

        var shifts = columns.Select(j => Math.Abs(now.Mean(j) - then.Mean(j)) / then.Deviation(j)).ToArray();
        var ratios = columns.Select(j => Math.Max(now.Deviation(j), 1e-12) / then.Deviation(j)).ToArray();
        var (shift, ratio) = (Median(shifts), Median(ratios));
        var stretch = Math.Max(ratio, 1 / ratio);
        if (shift < context.Value(Name, Shift) && stretch < context.Value(Name, Stretch))
        {
            yield break;
        }

        var order = Enumerable.Range(0, columns.Length).OrderByDescending(i => Math.Max(shifts[i], Math.Abs(Math.Log(ratios[i])))).Take(20).ToArray();
        yield return new Finding(Name, Severity.High, stretch >= context.Value(Name, Stretch)
            ? $"Later rows reach the model on another scale: half of the {columns.Length:N0} features spread {(ratio > 1 ? $"{ratio:G3} times as wide" : $"{1 / ratio:G3} times less")} than in training."
            : $"Later rows reach the model shifted: half of the {columns.Length:N0} features lie {shift:0.#} standard deviations or more from where they were in training.")
        {
            Evidence = new JsonObject
            {
                ["median_shift"] = shift,
                ["median_ratio"] = ratio,
                ["features"] = columns.Length,
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Bar, "Mean of the features that moved most", "feature", "mean", [new PlotSeries("training", [], [.. order.Select(i => then.Mean(columns[i]))]), new PlotSeries("later", [], [.. order.Select(i => now.Mean(columns[i]))])])
                { Labels = [.. order.Select(i => subject.X.Features[columns[i]].Name)] }.ToJson(),
            },
            Cause = "Scaling is done on one side only, is fitted anew on the later rows, or uses another unit, another order of columns or another range (0 to 255 instead of 0 to 1).",
            Fix = "Prepare both with the same fitted steps: save them with the model and call nothing else.",
            Verify = "The same row gives the same features on both ways, to the last digit.",
        };
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
