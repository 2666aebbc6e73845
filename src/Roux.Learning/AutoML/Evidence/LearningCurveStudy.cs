using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.LearningCurves;
using Roux.Learning.Learners;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>Measures learning curves of some learners on a table, as a tracked run with a child run per learner.</summary>
public sealed class LearningCurveStudy
{
    private const int Divisions = 5;
    private readonly LearningCurveOptions options;
    private readonly Action<string> note;
    private readonly TimeProvider clock;
    private readonly long started;

    private LearningCurveStudy(LearningCurveOptions options, Action<string> note, TimeProvider clock) =>
        (this.options, this.note, this.clock, started) = (options, note, clock, clock.GetTimestamp());

    /// <summary>Measures the curves.</summary>
    /// <param name="options">What, and within what.</param>
    /// <param name="tracker">Where it is recorded.</param>
    /// <param name="capture">Captures the environment of the run until it is disposed; may return <c>null</c>.</param>
    /// <param name="note">Told how it goes.</param>
    /// <param name="clock">The clock of the time budget.</param>
    /// <param name="stop">Asks to stop.</param>
    /// <returns>The curves, the best first, and the id of the run.</returns>
    /// <exception cref="DataException">The data cannot be used; the message says why and what to do.</exception>
    public static (LearningCurveEvidence Evidence, string RunId) Run(
        LearningCurveOptions options, Tracker tracker, Func<Run, IDisposable?> capture, Action<string> note, TimeProvider clock, CancellationToken stop) =>
        new LearningCurveStudy(options, note, clock).Run(tracker, capture, stop);

    private (LearningCurveEvidence Evidence, string RunId) Run(Tracker tracker, Func<Run, IDisposable?> capture, CancellationToken stop)
    {
        var data = options.Data;
        var inputs = DevelopInputs.ReadLabelled(data, note, stop);
        var metric = Development.HeadlineMetric(data, inputs.Task);
        var models = Models(inputs);
        using var run = tracker.Experiment(JobName.Experiment(data)).StartRun("learning-curve");
        using var captured = capture(run);
        run.Tag("roux.verb", "learning-curve");
        run.Log("target", data.Target).Log("metric", metric.Name).Log("seed", data.Seed).Log("repeats", options.Repeats).Log("learners", string.Join(", ", models.Select(model => model.Name)));
        run.LogDataset(DevelopJournal.DatasetOf(inputs.Data, data.DataPath, inputs.Columns), "all");
        try
        {
            var evidence = Measure(inputs, metric, models, stop);
            Record(run, evidence);
            captured?.Dispose();
            run.Finish();
            return (evidence, run.Id);
        }
        catch (OperationCanceledException)
        {
            run.Finish(RunStatus.Killed);
            throw;
        }
        catch (Exception e)
        {
            run.Fail(e);
            throw;
        }
    }

    private LearningCurveEvidence Measure(DevelopInputs inputs, Metric metric, List<CurveModel> models, CancellationToken stop)
    {
        var data = options.Data;
        var plan = SplitPlan.Of(inputs, data with { Folds = Folds(inputs, data) }, note);
        var settings = new CurveSettings
        {
            Sizes = options.Sizes,
            Repeats = options.Repeats,
            Seconds = options.TimeBudget is { } budget ? Math.Max(0.1, (budget - clock.GetElapsedTime(started)).TotalSeconds * 0.95) : double.PositiveInfinity,
            Seed = Seeds.Derive(data.Seed, "learning-curve"),
            Threads = data.Threads > 0 ? data.Threads : Environment.ProcessorCount,
            Groups = data.GroupColumn is { } group ? Splitters.Groups(plan.Table[group]) : null,
            Times = data.TimeColumn is { } time ? Splitters.Times(plan.Table[time]) : null,
            Clock = clock,
        };
        var curves = CurveMeasurement.Measure(plan.Table, inputs.FeatureColumns, plan.Target, plan.Folds, metric, models, settings,
            (name, size) => note(string.Create(CultureInfo.InvariantCulture, $"{name}: {size:N0} rows")), stop);
        foreach (var curve in curves.Where(curve => curve.Incomplete is not null))
        {
            note($"{curve.Name}: {curve.Incomplete}");
        }

        var scale = CurveScale.Of(metric);
        var measured = curves.Where(curve => curve.Points.Count > 0).OrderBy(curve => scale.Error(curve.Sizes[^1].Validation)).ToList();
        if (measured.Count == 0)
        {
            throw new DataException($"nothing could be measured: {string.Join("; ", curves.Select(curve => $"{curve.Name}: {curve.Incomplete ?? "no score"}").Take(3))}; give more time (--time-budget) or other learners (--families)");
        }

        var best = models.First(model => model.Name == measured[0].Name);
        bool? biggerTried = LearningCurveStep.IsExpressive(best.Complexity) || models.Any(model => model.Complexity > best.Complexity && measured.Any(curve => curve.Name == model.Name)) ? true : null;
        return LearningCurveEvidence.Of(measured, inputs.Development.RowCount, Math.Max(1, inputs.Development.RowCount / Divisions), options.HumanError, biggerTried, settings.Seed);
    }

    /// <summary>As many divisions as repeats, five at least, so that most rows are there to learn from; over time, of twice as many blocks the later ones.</summary>
    private int Folds(DevelopInputs inputs, DevelopOptions data) =>
        data.TimeColumn is not null ? 2 * options.Repeats - 1
        : data.GroupColumn is { } group ? Math.Max(2, Math.Min(Math.Max(Divisions, options.Repeats), Splitters.Groups(inputs.Development[group]).Distinct().Count()))
        : Math.Max(Divisions, options.Repeats);

    private List<CurveModel> Models(DevelopInputs inputs)
    {
        var learners = inputs.Learners.Where(learner => learner.Card.Family != "baseline" || options.Data.Families.Contains(learner.Card.Name) || options.Data.Families.Contains("baseline"));
        if (options.Data.Families.Count == 0)
        {
            string[] usual = [inputs.Task == TaskKind.Regression ? "ridge" : "logistic-regression", "lightgbm"];
            learners = learners.Where(learner => usual.Contains(learner.Card.Name));
        }

        var models = new List<CurveModel>();
        foreach (var learner in learners)
        {
            if (learner.Unsuitable(inputs.Task, inputs.Development.RowCount, inputs.FeatureColumns.Count) is { } reason)
            {
                note($"{learner.Card.Name} not tried: {reason}");
            }
            else
            {
                models.Add(CurveModel.Of(new Candidate(learner.Card.Name, learner, learner.Portfolio(inputs.Task)[0])));
            }
        }

        return models.Count > 0 ? models : throw new DataException("--families: none of these learners suits this data; leave the option out for the usual ones");
    }

    private static void Record(Run run, LearningCurveEvidence evidence)
    {
        foreach (var curve in evidence.Curves)
        {
            using var child = run.StartChild(curve.Name);
            foreach (var size in curve.Curve.Sizes)
            {
                var rows = (long)Math.Round(size.Rows);
                child.LogMetric($"training_{evidence.Metric.Name}", size.Training, rows);
                child.LogMetric($"validation_{evidence.Metric.Name}", size.Validation, rows);
            }

            child.Log("family", curve.Curve.Family);
            child.Finish();
        }

        var first = evidence.Curves[0];
        run.Log("best", first.Name);
        foreach (var (name, interval) in new[] { ("now", first.Now), ("twice_the_rows", first.Twice), ("ten_times_the_rows", first.Tenfold) })
        {
            if (interval is not null)
            {
                run.LogMetric($"{name}_{evidence.Metric.Name}", interval.Estimate);
            }
        }

        foreach (var finding in evidence.Findings)
        {
            run.LogFinding(finding);
        }

        var plot = Plots.Forecast([.. evidence.Curves.Select(curve => (curve.Curve, curve.Forecast))], evidence.PresentRows);
        run.LogText("plots/learning_curve.svg", plot.Svg);
        run.LogText("plots/learning_curve.json", plot.Numbers.ToJsonString());
    }
}
