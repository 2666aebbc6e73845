using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;

namespace Roux.Learning.Pipelines;

/// <summary>One model of a pipeline and the features that it reads.</summary>
/// <param name="Weight">Its share in the average over the members, not negative; weights need not sum to 1.</param>
/// <param name="Featurizer">Makes the features; members may share one, which is then stored once.</param>
/// <param name="Model">Fitted on those features.</param>
/// <param name="TargetTransform">For regression: what was done to the target before the model was fitted, and is undone when it predicts.</param>
public sealed record PipelineMember(double Weight, FittedFeaturizer Featurizer, Model Model, TargetTransform TargetTransform = TargetTransform.None);

/// <summary>What is done to a numeric target before a model is fitted. Names are stored.</summary>
public enum TargetTransform
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>ln(1 + y), for targets of at least 0 that span orders of magnitude; undone by exp(x) - 1.</summary>
    Log1p,
}

/// <summary>Applies target transforms.</summary>
public static class TargetTransforms
{
    /// <summary>The transformed target.</summary>
    /// <exception cref="DataException">The target is not numeric, or has a value below 0.</exception>
    public static Target Apply(this TargetTransform transform, Target y)
    {
        if (transform == TargetTransform.None)
        {
            return y;
        }

        if (y.Task != TaskKind.Regression || y.Values.Any(value => value < 0))
        {
            throw new DataException("log1p needs a numeric target without negative values");
        }

        return Target.Regression(Array.ConvertAll(y.Values, value => Math.Log(1 + value)));
    }

    /// <summary>Predictions of the transformed target, in the target's own scale.</summary>
    public static Predictions Undo(this TargetTransform transform, Predictions predictions) => transform == TargetTransform.None
        ? predictions
        : new Predictions(predictions.Task, predictions.Width, Array.ConvertAll(predictions.Values, value => Math.Exp(Math.Min(value, MaxExponent)) - 1));

    /// <summary>Keeps a wild extrapolation finite.</summary>
    private const double MaxExponent = 700;
}
