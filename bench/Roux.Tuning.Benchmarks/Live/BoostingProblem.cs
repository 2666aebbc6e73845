using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Boosting;

namespace Roux.Tuning.Benchmarks.Live;

/// <summary>LightGBM; a step is six rounds, of one tree each, or two rounds of a tree a class; the loss is the least so far, as with early stopping.</summary>
internal sealed class BoostingProblem(LiveData data) : LiveProblem(data, "lightgbm", steps: 27)
{
    public override SearchSpace Space { get; } = new(
        new FloatParameter("learning_rate", 0.005, 0.5, Log: true),
        new IntParameter("num_leaves", 4, 128, Log: true),
        new IntParameter("min_data_in_leaf", 1, 100, Log: true),
        new FloatParameter("feature_fraction", 0.2, 1),
        new FloatParameter("bagging_fraction", 0.3, 1),
        new FloatParameter("lambda_l1", 1e-3, 10, Log: true),
        new FloatParameter("lambda_l2", 1e-3, 100, Log: true),
        new CategoricalParameter("extra_trees", [false, true]));

    public override ILiveTraining Start(Configuration configuration, int seed) => new Training(Data, configuration, seed);

    private sealed class Training : ILiveTraining
    {
        private readonly LightGbmLibrary.ThreadLease lease = LightGbmLibrary.Lease(1);
        private readonly LightGbmBooster booster;
        private readonly int rounds;
        private bool grows = true;
        private double best = double.PositiveInfinity;

        public Training(LiveData data, Configuration configuration, int seed)
        {
            var (training, validation) = data.Features(FeatureForm.Trees);
            var set = new TrainingSet(training, data.TrainingTarget);
            var settings = new LightGbmSettings(set, configuration);
            var scale = BoostingOptions.Scale(data.TrainingTarget, null, Configuration.Empty);
            int[] rows = [.. Enumerable.Range(0, validation.Rows)];

            // The validation rows go into the bins of the training rows, as LightGBM wants; their answers are used by our loss alone.
            var whole = FeatureMatrix.FromDense(training.Rows + validation.Rows, training.Features, [.. training.Dense!, .. validation.Dense!]);
            float[] labels = [.. BoostingOptions.Labels(data.TrainingTarget, scale), .. BoostingOptions.Labels(data.ValidationTarget, scale)];
            booster = new LightGbmBooster(
                LightGbmData.Create(whole, [.. Enumerable.Range(0, training.Rows)], labels, null, settings.Binning, lease.Threads),
                LightGbmData.Create(whole, Array.ConvertAll(rows, row => row + training.Rows), labels, null, settings.Binning, lease.Threads),
                new ValidationLoss(data.ValidationTarget, null, rows, scale, absolute: false), settings.Training(seed, lease.Threads));
            rounds = data.TrainingTarget.Task == TaskKind.Multiclass ? 2 : 6;
        }

        public double Advance()
        {
            for (var round = 0; round < rounds && grows; round++)
            {
                grows = booster.Advance();
            }

            return best = Math.Min(best, booster.ValidationLoss());
        }

        public void Dispose()
        {
            booster.Dispose();
            lease.Dispose();
        }
    }
}
