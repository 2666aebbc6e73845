using Xunit;

namespace Roux.Debugging.Tests.BugBank;

public sealed class InputBankTests
{
    [Fact]
    [Trait("Speed", "slow")]
    public void Bugs_of_inputs_are_named_first_and_sound_inputs_are_left_alone()
    {
        var report = BankReport.Of(InputBank.Bugs, InputBank.Healthy, 1, 2);
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        report.ShouldBeGood();
    }
}
