using Roux.Tracking;

namespace Roux.Debugging.Checks.Theory;

/// <summary>Too few rows for the features of a linear model.</summary>
public sealed class TooFewRowsCheck : TheoryCheck
{
    /// <inheritdoc/>
    public override string Name => "too-few-rows";

    /// <inheritdoc/>
    public override string Definition => "A linear model has less than five rows (for classes: rows of the rarest class) per feature; with fewer rows than features least squares has no unique answer (Peduzzi et al. 1996; Hastie, Tibshirani and Friedman 2009, 18.1).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["overfit-gap", "unstable-folds"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(LearnerSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var unbounded = subject.Name == "linear-regression" && subject.Sample is { } data && data.Whole.Rows <= data.AllFeatures;
        return FromAudit(subject, "enough rows for the features", unbounded ? Severity.Medium : subject.Name == "linear-regression" ? Severity.Low : Severity.Info, null,
            "Many columns or levels, few rows.", "Ten rows or more per feature, or a score that holds on new rows.");
    }
}
