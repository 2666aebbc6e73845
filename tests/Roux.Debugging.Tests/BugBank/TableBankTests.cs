using Roux.Debugging.Checks;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>How well the checks of tables do on bugs and on honest tables.</summary>
public sealed class TableBankTests
{
    [Fact]
    public void Bugs_of_made_tables_are_found_first() => BankReport.Of([.. TableBugs.Data, .. TableBugs.Leakage, .. TableBugs.Drift], [], 1, 2, 3).ShouldBeGood();

    [Fact]
    public void Honest_made_tables_give_no_alarm() => BankReport.Of([], HealthyTables.Made, 1, 2, 3).ShouldBeGood();

    [Fact]
    [Trait("Speed", "slow")]
    public void Honest_shared_tables_give_no_alarm() => BankReport.Of([], HealthyTables.Shared, 1).ShouldBeGood();

    [Fact]
    public void What_the_shared_tables_are_known_for_is_found()
    {
        var titanic = MadeTables.Look(MadeTables.Shared("titanic", "train"), "survived", 1, new TableOptions { Test = MadeTables.Shared("titanic", "test") })[0];
        (titanic.Check, titanic.Severity, titanic.Columns).ShouldBe(("suspected-leak", Roux.Tracking.Severity.High, titanic.Columns));
        titanic.Columns.ShouldBe(["alive"]);
        MadeTables.Look(MadeTables.Shared("wine-white", "train"), "quality", 1)[0].Check.ShouldBe("duplicated-rows");
        MadeTables.Look(MadeTables.Shared("wine-white", "train"), "quality", 1, new TableOptions { Test = MadeTables.Shared("wine-white", "test") })[0].Check.ShouldBe("duplicates-across-splits");
        MadeTables.Look(MadeTables.Shared("penguins", "train"), "species", 1, new TableOptions { Test = MadeTables.Shared("penguins", "test") }).ShouldNotContain(finding => finding.Severity == Roux.Tracking.Severity.High);
    }

    [Fact]
    public void Every_check_says_what_it_is_and_where_its_thresholds_come_from()
    {
        TableChecks.All.Select(check => check.Name).ShouldBeUnique();
        foreach (var check in TableChecks.All)
        {
            check.Definition.ShouldNotBeNullOrWhiteSpace();
            check.Thresholds.ShouldAllBe(threshold => threshold.Source.Length > 10 && threshold.Meaning.Length > 5);
        }
    }
}
