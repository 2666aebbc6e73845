using Roux.Debugging.Tests.BugBank;
using Xunit;

namespace Roux.Torch.Tests.HeldOut;

/// <summary>How well the checks of trainings do on networks that they were not written beside: the honest figures of docs/debugging.md.</summary>
public sealed class HeldOutTrainingTests
{
    [Fact]
    [Trait("Speed", "slow")]
    public void Bugs_in_trainings_never_seen_before()
    {
        var report = BankReport.Of(HeldOutTrainings.Bugs, HeldOutTrainings.Healthy, 5);
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        report.ShouldBeGood(first: 0.85, named: 0.9);
    }
}
