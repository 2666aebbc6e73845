using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Drift;

/// <summary>Answers that are distributed otherwise in the test rows.</summary>
public sealed class LabelDriftCheck : Check<TableSubject>
{
    private static readonly Threshold Shifted = new("psi", 0.25, "population stability index from which on the severity is medium", "Siddiqi 2006, chapter 8: above 0.25 the population has shifted");

    private static readonly Threshold Notable = new("notable", 0.1, "population stability index from which on it is mentioned", "Siddiqi 2006: below 0.1 it is stable");

    private static readonly Threshold Chance = new("p", 0.001, "largest chance of such a shift if both were drawn alike", "One false finding in a thousand tables");

    /// <inheritdoc/>
    public override string Name => "label-drift";

    /// <inheritdoc/>
    public override string Definition => "The answers of the test rows are distributed otherwise than those of training.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Shifted, Notable, Chance];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Target is not { } train || subject.TestTarget is not { Count: >= 20 } test || train.Task == TaskKind.Multilabel)
        {
            yield break;
        }

        var classes = train.Task != TaskKind.Regression;
        var distance = classes
            ? ColumnDistance.OfLevels(Array.ConvertAll(train.Labels, label => train.Classes[label]), Array.ConvertAll(test.Labels, label => test.Classes[label]))
            : ColumnDistance.OfNumbers(train.Values, test.Values);
        if (!(distance.Chance < context.Value(Name, Chance)) || distance.Stability < context.Value(Name, Notable))
        {
            yield break;
        }

        var (before, after) = classes ? (Data.ClassCounts.Of(train), Data.ClassCounts.Of(test)) : ([], []);
        var most = classes ? Enumerable.Range(0, before.Length).MaxBy(k => Math.Abs((double)before[k] / train.Count - (double)after[k] / test.Count)) : 0;
        var said = classes ? $"'{train.Classes[most]}' is {Wording.Percent((double)before[most] / train.Count)} of the training rows and {Wording.Percent((double)after[most] / test.Count)} of the test rows"
            : $"the mean is {Wording.Number(train.Values.Average())} in training and {Wording.Number(test.Values.Average())} in the test rows";
        var evidence = Figures.Of(("psi", distance.Stability), (distance.Measure, distance.Distance));
        yield return new Finding(Name, distance.Stability >= context.Value(Name, Shifted) ? Severity.Medium : Severity.Low, $"The answers are spread otherwise in the test rows: {said}")
        {
            Columns = [subject.TargetName!],
            Evidence = classes ? evidence.WithPairs("Share of each class", "share", "training", "test", train.Classes.Select((name, k) => (name, (double)before[k] / train.Count, (double)after[k] / test.Count)))
                : evidence.WithPairs("Quantiles of the answers", "value", "training", "test", new[] { 0.05, 0.25, 0.5, 0.75, 0.95 }.Select(q => (Wording.Percent(q), Quantile(train.Values, q), Quantile(test.Values, q)))),
            Cause = "The rows were sampled otherwise (by answer, by time, by place), or answers have changed.",
            Fix = "Split at random within classes where rows are alike; if the world has changed, weight the classes by what will be met, and choose thresholds on rows like those.",
            Verify = "Compare the shares again.",
        };
    }

    private static double Quantile(double[] values, double q) => values.Order().ElementAt((int)(q * (values.Length - 1)));
}
