using Roux.Debugging.Checks;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>How well the checks of tables do on bugs and on honest tables.</summary>
public sealed class TableBankTests
{
    [Fact]
    public void Bugs_in_data_are_found_first() => BankReport.Of(TableBugs.Data, [], 1, 2).ShouldBeGood();

    [Fact]
    public void Leaks_are_found_first() => BankReport.Of(TableBugs.Leakage, [], 1, 2).ShouldBeGood();

    [Fact]
    public void Preparation_fitted_before_the_split_is_found_first() => BankReport.Of(PreparationBugs.All, PreparationBugs.Healthy, 1, 2).ShouldBeGood();

    [Fact]
    public void Drift_and_wrong_labels_are_found_first() => BankReport.Of([.. TableBugs.Drift, .. TableBugs.Labels], [], 1, 2).ShouldBeGood();

    [Fact]
    public void Bugs_in_texts_and_images_are_found_first() => BankReport.Of([.. TextAndImageBugs.Texts, .. TextAndImageBugs.Images], [], 1).ShouldBeGood();

    [Fact]
    public void Honest_tables_texts_and_images_give_no_alarm() => BankReport.Of([], [.. HealthyTables.Made, .. TextAndImageBugs.Honest], 1, 2).ShouldBeGood();

    [Fact]
    [Trait("Speed", "slow")]
    public void Honest_shared_tables_give_no_alarm() => BankReport.Of([], HealthyTables.Shared, 1).ShouldBeGood();

    [Fact]
    [Trait("Speed", "slow")]
    public void What_the_shared_tables_are_known_for_is_found()
    {
        var titanic = MadeTables.Look(MadeTables.Shared("titanic", "train"), "survived", 1, new TableOptions { Test = MadeTables.Shared("titanic", "test") })[0];
        (titanic.Check, titanic.Severity).ShouldBe(("suspected-leak", Roux.Tracking.Severity.High));
        titanic.Columns.ShouldBe(["alive"]);
        MadeTables.Look(MadeTables.Shared("wine-white", "train"), "quality", 1, new TableOptions { Task = Roux.Learning.Data.TaskKind.Regression })[0].Check.ShouldBe("duplicated-rows");
        MadeTables.Look(MadeTables.Shared("penguins", "train"), "species", 1, new TableOptions { Test = MadeTables.Shared("penguins", "test") }).ShouldNotContain(finding => finding.Severity == Roux.Tracking.Severity.High);
        var movies = TableSubject.Of(MadeTables.Shared("movie-plots", "train"), "genre", new TableOptions { Drop = ["genres"] });
        CheckRunner.Run(TableChecks.All.Where(check => check.Name == "target-in-text"), movies, new CheckContext()).ShouldContain(finding => finding.Columns.Contains("plot"));
    }

    [Fact]
    public void Every_check_says_what_it_is_and_where_its_thresholds_come_from()
    {
        TableChecks.All.Select(check => check.Name).ShouldBeUnique();
        foreach (var check in TableChecks.All)
        {
            check.Definition.ShouldNotBeNullOrWhiteSpace();
            check.Thresholds.ShouldAllBe(threshold => threshold.Source.Length > 5 && threshold.Meaning.Length > 5);
        }
    }
}
