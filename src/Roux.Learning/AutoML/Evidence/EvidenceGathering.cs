namespace Roux.Learning.AutoML;

/// <summary>Gathers the evidence on a finished search, one step after another, each within a share of the time that is left.</summary>
internal static class EvidenceGathering
{
    public static Evidence Gather(EvidenceContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var evidence = new Evidence();
        evidence = evidence with { Calibration = context.Refinement.Calibration, Decision = context.Refinement.Decision };
        evidence = evidence with { Human = HumanLevelStep.Of(context, seconds: context.Seconds(0.05)) };
        evidence = evidence with { Existing = ExistingEvidence.Of(context), Rules = RuleAudit.Of(context) };
        evidence = evidence with { LearningCurve = LearningCurveStep.Gather(context, context.Seconds(0.45), LearningCurveStep.HumanError(evidence.Human, context)) };
        evidence = evidence with { Costs = CostStep.Gather(context, context.Seconds(0.4)).With(evidence.LearningCurve) };
        evidence = evidence with { Explanations = ExplanationStep.Explain(context, context.Seconds(0.5)) };
        evidence = evidence with { Assumptions = AssumptionStep.Check(context, context.Seconds(0.7)) };
        return evidence;
    }
}
