using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Debugging.Slices;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Groups of rows on which the model does worse than it knows.</summary>
public sealed class WeakSlices : Check<ModelSubject>
{
    private const int Most = 3;
    private static readonly Threshold Effect = new("effect-size", 0.4, "excess of the loss in standard deviations: at least", "Chung et al. 2019: between a small (0.2) and a medium (0.5) effect of Cohen");
    private static readonly Threshold Alpha = new("alpha", 0.05, "chance of naming any slice where none is weak: at most", "the usual level, over all slices that could have been named");
    private static readonly Threshold Large = new("large-effect", 0.8, "excess of the loss in standard deviations, for medium severity: at least", "a large effect (Cohen 1988)");
    private static readonly Threshold Impact = new("impact", 0.05, "part of all loss that the excess in the slice makes up, for medium severity: at least", "a twentieth of what is to be gained at all; rare rows that are hard are common and seldom matter");
    private static readonly Threshold Gross = new("gross", 2, "loss over what is expected: at least, for medium severity", "twice as many errors as the model lets one expect");

    /// <inheritdoc/>
    public override string Name => "weak-slice";

    /// <inheritdoc/>
    public override string Definition => "Rows that share up to three conditions and are wrong far more often than rows elsewhere for which the model is as sure (Slice Finder, Chung et al. 2019; SliceLine, Sagadeeva and Boehm 2021; scan statistic, Kulldorff 1997).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Effect, Alpha, Gross, Large, Impact];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        if (subject.Evaluation.Table is not { } table || subject.Columns.Count == 0)
        {
            yield break;
        }

        var options = new SliceOptions { EffectSize = context.Value(Name, Effect), Alpha = context.Value(Name, Alpha), MostSlices = Most };
        var slices = SliceFinder.Find(table, subject.Columns, subject.Evaluation.Answers, subject.Evaluation.Predictions, options, context.Cancellation);
        var total = RowLosses.Losses(subject.Evaluation.Answers, subject.Evaluation.Predictions).Sum();
        foreach (var slice in slices)
        {
            yield return Of(subject, slice, slice.Loss >= context.Value(Name, Gross) * slice.ExpectedLoss && slice.EffectSize >= context.Value(Name, Large) && (slice.Loss - slice.ExpectedLoss) * slice.Rows.Length >= context.Value(Name, Impact) * total ? Severity.Medium : Severity.Low);
        }
    }

    private Finding Of(ModelSubject subject, WeakSlice slice, Severity severity)
    {
        var y = subject.Evaluation.Answers;
        var advice = SliceAdvice.Of(subject, slice);
        var evidence = slice.ToJson(subject.Evaluation.Count);
        evidence["training_rows"] = advice.TrainingRows;
        evidence["advice"] = advice.Kind;
        evidence[EvidencePlot.Key] = new EvidencePlot(PlotKind.Bar, "Mean loss in the slice, as expected there, and elsewhere", "", y.Task == TaskKind.Regression ? "absolute error" : "share of wrong answers",
            [new PlotSeries("loss", [], [slice.Loss, slice.ExpectedLoss, slice.RestLoss])]) { Labels = ["in the slice", "expected there", "elsewhere"] }.ToJson();
        return new Finding(Name, severity, y.Task == TaskKind.Regression
            ? $"The model is weak where {slice.Text}: its error is {DevelopVerdict.Figure(slice.Loss)} on average on these {slice.Rows.Length:N0} rows, {DevelopVerdict.Figure(slice.ExpectedLoss)} on others with such predictions."
            : $"The model is weak where {slice.Text}: {100 * slice.Loss:0.#}% of these {slice.Rows.Length:N0} rows are wrong, {100 * slice.ExpectedLoss:0.#}% of others of which it is as sure.")
        {
            Columns = [.. slice.Conditions.Select(condition => condition.Column).Distinct()],
            Evidence = evidence,
            Cause = advice.Cause,
            Fix = advice.Fix,
            Verify = "Score the slice again after the change: its loss comes near that of the other rows.",
        };
    }
}
