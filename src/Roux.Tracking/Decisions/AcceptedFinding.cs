namespace Roux.Tracking;

/// <summary>A kind of finding that somebody has looked at and lives with: of one check, about the same columns of the same subject, in any run of its experiment.</summary>
/// <param name="Check">Name of the check.</param>
/// <param name="Columns">The columns that it is about, as the finding has them; empty for none.</param>
/// <param name="Subject">What was looked at, such as <c>survived from train.csv</c> (the tag <c>roux.subject</c> of a run); empty where runs do not say.</param>
/// <param name="Reason">Why it is no trouble.</param>
/// <param name="Actor">Who says so.</param>
/// <param name="Time">When.</param>
public sealed record AcceptedFinding(string Check, IReadOnlyList<string> Columns, string Subject, string Reason, string Actor, DateTimeOffset Time)
{
    /// <summary>Whether a finding of the same subject is meant.</summary>
    public bool Covers(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Check == Check && finding.Columns.SequenceEqual(Columns, StringComparer.Ordinal);
    }
}
