using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;

namespace Roux.Debugging.Checks;

/// <summary>Fits simple models on the rows that a model was fitted on: what it has to beat.</summary>
internal static class SimpleRivals
{
    private const int MostRows = 10_000;
    private static readonly string[] Names = ["zero-rule", "mean", "one-rule", "naive-bayes", "ridge", "logistic-regression", "decision-tree"];

    /// <param name="training">Rows to learn from.</param>
    /// <param name="evaluation">Rows to predict.</param>
    /// <param name="judged">The model to be compared: its columns are used.</param>
    /// <param name="context">Seed, threads, and whether to stop.</param>
    public static IReadOnlyList<RivalScores> Fit(JudgedRows training, JudgedRows evaluation, Pipeline judged, CheckContext context)
    {
        var sample = training.Count <= MostRows ? training
            : training.Take(Splitters.Holdout(training.Answers, (double)MostRows / training.Count, Seeds.Derive(context.Seed, "rivals")).Test);
        var made = new Dictionary<FeatureForm, (FittedFeaturizer Featurizer, FeatureMatrix Training, FeatureMatrix Evaluation)>();
        var rivals = new List<RivalScores>();
        foreach (var learner in Names.Select(LearnerCatalog.Find).OfType<Learner>().Where(learner => learner.Supports(judged.Task == TaskKind.Multilabel ? TaskKind.Binary : judged.Task)))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var candidate = new Candidate(learner.Card.Name, learner, learner.Portfolio(judged.Task)[0]);
            var form = learner.Form(judged.Task, candidate.Configuration);
            try
            {
                if (!made.TryGetValue(form, out var features))
                {
                    var (featurizer, matrix) = Featurizer.Fit(sample.Table!, judged.Columns, sample.Answers, form, context.Seed, context.Threads, context.Cancellation);
                    made.Add(form, features = (featurizer, matrix, featurizer.Transform(evaluation.Table!, context.Threads, context.Cancellation)));
                }

                var model = CrossValidator.Fit(candidate, new TrainingSet(features.Training, sample.Answers), context.Seed, context.Threads, context.Cancellation);
                rivals.Add(new RivalScores(learner.Card.Name, learner.Card.Complexity == 0) { Predictions = model.Predict(features.Evaluation) });
            }
            catch (LearnerException)
            {
                // A rival that cannot learn these data is none.
            }
        }

        return rivals;
    }
}
