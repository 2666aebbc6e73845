using Xunit;

namespace Roux.Debugging.Tests.BugBank;

public sealed class ModelBankTests
{
    [Fact]
    [Trait("Speed", "slow")]
    public void Bugs_of_models_are_named_first_and_sound_models_are_left_alone()
    {
        var report = BankReport.Of(ModelBank.Bugs, ModelBank.Healthy, 1, 2);
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        report.ShouldBeGood();
    }
}
