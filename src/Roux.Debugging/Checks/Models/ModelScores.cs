using Roux.Learning.Data;
using Roux.Learning.Evaluation;

namespace Roux.Debugging.Checks.Models;

/// <summary>Figures that several checks of models need.</summary>
internal static class ModelScores
{
    private const int Resamples = 500;

    /// <summary>How much better one set of predictions for the evaluation rows is than another, with its 95% interval, which is paired by rows.</summary>
    public static Interval Gain(ModelSubject subject, Predictions a, Predictions b, CheckContext context) =>
        PairedDifference.Gain(subject.Metric, subject.Evaluation.Answers, a, b, seed: context.Seed, options: Options(context), cancellation: context.Cancellation);

    /// <summary>The headline score of the evaluation rows with its 95% interval.</summary>
    public static Interval Score(ModelSubject subject, CheckContext context) =>
        ConfidenceIntervals.Of(subject.Metric, subject.Evaluation.Answers, subject.Evaluation.Predictions, seed: context.Seed, options: Options(context), cancellation: context.Cancellation);

    /// <summary>What knowing nothing scores on the evaluation rows.</summary>
    public static double Trivial(ModelSubject subject) => subject.Metric.Compute(subject.Evaluation.Answers, subject.Trivial);

    /// <summary>How much better <paramref name="a"/> is than <paramref name="b"/>: positive where it is.</summary>
    public static double Better(Metric metric, double a, double b) => metric.HigherIsBetter ? a - b : b - a;

    /// <summary>Simpler models with predictions that look at columns, with their scores, the best first.</summary>
    public static IReadOnlyList<(RivalScores Rival, double Score)> Rivals(ModelSubject subject) =>
    [
        .. subject.Rivals.Where(rival => rival is { Trivial: false, Predictions: not null })
            .Select(rival => (rival, subject.Metric.Compute(subject.Evaluation.Answers, rival.Predictions!)))
            .Where(pair => double.IsFinite(pair.Item2))
            .OrderByDescending(pair => Better(subject.Metric, pair.Item2, 0)),
    ];

    private static BootstrapOptions Options(CheckContext context) => new() { MaxResamples = Resamples, Threads = context.Threads };
}
