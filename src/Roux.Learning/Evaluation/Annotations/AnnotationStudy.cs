using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.Evaluation.Annotations;

/// <summary>All that annotations tell: how far people agree, how good each is, what they say together.</summary>
public sealed record AnnotationStudy
{
    /// <summary>The annotations.</summary>
    public required AnnotationSet Set { get; init; }

    /// <summary>What a difference of two labels means.</summary>
    public required MeasurementLevel Level { get; init; }

    /// <summary>How far annotators agree.</summary>
    public required AgreementFigures Agreement { get; init; }

    /// <summary>By plurality vote; the mean for numbers.</summary>
    public required Consensus Vote { get; init; }

    /// <summary>Dawid and Skene's model; <c>null</c> for numbers.</summary>
    public required DawidSkene? Model { get; init; }

    /// <summary>The consensus to use: Dawid and Skene's, or the mean.</summary>
    public required Consensus Consensus { get; init; }

    /// <summary>Each annotator, in the order of the set.</summary>
    public required IReadOnlyList<AnnotatorFigures> Annotators { get; init; }

    /// <summary>Each annotator against the consensus of the others.</summary>
    public required HumanScore Human { get; init; }

    /// <summary>The same by accuracy, or by the mean absolute error of numbers.</summary>
    public required HumanScore Plain { get; init; }

    /// <summary>The items that annotators see most differently.</summary>
    public required IReadOnlyList<Disagreement> Disagreements { get; init; }

    /// <summary>Studies annotations.</summary>
    /// <param name="set">The annotations, with at least two annotators.</param>
    /// <param name="metric">To score people by; <c>null</c> for accuracy, or RMSE of numbers.</param>
    /// <param name="level">What a difference of two labels means; numbers are always of interval level.</param>
    /// <param name="seed">Decides the resamples of intervals.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="DataException">Only one class is ever used.</exception>
    public static AnnotationStudy Of(AnnotationSet set, Metric? metric = null, MeasurementLevel level = MeasurementLevel.Nominal, int seed = 0, CancellationToken cancellation = default)
    {
        if (!set.IsNumeric && set.Classes.Length < 2)
        {
            throw new DataException($"annotations: every label is '{set.Classes.FirstOrDefault()}', so there is nothing to agree on; name all labels that were possible with --labels a,b,c");
        }

        metric ??= Metrics.Find(set.IsNumeric ? "rmse" : "accuracy");
        var model = set.IsNumeric ? null : DawidSkene.Fit(set, cancellation);
        var vote = Consensus.ByVote(set);
        var consensus = model?.Consensus() ?? vote;
        var others = HumanPerformance.Others(set, cancellation);
        var own = HumanPerformance.LeaveOneOut(set, others, Metrics.Find(set.IsNumeric ? "mae" : "accuracy"));
        return new AnnotationStudy
        {
            Set = set,
            Level = set.IsNumeric ? MeasurementLevel.Interval : level,
            Agreement = AgreementFigures.Of(set, level, seed, cancellation),
            Vote = vote,
            Model = model,
            Consensus = consensus,
            Annotators = [.. Enumerable.Range(0, set.Annotators.Count).Select(annotator => Figures(set, annotator, model, own.Annotators[annotator].Score, others[annotator]))],
            Human = HumanPerformance.LeaveOneOut(set, others, metric),
            Plain = own,
            Disagreements = Disagreement.Worst(set, consensus),
        };
    }

    private static AnnotatorFigures Figures(AnnotationSet set, int annotator, DawidSkene? model, double agreement, double[] others)
    {
        var classes = set.Classes.Length;
        var items = Enumerable.Range(0, set.Items.Count).Count(item => !double.IsNaN(set[item, annotator]));
        return new AnnotatorFigures(set.Annotators[annotator], items, agreement, model?.Accuracy(annotator) ?? double.NaN,
            set.IsNumeric ? Bias(set, annotator, others) : double.NaN,
            model is null ? [] : [.. Enumerable.Range(0, classes).Select(actual => Enumerable.Range(0, classes).Select(label => model.Confusion(annotator, actual, label)).ToArray())]);
    }

    private static double Bias(AnnotationSet set, int annotator, double[] others)
    {
        double[] differences = [.. Enumerable.Range(0, set.Items.Count).Select(item => set[item, annotator] - others[item]).Where(difference => !double.IsNaN(difference))];
        return differences.Length == 0 ? double.NaN : differences.Average();
    }
}
