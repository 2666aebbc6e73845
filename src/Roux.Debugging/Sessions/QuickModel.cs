using Roux.Debugging.Checks;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Tuning;

namespace Roux.Debugging.Sessions;

/// <summary>A model that is fitted in little time, so that there is one to look at: the better of a linear model and boosted trees in cross-validation.</summary>
internal sealed record QuickModel(Learner Learner, Configuration Settings, Pipeline Pipeline, Table Training, Target Answers, IReadOnlyList<double> FoldScores, double FoldRows, double TestTrainRatio)
{
    private const int MostRows = 20_000;
    private const int MostTexts = 3_000;
    private const int Folds = 3;
    private static readonly string[] Usual = ["ridge", "logistic-regression", "lightgbm"];

    public static QuickModel Fit(DevelopInputs inputs, DevelopOptions options, Metric metric, CheckContext context)
    {
        var (table, target) = (inputs.Development, inputs.DevelopmentTarget);
        var hasTexts = inputs.FeatureColumns.Any(column => column.Role is ColumnRole.Text or ColumnRole.List);
        var most = hasTexts ? MostTexts : MostRows;
        if (table.RowCount > most)
        {
            var rows = options.TimeColumn is { } time ? Splitters.TimeHoldout(Splitters.Times(table[time]), (double)most / table.RowCount).Test
                : Splitters.Holdout(target, (double)most / table.RowCount, Seeds.Derive(context.Seed, "sample")).Test;
            (table, target) = (table.Take(rows), target.Take(rows));
        }

        List<Candidate> candidates = [.. inputs.Learners.Where(learner => learner.Card.Family != "baseline" && (options.Families.Count > 0 || (Usual.Contains(learner.Card.Name) && !(hasTexts && learner.Card.Family == "boosting"))))
            .Where(learner => learner.Unsuitable(inputs.Task, table.RowCount, inputs.FeatureColumns.Count) is null).Select(learner => new Candidate(learner.Card.Name, learner, learner.Portfolio(inputs.Task)[0]))];
        var plan = SplitPlan.Of(inputs with { Development = table, DevelopmentTarget = target }, options with { Folds = Folds, Seed = context.Seed }, _ => { });
        var made = new FoldFeatures(plan.Table, inputs.FeatureColumns, plan.Target, plan.Folds, context.Seed);
        var best = candidates.Select(candidate => (Candidate: candidate, Scores: Score(candidate, made, plan, metric, inputs.Task, context)))
            .OrderByDescending(pair => metric.HigherIsBetter ? pair.Scores.Average() : -pair.Scores.Average()).First();
        var form = best.Candidate.Learner.Form(inputs.Task, best.Candidate.Configuration);
        var (featurizer, x) = Featurizer.Fit(table, inputs.FeatureColumns, target, form, context.Seed, context.Threads, context.Cancellation);
        var model = CrossValidator.Fit(best.Candidate, new TrainingSet(x, target), context.Seed, context.Threads, context.Cancellation);
        var pipeline = new Pipeline(best.Candidate.Name, inputs.Task, options.Target, target.Classes, inputs.FeatureColumns, [new PipelineMember(1, featurizer, model)]);
        return new QuickModel(best.Candidate.Learner, best.Candidate.Configuration, pipeline, table, target, best.Scores, plan.Folds.Average(fold => (double)fold.Test.Length), plan.TestTrainRatio);
    }

    private static double[] Score(Candidate candidate, FoldFeatures made, SplitPlan plan, Metric metric, TaskKind task, CheckContext context)
    {
        var scores = new double[plan.Folds.Count];
        for (var fold = 0; fold < scores.Length; fold++)
        {
            var features = made.Get(fold, candidate.Learner.Form(task, candidate.Configuration), context.Threads, out _, context.Cancellation);
            var model = CrossValidator.Fit(candidate, new TrainingSet(features.Training, features.TrainingTarget), Seeds.Derive(context.Seed, candidate.Name, fold), context.Threads, context.Cancellation);
            scores[fold] = metric.Compute(plan.Target.Take(plan.Folds[fold].Test), model.Predict(features.Test));
        }

        return scores;
    }
}
