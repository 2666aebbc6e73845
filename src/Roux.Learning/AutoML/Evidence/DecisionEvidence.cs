using Roux.Learning.Data;
using Roux.Learning.Evaluation.Decisions;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>How the winner's probabilities become decisions, and what other thresholds would bring.</summary>
public sealed record DecisionEvidence
{
    /// <summary>What was asked for, in words; <c>null</c> where nothing was, and the usual rule stands.</summary>
    public string? Goal { get; init; }

    /// <summary>The rule; <c>null</c> for the most probable class and labels above 0.5.</summary>
    public DecisionRule? Rule { get; init; }

    /// <summary>Binary: the class that counts as the event.</summary>
    public string? Event { get; init; }

    /// <summary>Binary: a few thresholds and what they bring on predictions out of fold, calibrated where the model is; falling.</summary>
    public IReadOnlyList<OperatingPoint> Points { get; init; } = [];

    /// <summary>Multilabel: each label's threshold.</summary>
    public IReadOnlyList<LabelThreshold> Labels { get; init; } = [];

    /// <summary>Whether a level that was asked for can be reached on predictions out of fold.</summary>
    public bool Reached { get; init; } = true;

    /// <summary>Name of what was made best, such as <c>f1</c> or <c>cost_per_1000</c>; <c>null</c> where nothing was asked for.</summary>
    public string? Measure { get; init; }

    /// <summary>That measure out of fold with the usual rule, and with the chosen one (which has seen these rows).</summary>
    public (double Usual, double Chosen) OutOfFold { get; init; } = (double.NaN, double.NaN);

    /// <summary>That measure on the final rows with the usual rule, and with the chosen one.</summary>
    public (double Usual, double Chosen) Final { get; init; } = (double.NaN, double.NaN);

    /// <summary>What to look at.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

/// <summary>The threshold of one label.</summary>
/// <param name="Label">The label.</param>
/// <param name="Threshold">Least probability at which it is given.</param>
/// <param name="Usual">What was made best, at 0.5, out of fold.</param>
/// <param name="Chosen">The same at the threshold.</param>
public sealed record LabelThreshold(string Label, double Threshold, double Usual, double Chosen);
