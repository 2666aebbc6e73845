using Roux.Tracking;

namespace Roux.Debugging.Checks.Theory;

/// <summary>Columns that repeat each other.</summary>
public sealed class MulticollinearityCheck : TheoryCheck
{
    /// <inheritdoc/>
    public override string Name => "multicollinearity";

    /// <inheritdoc/>
    public override string Definition => "A variance inflation factor of 10 or more (O'Brien 2007), or a condition number from 30 (Belsley, Kuh and Welsch 1980), in a linear model; of low severity where no penalty keeps weights small.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["redundant-columns"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(LearnerSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return FromAudit(subject, "no column repeats the others", subject.Name == "linear-regression" ? Severity.Low : Severity.Info, null,
            "One column is computed from others, or several measure one thing.", "The variance inflation factors are below 10, and weights keep their sign from fold to fold.");
    }
}
