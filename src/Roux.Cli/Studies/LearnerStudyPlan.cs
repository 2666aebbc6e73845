using System.Globalization;
using Roux.Learning.AutoML;
using Roux.Learning.Studies;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>A study of one learner's settings on a table, by cross-validation.</summary>
internal static class LearnerStudyPlan
{
    /// <summary>Plans it.</summary>
    /// <exception cref="UsageException">Something that it needs is missing or wrong.</exception>
    public static StudyPlan Plan(TuneArguments arguments, CancellationToken cancellation)
    {
        var learner = arguments.Get(TuneOptions.Learner)!;
        var data = arguments.Command is [var only] ? only : throw new UsageException("tune: with --learner there is one data file and no program, such as: roux tune data.csv --target price --learner lightgbm");
        foreach (var option in new System.CommandLine.Option[] { TuneOptions.Space, TuneOptions.MetricFrom, TuneOptions.OwnFolder, TuneOptions.Gpus, TuneOptions.Goal, TuneOptions.Limit, TuneOptions.ScheduleName })
        {
            if (arguments.Has(option))
            {
                throw new UsageException($"{option.Name}: is for programs; with --learner the learner and the metric decide");
            }
        }

        var options = new DevelopOptions
        {
            DataPath = data, Target = arguments.Get(TuneOptions.Target) ?? throw new UsageException("tune: which column is to be predicted? Name it with --target COL"),
            Metric = arguments.Get(TuneOptions.Metric) switch { [] => null, [var one] => one, _ => throw new UsageException("--metric: one score with --learner") }, Folds = arguments.AtLeast(TuneOptions.Folds, 2), GroupColumn = arguments.Get(TuneOptions.Group), TimeColumn = arguments.Get(TuneOptions.Time),
            Drop = arguments.Get(TuneOptions.Drop)!, Seed = arguments.Seed,
        };
        var (nested, places) = (arguments.AtLeast(TuneOptions.Nested, 2), arguments.Places());
        var tuned = LearnerStudy.Open(options, learner, Note, cancellation);
        var run = arguments.RunOptions(places, isData: true);
        return new StudyPlan
        {
            Space = tuned.Space,
            Goals = [new Goal(tuned.Metric.Name, tuned.Direction)],
            Options = run,
            UsualPruner = "race",
            Subject = [Path.GetFullPath(data), options.Target, learner, .. options.Drop, options.GroupColumn ?? "", options.TimeColumn ?? "", tuned.Folds.ToString(CultureInfo.InvariantCulture), options.Seed.ToString(CultureInfo.InvariantCulture)],
            Settings = new Dictionary<string, object> { ["learner"] = learner, ["target"] = options.Target, ["folds"] = tuned.Folds, ["rows"] = tuned.Rows },
            Inputs = [data],
            Try = (place, trial, trialRun) => Task.FromResult<IReadOnlyList<double>>([Try(tuned, trial, trialRun)]),
            Finish = (outcome, stop) => FinishAsync(tuned, arguments, run, nested, outcome, stop),
        };
    }

    private static double Try(LearnerStudy tuned, RunningTrial trial, Run run)
    {
        var (mean, scores, seconds) = tuned.Try(trial);
        run.Tag("roux.learner", tuned.Learner.Card.Name).Tag(Development.MetricTag, tuned.Metric.Name);
        run.LogMetric($"cv_{tuned.Metric.Name}", mean).LogMetrics($"fold_{tuned.Metric.Name}", [.. scores]).LogMetric("fit_seconds", seconds);
        return mean;
    }

    private static async Task<StudyOutcome> FinishAsync(LearnerStudy tuned, TuneArguments arguments, RunOptions run, int? nested, StudyOutcome outcome, CancellationToken stop)
    {
        var figures = new List<(string, double, string)>();
        var usual = tuned.Default(stop);
        if (double.IsFinite(usual))
        {
            figures.Add(("default", usual, "with the learner's usual settings"));
        }

        var corrected = tuned.Correct(outcome.Study, stop);
        if (corrected is not null)
        {
            figures.Add(("corrected", corrected.Value, string.Create(CultureInfo.InvariantCulture, $"corrected for the choice among {corrected.Configurations}: 95% in {corrected.Low:G4} to {corrected.High:G4}")));
            figures.Add(("corrected_low", corrected.Low, ""));
            figures.Add(("corrected_high", corrected.High, ""));
            figures.Add(("optimism", corrected.Optimism, ""));
        }

        if (nested is { } outer)
        {
            var search = () => arguments.StudyOptions(new StudyPlan { Space = tuned.Space, Goals = [new Goal(tuned.Metric.Name, tuned.Direction)], Options = run, UsualPruner = "race", Subject = [], Try = (_, _, _) => Task.FromResult<IReadOnlyList<double>>([0.0]) });
            var scores = await tuned.NestedAsync(outer, run.Trials ?? outcome.Study.Trials.Count, search, (fold, score) => Note(string.Create(CultureInfo.InvariantCulture, $"outer fold {fold + 1} of {outer}: {tuned.Metric.Name} {score:G5}")), stop).ConfigureAwait(false);
            var mean = scores.Average();
            figures.Add(("nested", mean, string.Create(CultureInfo.InvariantCulture, $"by nested cross-validation ({outer} outer folds, {scores.Min():G4} to {scores.Max():G4})")));
        }

        return outcome with { Figures = figures, Honest = corrected is { Value: var honest } && double.IsFinite(honest) ? honest : null };
    }

    private static void Note(string text) => Console.Error.WriteLine("roux: " + Terminal.OneLine(text));
}
