using Roux.Learning.Features;

namespace Roux.Learning.Explanations;

/// <summary>Splits the raw scores of one fitted model into a part of each feature. Safe to use from one caller at a time.</summary>
internal abstract class Attribution
{
    /// <summary>What the parts sum to.</summary>
    public abstract ScoreScale Scale { get; }

    /// <summary>How the parts are computed.</summary>
    public abstract string Method { get; }

    /// <summary>The score without knowing any feature; one per output.</summary>
    public abstract double[] Expectation { get; }

    /// <summary>Number of outputs: 1 for binary and regression, else one a class.</summary>
    public int Outputs => Expectation.Length;

    /// <summary>About how many steps a row takes.</summary>
    public abstract double Cost { get; }

    /// <summary>Adds <paramref name="weight"/> times the parts of rows.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="weight">Factor on every part.</param>
    /// <param name="parts">Rows x features x outputs, row-major.</param>
    /// <param name="threads">Threads that may work at once.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public abstract void Add(FeatureMatrix x, double weight, double[] parts, int threads, CancellationToken cancellation);

    /// <summary>Rows in full, row-major.</summary>
    protected static float[] Dense(FeatureMatrix x) => x.Dense ?? Learners.Trees.TreeData.Densify(x, 0, x.Rows).Dense!;
}

/// <summary>What a model's raw scores are.</summary>
internal enum ScoreScale
{
    /// <summary>The prediction itself, in the target's unit.</summary>
    Value,

    /// <summary>The natural logarithm of the prediction.</summary>
    LogValue,

    /// <summary>The natural logarithm of 1 plus the prediction.</summary>
    Log1pValue,

    /// <summary>Log-odds, of the positive class or of each label.</summary>
    LogOdds,

    /// <summary>One score a class, which softmax turns into probabilities.</summary>
    ClassScore,

    /// <summary>Probabilities.</summary>
    Probability,
}
