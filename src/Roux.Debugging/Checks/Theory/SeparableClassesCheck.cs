using Roux.Tracking;

namespace Roux.Debugging.Checks.Theory;

/// <summary>Classes that a plane separates without an error.</summary>
public sealed class SeparableClassesCheck : TheoryCheck
{
    /// <inheritdoc/>
    public override string Name => "separable-classes";

    /// <inheritdoc/>
    public override string Definition => "The features separate the classes without an error, so the likelihood of logistic regression has no maximum and weights grow without end (Albert and Anderson 1984).";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(LearnerSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return FromAudit(subject, "classes overlap", Severity.Info, null,
            "An easy task, few rows beside many features, or a column that holds the answer.", "Weights stay of the same size when the penalty is made ten times weaker.");
    }
}
