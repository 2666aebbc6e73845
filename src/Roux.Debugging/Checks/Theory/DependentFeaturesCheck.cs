using Roux.Tracking;

namespace Roux.Debugging.Checks.Theory;

/// <summary>Naive Bayes on columns that hang together.</summary>
public sealed class DependentFeaturesCheck : TheoryCheck
{
    /// <inheritdoc/>
    public override string Name => "dependent-features";

    /// <inheritdoc/>
    public override string Definition => "Naive Bayes gets features that correlate within a class, by 0.65 on average with their nearest other (Domingos and Pazzani 1997: ranking may survive, probabilities do not).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["miscalibrated", "redundant-columns"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(LearnerSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return FromAudit(subject, "features are independent within a class", Severity.Medium, Severity.Info,
            "Several columns measure one thing, and naive Bayes counts its evidence several times over.", "The probabilities are calibrated: of rows given 90%, about 90% are right.");
    }
}
