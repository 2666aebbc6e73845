using Roux.Debugging.Tests.BugBank;
using Xunit;

namespace Roux.Torch.Tests.BugBank;

/// <summary>Bugs in trainings are found, and sound trainings left in peace.</summary>
public sealed class TrainingBankTests
{
    [Fact]
    public void The_commonest_bugs_are_found_first()
    {
        string[] bugs = ["softmax twice", "learning rate x1000, Adam", "gradients never reset", "dropout on in evaluation", "rows of NaN"];
        string[] healthy = ["MLP with dropout", "regression"];
        BankReport.Of(TrainingBugs.All.Where(bug => bugs.Contains(bug.Name)), TrainingHealthy.All.Where(one => healthy.Contains(one.Name)), 1).ShouldBeGood();
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void All_bugs_are_found_and_no_sound_training_is_blamed() => BankReport.Of(TrainingBugs.All, TrainingHealthy.All, 1, 2).ShouldBeGood();
}
