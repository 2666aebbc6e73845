using Roux.Debugging.Tests.BugBank;
using Xunit;

namespace Roux.Debugging.Tests.HeldOut;

/// <summary>How well the checks do on bugs that they were not written beside: the honest figures of docs/debugging.md.</summary>
public sealed class HeldOutTests
{
    [Fact]
    [Trait("Speed", "slow")]
    public void Bugs_in_tables_and_texts_never_seen_before() => Judge(BankReport.Of([.. HeldOutTables.Bugs, .. HeldOutTables.Texts], HeldOutTables.Healthy, 5));

    [Fact]
    [Trait("Speed", "slow")]
    public void Bugs_in_models_and_inputs_never_seen_before() => Judge(BankReport.Of(HeldOutModels.Bugs, HeldOutModels.Healthy, 5));

    private static void Judge(BankReport report)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        report.ShouldBeGood(first: 0.85, named: 0.9);
    }
}
