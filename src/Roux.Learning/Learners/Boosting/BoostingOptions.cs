using Roux.Learning.Data;
using Roux.Tuning;

namespace Roux.Learning.Learners.Boosting;

/// <summary>Hyperparameters that both boosting libraries share.</summary>
internal static class BoostingOptions
{
    private static readonly string[] ClassWeights = ["none", "balanced"];
    private static readonly string[] TargetTransforms = ["none", "log"];

    /// <summary>From so many columns on a matrix counts as wide: words, most of them of little weight each.</summary>
    public const int WideColumns = 400;

    /// <summary>Whether classes should count alike.</summary>
    public static readonly Parameter[] ClassWeightSpace = [new CategoricalParameter("class_weight", ["none", "balanced"])];

    private const int MaxTrees = 10_000;

    /// <summary>Smaller steps end lower, where they can be afforded.</summary>
    public static double DefaultLearningRate(Target y) => Outputs(y) == 1 ? (y.Count < 100_000 ? 0.05 : 0.1) : (long)y.Count * Outputs(y) < 10_000 ? 0.05 : 0.1;

    /// <summary>
    /// Share of the features that each tree may use. Trees that see half of them differ more, and a mean of different trees errs less;
    /// of a handful of features each may be needed in every tree.
    /// </summary>
    public static double DefaultFeatureFraction(int columns) => columns switch
    {
        <= 4 => 1,
        < 10 => 0.7,
        < WideColumns => 0.5,
        _ => 0.3,
    };

    /// <summary>Trees in a round.</summary>
    public static int Outputs(Target y) => y.Task == TaskKind.Multiclass ? y.Classes.Length : 1;

    /// <summary>How the number of rounds is found under these settings.</summary>
    public static BoostingPlan Plan(Configuration configuration, Target y, double learningRate, bool absolute)
    {
        if (!(learningRate > 0) || learningRate > 1)
        {
            throw new LearnerException($"learning_rate={learningRate} is not in (0, 1]");
        }

        var maxRounds = (int)Math.Min(Math.Clamp(100 / learningRate, 100, 5_000), Math.Max(50, MaxTrees / Outputs(y)));
        var patience = (int)Math.Clamp(10 + 2 / learningRate, 20, 200);
        return new BoostingPlan(
            new StoppingRule(Math.Max(1, configuration.Int("max_rounds", maxRounds)), Math.Max(1, configuration.Int("early_stopping_rounds", patience))),
            Math.Max(0, configuration.Int("rounds", 0)),
            Math.Clamp(configuration.Int("bags", 1), 1, 100),
            absolute);
    }

    /// <summary>The weight of every row: those given, times the class weights asked for; <c>null</c> when all are equal.</summary>
    public static float[]? Weights(TrainingSet training, Configuration configuration)
    {
        var y = training.Y;
        var balanced = y.Task != TaskKind.Regression && OneOf(configuration, "class_weight", ClassWeights) == "balanced";
        if (training.Weights is null && !balanced)
        {
            return null;
        }

        var weights = training.Weights is null ? Enumerable.Repeat(1f, y.Count).ToArray() : Array.ConvertAll(training.Weights, w => (float)w);
        if (!weights.All(w => w >= 0 && float.IsFinite(w)) || !weights.Any(w => w > 0))
        {
            throw new LearnerException("weights must be finite, not negative, and not all 0");
        }

        if (balanced)
        {
            var byClass = new double[y.Classes.Length];
            for (var row = 0; row < weights.Length; row++)
            {
                byClass[y.Labels[row]] += weights[row];
            }

            var share = byClass.Sum() / byClass.Count(w => w > 0);
            for (var row = 0; row < weights.Length; row++)
            {
                weights[row] *= (float)(byClass[y.Labels[row]] > 0 ? share / byClass[y.Labels[row]] : 1);
            }
        }

        return weights;
    }

    /// <summary>The unit to boost in.</summary>
    public static RegressionScale Scale(Target y, float[]? weights, Configuration configuration)
    {
        if (y.Task != TaskKind.Regression)
        {
            return RegressionScale.Identity;
        }

        var bad = Array.FindIndex(y.Values, value => !double.IsFinite(value));
        return bad < 0 ? RegressionScale.Of(y.Values, weights, OneOf(configuration, "target_transform", TargetTransforms) == "log")
            : throw new LearnerException($"answer {bad} is {y.Values[bad]}; boosting needs finite answers: remove or clip such rows");
    }

    /// <summary>The answers as the libraries take them: class numbers, or numbers in the boosted unit.</summary>
    public static float[] Labels(Target y, RegressionScale scale) => y.Task == TaskKind.Regression
        ? Array.ConvertAll(y.Values, value => scale.ToBoosted(value))
        : Array.ConvertAll(y.Labels, label => (float)label);

    /// <summary>A choice of the configuration, checked; the first is the default.</summary>
    public static string OneOf(Configuration configuration, string name, string[] allowed)
    {
        var choice = configuration.Choice(name, allowed[0]);
        return allowed.Contains(choice) ? choice
            : throw new LearnerException($"{name}={choice} is not known; choose one of {string.Join(", ", allowed)}");
    }

    /// <summary>Refuses what no boosting can learn from.</summary>
    public static void Check(TrainingSet training)
    {
        if (training.Y.Task == TaskKind.Multilabel)
        {
            throw new LearnerException("boosting learns one label at a time; ask for each label as a binary question");
        }

        if (training.X.Rows == 0 || training.X.Columns == 0)
        {
            throw new LearnerException($"nothing to learn from: {training.X.Rows} rows x {training.X.Columns} features");
        }

        if (training.X.Rows != training.Y.Count || (training.Weights is not null && training.Weights.Length != training.Y.Count))
        {
            throw new LearnerException($"{training.X.Rows} rows, {training.Y.Count} answers and {training.Weights?.Length ?? training.Y.Count} weights do not belong together");
        }
    }
}
