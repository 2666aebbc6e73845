using Roux.Learning.Data;
using Roux.Learning.Learners.Baselines;
using Roux.Learning.Learners.Boosting;
using Roux.Learning.Learners.Kernels;
using Roux.Learning.Learners.Linear;
using Roux.Learning.Learners.NaiveBayes;
using Roux.Learning.Learners.Neighbours;
using Roux.Learning.Learners.Trees;

namespace Roux.Learning.Learners;

/// <summary>All learners: those of this project, and those that others add.</summary>
public static class LearnerCatalog
{
    private static Lazy<IReadOnlyList<Learner>> added = new([]);

    /// <summary>Every learner, simplest first; then those that were added.</summary>
    public static IReadOnlyList<Learner> All => added.Value.Count == 0 ? Own.All : [.. Own.All, .. added.Value];

    /// <summary>Adds the learners of another project, in place of those added before.</summary>
    /// <param name="learners">Asked once, when the catalog is first looked at: what it loads costs nothing until then.</param>
    public static void Extend(Func<IReadOnlyList<Learner>> learners) => added = new(learners);

    /// <summary>The learners that can answer such a question and run on this machine, simplest first.</summary>
    public static IReadOnlyList<Learner> For(TaskKind task) =>
        [.. All.Where(learner => learner.Supports(task == TaskKind.Multilabel ? TaskKind.Binary : task))];

    /// <summary>The learner of that name, or <c>null</c>.</summary>
    public static Learner? Find(string name) => All.FirstOrDefault(learner => learner.Card.Name == name);

    /// <summary>Apart, so that adding to the catalog makes none of them.</summary>
    private static class Own
    {
        public static readonly Learner[] All =
        [
            new ZeroRuleLearner(),
            new MeanLearner(),
            new MedianLearner(),
            new RandomLearner(),
            new OneRuleLearner(),
            new NaiveBayesLearner(),
            new LinearRegressionLearner(),
            new RidgeLearner(),
            new ElasticNetLearner(),
            new LogisticRegressionLearner(),
            new LinearSvmLearner(),
            new DecisionTreeLearner(),
            new KNearestNeighboursLearner(),
            new RbfSvmLearner(),
            new RandomForestLearner(),
            new ExtraTreesLearner(),
            new LightGbmLearner(),
            new XGBoostLearner(),
        ];
    }
}
