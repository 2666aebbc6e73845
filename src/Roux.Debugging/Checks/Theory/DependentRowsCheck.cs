using Roux.Tracking;

namespace Roux.Debugging.Checks.Theory;

/// <summary>Rows that are not independent in the order of the file.</summary>
public sealed class DependentRowsCheck : TheoryCheck
{
    /// <inheritdoc/>
    public override string Name => "dependent-rows";

    /// <inheritdoc/>
    public override string Definition => "What a linear fit leaves is alike in neighbouring rows: Durbin-Watson beyond 2 ± 0.8 at p < 0.01 (Durbin and Watson 1950), in a file that is not sorted by the answer.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(LearnerSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return FromAudit(subject, "rows are independent", Severity.Low, null,
            "The order of the file means time, place or origin, and neighbours share what no column tells.", "Score with a split by time or group: if it falls, random folds promised too much.");
    }
}
