namespace Roux.Learning.Learners;

/// <summary>What a reader should know of a learner before trusting it.</summary>
/// <param name="Name">Short and unique, in the field's terms: <c>logistic-regression</c>.</param>
/// <param name="Family">Such as <c>baseline</c>, <c>linear</c>, <c>naive-bayes</c>, <c>tree</c>, <c>forest</c>, <c>neighbours</c>, <c>svm</c>, <c>boosting</c>, <c>ensemble</c>.</param>
/// <param name="Complexity">Order of complexity for the one-standard-error rule: 0 (a constant) to 100 (an ensemble of boosted trees).</param>
/// <param name="Interpretability">How a person can understand it.</param>
/// <param name="Assumptions">What must hold for it to work well.</param>
/// <param name="Strengths">Where it shines.</param>
/// <param name="Weaknesses">Where it fails.</param>
public sealed record LearnerCard(
    string Name,
    string Family,
    int Complexity,
    Interpretability Interpretability,
    IReadOnlyList<string> Assumptions,
    IReadOnlyList<string> Strengths,
    IReadOnlyList<string> Weaknesses);

/// <summary>How a person can understand a model.</summary>
public enum Interpretability
{
    /// <summary>The whole model can be read: rules, a small tree, a handful of coefficients.</summary>
    Readable,

    /// <summary>Each feature's part can be read off, such as the weights of a linear model.</summary>
    Additive,

    /// <summary>Only from outside, by importance and examples.</summary>
    Opaque,
}
