using Roux.Learning.Data;
using Roux.Tuning;

namespace Roux.Learning.Learners.Trees;

/// <summary>Grows many trees in parallel, each from its own seed.</summary>
internal static class Forests
{
    /// <summary>Fewest trees that a stopped forest is worth keeping with.</summary>
    private const int FewestTrees = 10;

    /// <summary>Default number of trees: 500 up to 10,000 rows, 200 beyond, where each tree costs more and varies less.</summary>
    public static int DefaultTrees(int rows) => rows <= 10_000 ? 500 : 200;

    /// <summary>Fits the forest. Asked to stop, it keeps the trees grown so far if there are at least 10.</summary>
    /// <exception cref="OperationCanceledException">Stopped with fewer.</exception>
    public static ForestModel Grow(TrainingSet training, double[] weights, TreeSettings settings, int count, bool bootstrap, FitContext context)
    {
        var data = TreeData.From(training, weights, context);
        var trees = new Tree?[count];
        var next = -1;
        Loops.For(Math.Min(context.Threads, count), context.Threads, CancellationToken.None, _ =>
        {
            var grower = new TreeGrower(data, settings, context.Cancellation);
            for (var t = Interlocked.Increment(ref next); t < count && !context.Cancellation.IsCancellationRequested; t = Interlocked.Increment(ref next))
            {
                trees[t] = grower.Grow(SplitMix64.For(context.Seed, t), bootstrap);
            }
        });
        Tree[] grown = [.. trees.Where(tree => tree is not null)!];
        if (grown.Length < count && grown.Length < FewestTrees)
        {
            throw new OperationCanceledException($"stopped after {grown.Length} of {count} trees", context.Cancellation);
        }

        return ForestModel.Of(ModelHead.Of(training), grown);
    }

    /// <summary>Reads the settings that all tree learners share.</summary>
    /// <param name="task">The kind of task.</param>
    /// <param name="columns">Number of features.</param>
    /// <param name="configuration">Hyperparameters.</param>
    /// <param name="maxFeatures">Share of the features looked at per split where it is not set; <c>null</c> for the square root of their number.</param>
    /// <param name="minLeaf">Fewest rows in a leaf where it is not set.</param>
    public static TreeSettings Settings(TaskKind task, int columns, Configuration configuration, double? maxFeatures, int minLeaf)
    {
        var share = configuration.ContainsKey("max_features") ? configuration.Float("max_features", 1) : maxFeatures;
        var criterion = configuration.Choice("criterion", "gini");
        var depth = configuration.Int("max_depth", 0);
        var leaf = configuration.Int("min_samples_leaf", minLeaf);
        if (share is <= 0 or > 1 or double.NaN)
        {
            throw new LearnerException($"max_features is {share}; it is a share of the features, above 0 and at most 1");
        }

        if (criterion is not "gini" and not "entropy")
        {
            throw new LearnerException($"criterion is '{criterion}'; allowed are gini and entropy");
        }

        if (depth < 0 || leaf < 1)
        {
            throw new LearnerException($"max_depth is {depth} and min_samples_leaf {leaf}; they are at least 0 (no limit) and 1");
        }

        var features = share is { } part ? (int)Math.Ceiling(part * columns - 1e-9) : (int)Math.Sqrt(columns);
        return new TreeSettings(
            task == TaskKind.Regression ? Impurity.SquaredError : criterion == "entropy" ? Impurity.Entropy : Impurity.Gini,
            depth == 0 ? int.MaxValue : depth,
            leaf,
            Math.Clamp(features, 1, Math.Max(1, columns)),
            RandomOrder: true,
            RandomThresholds: false);
    }
}
