using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Test data that runs have learned from or were tuned on.</summary>
public sealed class TestRowsInTuningCheck : Check<TableSubject>
{
    /// <inheritdoc/>
    public override string Name => "test-rows-in-tuning";

    /// <inheritdoc/>
    public override string Definition => "By the lineage of runs, data of the same digest as the test data was learned from or tuned on.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        var used = subject.Options.TestDigest is { } digest ? subject.Options.Used.Where(data => string.Equals(data.Digest, digest, StringComparison.OrdinalIgnoreCase)).ToArray() : [];
        if (used.Length > 0)
        {
            yield return new Finding(Name, Severity.High, $"The test data was used for {Wording.List([.. used.Select(data => data.Purpose).Distinct()])} by {Wording.Count(used.Select(data => data.Run).Distinct().Count(), "run")} ({Wording.List([.. used.Select(data => data.Run).Distinct()])})")
            {
                Evidence = Figures.Of(("runs", used.Length)).WithList("runs_named", used.Select(data => data.Run).Distinct()).WithBars("Runs that used the test data", "runs", used.CountBy(data => data.Purpose).Select(pair => (pair.Key, (double)pair.Value))),
                Cause = "Settings or models were chosen by the score on these rows, so that score is too good.",
                Fix = "Keep other rows aside for the final score, and choose by cross-validation on the rest.",
                Verify = "No run but the final scoring names the test data among its inputs.",
            };
        }
    }
}
