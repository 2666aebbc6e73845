using System.Diagnostics;
using System.IO.Compression;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Rules;
using Roux.Learning.Pipelines;

namespace Roux.Learning.AutoML;

/// <summary>Scores candidates on the held-out rows of every fold.</summary>
internal sealed class CrossValidator
{
    /// <summary>Above this many training cells a fold has all threads; below it folds run side by side.</summary>
    private const long ParallelCells = 2_000_000;

    private readonly Table table;
    private readonly Target target;
    private readonly FoldFeatures features;
    private readonly TaskKind task;
    private readonly int seed;

    public CrossValidator(Table table, IReadOnlyList<ColumnSpec> columns, Target target, IReadOnlyList<Fold> folds, Metric metric, int seed, int threads)
    {
        this.table = table;
        this.target = target;
        Folds = folds;
        Metric = metric;
        Threads = threads;
        this.seed = seed;
        task = target.Task;
        features = new FoldFeatures(table, columns, target, folds, seed);
        TestTargets = [.. folds.Select(fold => target.Take(fold.Test))];
        var texts = columns.Count(column => column.Role is ColumnRole.Text or ColumnRole.List);
        FoldsSideBySide = (long)table.RowCount * (columns.Count + 300L * texts) < ParallelCells;
    }

    public IReadOnlyList<Fold> Folds { get; }

    public IReadOnlyList<Target> TestTargets { get; }

    public Metric Metric { get; }

    public int Threads { get; }

    /// <summary>Whether folds are fitted at the same time, with one thread each, since one alone is too small to need more.</summary>
    public bool FoldsSideBySide { get; }

    /// <summary>Threads that a fit within a fold may use; the final fit uses as many, so that it is the same model.</summary>
    public int ThreadsPerFit => FoldsSideBySide ? 1 : Threads;

    /// <summary>
    /// Fits and scores a candidate on fold after fold.
    /// </summary>
    /// <param name="candidate">What to score.</param>
    /// <param name="keepGoing">Asked after each fold with the scores so far, when folds run one after another: a reason to stop, or <c>null</c>.</param>
    /// <param name="before">What earlier folds gave: scoring goes on after them.</param>
    /// <param name="cancellation">Ends the candidate; folds done by then are kept.</param>
    /// <returns>Its result; when stopped or failed, with the folds that were done and the reason.</returns>
    public CandidateResult Score(Candidate candidate, Func<IReadOnlyList<double>, string?> keepGoing, CandidateResult? before, CancellationToken cancellation)
    {
        var outcomes = new FoldOutcome?[Folds.Count];
        var first = before?.Scores.Length ?? 0;
        for (var fold = 0; fold < first; fold++)
        {
            outcomes[fold] = new FoldOutcome(
                before!.Scores[fold], before.FoldPredictions[fold], before.FitSeconds,
                before.PredictMicrosecondsPerRow * before.FoldPredictions[fold].Rows / 1e6, 0, fold == 0 ? before.SizeBytes : 0, fold == 0 ? before.ParameterCount : 0);
        }

        string? stopped = null;
        using var meter = new FitMeter();
        try
        {
            if (FoldsSideBySide && Threads > 1)
            {
                Parallel.For(first, Folds.Count, new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellation },
                    fold => outcomes[fold] = Run(candidate, fold, cancellation));
            }
            else
            {
                for (var fold = first; fold < Folds.Count && stopped is null; fold++)
                {
                    outcomes[fold] = Run(candidate, fold, cancellation);
                    if (fold + 1 < Folds.Count)
                    {
                        stopped = keepGoing([.. outcomes.Take(fold + 1).Select(outcome => outcome!.Score)]);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            stopped = "out of time";
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            stopped = "out of time";
        }
        catch (AggregateException e)
        {
            stopped = Reason(e.InnerExceptions.First(inner => inner is not OperationCanceledException));
        }
        catch (Exception e) when (e is LearnerException or DataException or ArithmeticException or OutOfMemoryException)
        {
            stopped = Reason(e);
        }

        // Folds side by side end in any order; only an unbroken run from the first can be compared with others.
        var done = outcomes.TakeWhile(outcome => outcome is not null).Select(outcome => outcome!).ToArray();
        return new CandidateResult
        {
            Name = candidate.Name,
            LearnerName = candidate.Learner.Card.Name,
            Family = candidate.Family,
            Complexity = candidate.Learner.Card.Complexity,
            Candidate = candidate,
            Scores = [.. done.Select(outcome => outcome.Score)],
            FoldPredictions = [.. done.Select(outcome => outcome.Predictions)],
            Folds = Folds.Count,
            FitSeconds = done.Length == 0 ? 0 : done.Average(outcome => outcome.FitSeconds),
            PredictMicrosecondsPerRow = done.Length == 0 ? 0 : 1e6 * done.Sum(outcome => outcome.PredictSeconds) / done.Sum(outcome => outcome.Predictions.Rows),
            SizeBytes = done.Length == 0 ? 0 : done[0].SizeBytes,
            CpuSeconds = done.Length == 0 ? double.NaN : (meter.CpuSeconds + done.Sum(outcome => outcome.CachedSeconds) + (first > 0 ? before!.CpuSeconds * first : 0)) / done.Length,
            PeakMemoryBytes = Math.Max(meter.PeakBytes, before?.PeakMemoryBytes ?? 0),
            ParameterCount = done.Length == 0 ? 0 : done[0].Parameters,
            Stopped = done.Length == Folds.Count ? null : stopped,
        };
    }

    /// <summary>Scores fixed rules on the same held-out rows as every candidate; nothing is fitted.</summary>
    public CandidateResult Score(RuleSet rules, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var all = rules.Predict(table, task, target.Classes, cancellation);
        return Score("rules", Folds.Select(fold => all.Take(fold.Test)).ToArray(), 1e6 * watch.Elapsed.TotalSeconds / table.RowCount);
    }

    /// <summary>Scores answers that nothing here was fitted for, on the same held-out rows as every candidate.</summary>
    /// <param name="name">What gave them; also its family.</param>
    /// <param name="parts">Answers for the held-out rows of each fold.</param>
    /// <param name="microsecondsPerRow">How long one took; 0 where that is not known.</param>
    public CandidateResult Score(string name, Predictions[] parts, double microsecondsPerRow) => new()
    {
        Name = name,
        LearnerName = name,
        Family = name,
        Complexity = 5,
        Scores = [.. parts.Select((part, fold) => Metric.Compute(TestTargets[fold], part))],
        FoldPredictions = parts,
        Folds = Folds.Count,
        PredictMicrosecondsPerRow = microsecondsPerRow,
    };

    private FoldOutcome Run(Candidate candidate, int fold, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var made = features.Get(fold, candidate.Learner.Form(task, candidate.Configuration), ThreadsPerFit, out var isNew, cancellation);
        var log = candidate.Configuration.Choice(Candidate.TargetTransformKey, "none") == "log1p";
        var watch = Stopwatch.StartNew();
        var training = new TrainingSet(made.Training, TargetScale.Apply(made.TrainingTarget, log));
        var model = Fit(candidate, training, Seeds.Derive(seed, candidate.Name, fold), ThreadsPerFit, cancellation);
        var fitSeconds = watch.Elapsed.TotalSeconds;

        // A learner that was cut short may return what it had: not what this candidate is worth.
        cancellation.ThrowIfCancellationRequested();
        watch.Restart();
        var predictions = TargetScale.Undo(model.Predict(made.Test), log);
        var predictSeconds = watch.Elapsed.TotalSeconds;
        return new FoldOutcome(Metric.Compute(made.TestTarget, predictions), predictions, made.Seconds + fitSeconds, predictSeconds, isNew ? 0 : made.Seconds,
            fold == 0 ? SizeOf(model) : 0, fold == 0 ? model.ParameterCount : 0);
    }

    /// <summary>Fits a candidate to features; a multilabel question is asked one label at a time.</summary>
    internal static Model Fit(Candidate candidate, TrainingSet training, int seed, int threads, CancellationToken cancellation)
    {
        var context = new FitContext(seed, threads, Cancellation: cancellation);
        var settings = candidate.Configuration.Without(Candidate.TargetTransformKey); // that one is applied around the learner
        return training.Y.Task == TaskKind.Multilabel && !candidate.Learner.Supports(TaskKind.Multilabel)
            ? OneVsRest.Fit(candidate.Learner, training, settings, context)
            : candidate.Learner.Fit(training, settings, context);
    }

    private static long SizeOf(Model model)
    {
        using var counter = new CountingStream();
        using (var zip = new ZipArchive(counter, ZipArchiveMode.Create, leaveOpen: true))
        {
            model.Write(new ArchiveWriter(zip));
        }

        return counter.Position;
    }

    private static string Reason(Exception e) => e is LearnerException or DataException ? e.Message : $"{e.GetType().Name}: {e.Message}";

    /// <param name="Score">Of the held-out rows.</param>
    /// <param name="Predictions">For them.</param>
    /// <param name="FitSeconds">To make features and fit.</param>
    /// <param name="PredictSeconds">To predict the held-out rows.</param>
    /// <param name="CachedSeconds">What features took that an earlier candidate had made.</param>
    /// <param name="SizeBytes">Of the stored model; of the first fold only.</param>
    /// <param name="Parameters">Learned numbers; of the first fold only.</param>
    private sealed record FoldOutcome(double Score, Predictions Predictions, double FitSeconds, double PredictSeconds, double CachedSeconds, long SizeBytes, long Parameters);
}
