using Roux.Tracking;

namespace Roux.Debugging.Checks.Theory;

/// <summary>Distances that tell nothing.</summary>
public sealed class DistancesCheck : TheoryCheck
{
    /// <inheritdoc/>
    public override string Name => "distances-tell-nothing";

    /// <inheritdoc/>
    public override string Definition => "For a learner by distance the nearest row is 0.85 times as far as the median one, or further (Beyer et al. 1999).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["high-bias"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(LearnerSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return FromAudit(subject, "near and far rows can be told apart", Severity.Low, null,
            "Very many columns, most of which do not matter.", "The nearest row is half as far as the median one, and the score rises.");
    }
}
