using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Boosting;
using Roux.Learning.Learners.Trees;
using Roux.Tuning;

namespace Roux.Debugging.Checks;

/// <summary>Predictions of rows by models that did not see them, from a quick learner: boosted trees of fixed size, or a small forest where LightGBM is not to be had.</summary>
internal static class QuickFit
{
    /// <summary>For every row the prediction of the fold that leaves it out.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="columns">The columns to use.</param>
    /// <param name="y">One answer a row.</param>
    /// <param name="folds">Number of folds.</param>
    /// <param name="context">Seed, threads and stopping.</param>
    public static Predictions OutOfFold(Table table, IReadOnlyList<ColumnSpec> columns, Target y, int folds, CheckContext context)
    {
        var (learner, configuration) = Choose(y);
        return OutOfFold(table, columns, y, Splitters.StratifiedKFold(y, folds, 1, context.Seed), [new Candidate(learner.Card.Name, learner, configuration)], context)[0];
    }

    /// <summary>The same for several candidates, each row held out once by the folds.</summary>
    public static Predictions[] OutOfFold(Table table, IReadOnlyList<ColumnSpec> columns, Target y, IReadOnlyList<Fold> folds, IReadOnlyList<Candidate> candidates, CheckContext context)
    {
        var features = new FoldFeatures(table, columns, y, folds, context.Seed);
        var values = candidates.Select(_ => new double[(long)y.Count * y.Width]).ToArray();
        for (var fold = 0; fold < folds.Count; fold++)
        {
            for (var i = 0; i < candidates.Count; i++)
            {
                var candidate = candidates[i];
                var made = features.Get(fold, candidate.Learner.Form(y.Task, candidate.Configuration), context.Threads, out _, context.Cancellation);
                var model = CrossValidator.Fit(candidate, new TrainingSet(made.Training, made.TrainingTarget), Seeds.Derive(context.Seed, candidate.Name, fold), context.Threads, context.Cancellation);
                var predictions = model.Predict(made.Test);
                for (var row = 0; row < folds[fold].Test.Length; row++)
                {
                    predictions.Row(row).CopyTo(values[i].AsSpan(folds[fold].Test[row] * y.Width));
                }
            }
        }

        return [.. values.Select(of => new Predictions(y.Task, y.Width, of))];
    }

    private static (Learner, Configuration) Choose(Target y)
    {
        var trees = new LightGbmLearner();
        return trees.Supports(y.Task)
            ? (trees, Configuration.Of(("rounds", 60), ("learning_rate", 0.15), ("num_leaves", 15), ("max_bin", 63L)))
            : (new RandomForestLearner(), Configuration.Of(("n_estimators", 60), ("min_samples_leaf", 3)));
    }
}
