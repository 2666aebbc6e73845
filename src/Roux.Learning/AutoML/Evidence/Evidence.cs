using Roux.Learning.Evaluation.Assumptions;
using Roux.Learning.Explanations;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>
/// What a sceptic asks of a finished development. A part is <c>null</c> when it was not asked for, does not apply to the task, or
/// found no time (a note of the result then says so).
/// </summary>
public sealed record Evidence
{
    /// <summary>How well people do the task; <c>null</c> where no annotations were given.</summary>
    public HumanLevel? Human { get; init; }

    /// <summary>How the winner's probabilities were calibrated; <c>null</c> for numbers and labels, or where it was not wanted.</summary>
    public CalibrationEvidence? Calibration { get; init; }

    /// <summary>How the winner's probabilities become decisions; <c>null</c> where there is nothing to choose.</summary>
    public DecisionEvidence? Decision { get; init; }

    /// <summary>The winner beside the system that answers now; <c>null</c> where none was named.</summary>
    public ExistingEvidence? Existing { get; init; }

    /// <summary>What each rule of the rule file does; <c>null</c> where no file was given.</summary>
    public RuleAudit? Rules { get; init; }

    /// <summary>What the winner looks at: contributions of columns, and how predictions change with them.</summary>
    public ModelExplanation? Explanations { get; init; }

    /// <summary>What the tried learners take for granted, held against the data.</summary>
    public AssumptionReport? Assumptions { get; init; }

    /// <summary>What the candidates cost to fit, keep and use, and which of them are worth it.</summary>
    public DevelopCosts? Costs { get; init; }

    /// <summary>Whether the winner has a future: learning curves, what more rows would bring, what to do next.</summary>
    public LearningCurveEvidence? LearningCurve { get; init; }

    /// <summary>What of it a reader should act on.</summary>
    internal IEnumerable<Finding> Findings => (Human?.Findings ?? []).Concat(Decision?.Findings ?? []).Concat(BaselineFindings.Of(this)).Concat(CostFindings.Of(Costs)).Concat(LearningCurve?.Findings ?? []);
}
