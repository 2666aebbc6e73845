using Roux.Learning.Data;
using Roux.Learning.Learners.Baselines;
using Roux.Learning.Learners.Boosting;
using Roux.Learning.Learners.Kernels;
using Roux.Learning.Learners.Linear;
using Roux.Learning.Learners.NaiveBayes;
using Roux.Learning.Learners.Neighbours;
using Roux.Learning.Learners.Trees;

namespace Roux.Learning.Learners;

/// <summary>All learners that come with Roux.</summary>
public static class LearnerCatalog
{
    /// <summary>Every learner, simplest first.</summary>
    public static IReadOnlyList<Learner> All { get; } =
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

    /// <summary>The learners that can answer such a question and run on this machine, simplest first.</summary>
    public static IReadOnlyList<Learner> For(TaskKind task) =>
        [.. All.Where(learner => learner.Supports(task == TaskKind.Multilabel ? TaskKind.Binary : task))];

    /// <summary>The learner of that name, or <c>null</c>.</summary>
    public static Learner? Find(string name) => All.FirstOrDefault(learner => learner.Card.Name == name);
}
