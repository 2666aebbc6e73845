using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Trees;

namespace Roux.Tuning.Benchmarks.Live;

/// <summary>A random forest; a step is a fold of threefold cross-validation, three times over, and the loss is the mean of the folds so far.</summary>
internal sealed class ForestProblem(LiveData data) : LiveProblem(data, "forest", steps: Folds * Repeats)
{
    private const int Folds = 3;
    private const int Repeats = 3;
    private const int Trees = 12;

    /// <summary>No row's own class gets less: a forest of a few trees is certain too soon for the logarithmic loss.</summary>
    private const double LeastProbability = 0.005;

    public override SearchSpace Space { get; } = new(
        [
            new FloatParameter("max_features", 0.05, 1),
            new IntParameter("min_samples_leaf", 1, 100, Log: true),
            new IntParameter("max_depth", 1, 30),
            new CategoricalParameter("bootstrap", [true, false]),
            .. data.TrainingTarget.Task == TaskKind.Regression ? Array.Empty<Parameter>() : [new CategoricalParameter("criterion", ["gini", "entropy"]), new CategoricalParameter("class_weight", ["none", "balanced"])],
        ]);

    public override ILiveTraining Start(Configuration configuration, int seed) => new Training(Data, configuration, seed);

    private sealed class Training : ILiveTraining
    {
        private readonly FeatureMatrix x;
        private readonly Target y;
        private readonly IReadOnlyList<Fold> folds;
        private readonly Configuration configuration;
        private readonly int seed;
        private int done;
        private double sum;

        public Training(LiveData data, Configuration configuration, int seed)
        {
            (x, y, this.configuration, this.seed) = (data.Features(new RandomForestLearner().Form(data.TrainingTarget.Task, configuration)).Training, data.TrainingTarget, configuration, seed);
            folds = y.Task == TaskKind.Regression ? Splitters.KFold(y.Count, Folds, Repeats, seed: 1) : Splitters.StratifiedKFold(y, Folds, Repeats, seed: 1);
        }

        public double Advance()
        {
            var fold = folds[done];
            var settings = configuration.With(Configuration.Of(("n_estimators", Trees)));
            var model = new RandomForestLearner().Fit(new TrainingSet(x.Take(fold.Train), y.Take(fold.Train)), settings, new FitContext(seed * 1_000 + done));
            sum += Loss(model.Predict(x.Take(fold.Test)), y.Take(fold.Test));
            return sum / ++done;
        }

        public void Dispose()
        {
        }

        private static double Loss(Predictions predictions, Target answers) => answers.Task == TaskKind.Regression
            ? Math.Sqrt(answers.Values.Select((value, row) => Math.Pow(value - predictions.Row(row)[0], 2)).Average())
            : answers.Labels.Select((label, row) => -Math.Log(Math.Max(LeastProbability, predictions.Row(row)[label]))).Average();
    }
}
