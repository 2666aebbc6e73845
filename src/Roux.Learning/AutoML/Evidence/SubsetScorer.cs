using System.Diagnostics;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.LearningCurves;
using Roux.Learning.Learners;

namespace Roux.Learning.AutoML;

/// <summary>Fits a model on a part of the rows and scores it on learned rows and on held-out ones.</summary>
internal sealed class SubsetScorer(Target target, Metric metric, int seed, int threads)
{
    /// <summary>Most learned rows that are scored again for the training score.</summary>
    private const int TrainingScored = 4_000;

    /// <param name="model">What to fit.</param>
    /// <param name="features">Features of the parts of one size.</param>
    /// <param name="place">Which of these parts.</param>
    /// <param name="point">Size and repeat, to be filled in.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public (CurvePoint Point, ScoredRows Validation) Score(CurveModel model, FoldFeatures features, int place, CurvePoint point, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        double[]? validation = null, training = null;
        Target? answers = null, learned = null;
        foreach (var (candidate, weight) in model.Members)
        {
            cancellation.ThrowIfCancellationRequested();
            var made = features.Get(place, candidate.Learner.Form(target.Task, candidate.Configuration), threads, out _, cancellation);
            var log = candidate.Configuration.Choice(Candidate.TargetTransformKey, "none") == "log1p";
            var set = new TrainingSet(made.Training, TargetScale.Apply(made.TrainingTarget, log));
            var fitted = CrossValidator.Fit(candidate, set, Seeds.Derive(seed, candidate.Name, point.Repeat * 1000 + point.Size), threads, cancellation);

            // A learner that was cut short may return what it had: not what this size is worth.
            cancellation.ThrowIfCancellationRequested();
            int[]? some = made.TrainingTarget.Count > TrainingScored ? Spread(made.TrainingTarget.Count) : null;
            Add(ref validation, TargetScale.Undo(fitted.Predict(made.Test), log), weight);
            Add(ref training, TargetScale.Undo(fitted.Predict(some is null ? made.Training : made.Training.Take(some)), log), weight);
            (answers, learned) = (made.TestTarget, some is null ? made.TrainingTarget : made.TrainingTarget.Take(some));
        }

        var (v, t) = (new Predictions(target.Task, target.Width, validation!), new Predictions(target.Task, target.Width, training!));
        return (point with
        {
            Training = metric.Compute(learned!, t),
            Validation = metric.Compute(answers!, v),
            TrainingErrorRate = ErrorRate(learned!, t),
            ValidationErrorRate = ErrorRate(answers!, v),
            Seconds = watch.Elapsed.TotalSeconds,
        }, new ScoredRows(answers!, v));
    }

    /// <summary>A point of which the predictions are known already; learned rows are not scored.</summary>
    public CurvePoint Known(ScoredRows rows, CurvePoint point) =>
        point with { Validation = metric.Compute(rows.Answers, rows.Predictions), ValidationErrorRate = ErrorRate(rows.Answers, rows.Predictions) };

    private static double ErrorRate(Target y, Predictions p)
    {
        if (y.Task is not (TaskKind.Binary or TaskKind.Multiclass))
        {
            return double.NaN;
        }

        var labels = p.Labels();
        return Enumerable.Range(0, labels.Length).Count(row => labels[row] != y.Labels[row]) / (double)labels.Length;
    }

    private static void Add(ref double[]? sum, Predictions predictions, double weight)
    {
        sum ??= new double[predictions.Values.Length];
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += weight == 1 ? predictions.Values[i] : weight * predictions.Values[i];
        }
    }

    /// <summary>Places evenly over all.</summary>
    private static int[] Spread(int count) => [.. Enumerable.Range(0, TrainingScored).Select(i => (int)((long)i * count / TrainingScored))];
}

/// <summary>Held-out rows with what a model said of them.</summary>
internal sealed record ScoredRows(Target Answers, Predictions Predictions);
