using Roux.Tracking;

namespace Roux.Debugging.Checks.Theory;

/// <summary>Naive Bayes on quantities that are far from normal.</summary>
public sealed class NotNormalCheck : TheoryCheck
{
    /// <inheritdoc/>
    public override string Name => "not-normal-within-class";

    /// <inheritdoc/>
    public override string Definition => "Naive Bayes takes quantities for normal within a class, and half of them or more have skewness beyond 1 or excess kurtosis beyond 3 there (Jarque and Bera 1980).";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(LearnerSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return FromAudit(subject, "quantities are normal within a class", Severity.Low, null,
            "Amounts and counts have long tails.", "Score with the columns as logarithms or bins.");
    }
}
