using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Baselines;

/// <summary>A learner that looks at the answers alone: the floor that any use of the features must beat.</summary>
public abstract class BaselineLearner : Learner
{
    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) => FeatureForm.Nothing;

    private protected static LearnerCard Floor(string name, string strength) => new(
        name, "baseline", 0, Interpretability.Readable,
        ["none: the features are not looked at"],
        [strength],
        ["knows nothing of the row in front of it: a model that is not clearly better has learned nothing"]);
}

/// <summary>
/// The class distribution of the training rows for every row; its label is the most frequent class. (With probabilities of the
/// prior, not 0 and 1, its log loss is the entropy of the classes: the right floor for probabilistic scores too.)
/// </summary>
public sealed class ZeroRuleLearner : BaselineLearner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = Floor("zero-rule", "the best that one can do by always saying the same");

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task is TaskKind.Binary or TaskKind.Multiclass;

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context) => ConstantModel.OfDistribution(training);
}

/// <summary>The (weighted) mean of the training answers for every row: the constant of least squared error.</summary>
public sealed class MeanLearner : BaselineLearner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = Floor("mean", "the constant of least squared error");

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task == TaskKind.Regression;

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        var weights = RowWeights.Of(training, configuration);
        var (sum, total) = (0.0, 0.0);
        for (var row = 0; row < weights.Length; row++)
        {
            sum += weights[row] * training.Y.Values[row];
            total += weights[row];
        }

        return new ConstantModel(ModelHead.Of(training), [sum / total]);
    }
}

/// <summary>The (weighted) median of the training answers for every row: the constant of least absolute error.</summary>
public sealed class MedianLearner : BaselineLearner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = Floor("median", "the constant of least absolute error, untouched by outliers");

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task == TaskKind.Regression;

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        var weights = RowWeights.Of(training, configuration);
        double[] sorted = [.. training.Y.Values];
        Array.Sort(sorted, weights);
        var half = weights.Sum() / 2;
        var below = 0.0;
        for (var i = 0; i < sorted.Length; i++)
        {
            below += weights[i];
            if (below > half)
            {
                return new ConstantModel(ModelHead.Of(training), [sorted[i]]);
            }

            if (below == half)
            {
                var next = i + 1;
                while (next < sorted.Length - 1 && weights[next] == 0)
                {
                    next++;
                }

                return new ConstantModel(ModelHead.Of(training), [next < sorted.Length ? (sorted[i] + sorted[next]) / 2 : sorted[i]]);
            }
        }

        return new ConstantModel(ModelHead.Of(training), [sorted[^1]]);
    }
}
