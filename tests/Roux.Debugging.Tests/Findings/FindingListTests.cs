using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Debugging.Tests.BugBank;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.Findings;

public sealed class FindingListTests
{
    private static readonly CheckCard[] Cards =
    [
        Card("leak", "dominates", "redundant"), Card("rate", "diverges"), Card("diverges", "not-a-number"), Card("not-a-number"), Card("dominates"), Card("redundant"), Card("one", "other"), Card("other", "one"),
    ];

    [Fact]
    public void The_most_severe_comes_first_and_then_what_lies_further_up() =>
        FindingList.Of([Make("dominates", Severity.Low), Make("other", Severity.High), Make("unknown", Severity.High), Make("not-a-number", Severity.High)], Cards)
            .Select(finding => finding.Check).ShouldBe(["not-a-number", "other", "unknown", "dominates"]);

    [Fact]
    public void A_cause_takes_its_consequences_and_the_weight_of_the_heaviest()
    {
        var found = FindingList.Of([Make("not-a-number", Severity.High), Make("diverges", Severity.Medium), Make("rate", Severity.Low)], Cards).ShouldHaveSingleItem();
        found.Check.ShouldBe("rate");
        found.Severity.ShouldBe(Severity.High);
        FindingList.ConsequencesOf(found).Select(consequence => (string?)consequence["check"]).ShouldBe(["not-a-number", "diverges"]);
    }

    [Fact]
    public void A_consequence_about_another_column_stays() =>
        FindingList.Of([Make("leak", Severity.High, "a"), Make("dominates", Severity.Medium, "b")], Cards).Count.ShouldBe(2);

    [Fact]
    public void A_consequence_about_several_columns_goes_when_each_is_explained()
    {
        FindingList.Of([Make("leak", Severity.High, "a"), Make("leak", Severity.High, "b"), Make("redundant", Severity.Info, "a", "b")], Cards).Select(finding => finding.Check).ShouldBe(["leak", "leak"]);
        FindingList.Of([Make("leak", Severity.High, "a"), Make("redundant", Severity.Info, "a", "b")], Cards).Count.ShouldBe(2);
    }

    [Fact]
    public void Of_two_that_explain_each_other_one_stays() =>
        FindingList.Of([Make("other", Severity.Medium), Make("one", Severity.Medium)], Cards).ShouldHaveSingleItem().Check.ShouldBe("one");

    [Fact]
    public void The_same_said_twice_is_said_once() =>
        FindingList.Of([Make("leak", Severity.Medium, "a"), Make("leak", Severity.High, "a")], Cards).ShouldHaveSingleItem().Severity.ShouldBe(Severity.High);

    [Fact]
    public void The_report_of_the_bank_counts_places_and_false_alarms()
    {
        var report = BankReport.Of(
            [new Bug("first", ["leak"], _ => [Make("leak", Severity.High)]), new Bug("second", ["leak"], _ => [Make("one", Severity.High), Make("leak", Severity.Low)]), new Bug("missed", ["leak"], _ => [])],
            [new Healthy("quiet", _ => [Make("leak", Severity.Info)]), new Healthy("loud", seed => seed == 1 ? [Make("leak", Severity.High)] : [Make("leak", Severity.Medium)])], 1, 2);
        report.Rates.First.ShouldBe(1.0 / 3, 1e-9);
        report.Rates.Named.ShouldBe(2.0 / 3, 1e-9);
        report.Rates.High.ShouldBe(0.25);
        report.Rates.Medium.ShouldBe(0.25);
        Should.Throw<ShouldAssertException>(() => report.ShouldBeGood()).Message.ShouldContain("FALSE ALARM loud");
    }

    [Fact]
    public void A_check_that_throws_keeps_no_other_from_looking()
    {
        var found = CheckRunner.Run<int>([new Throws(), new Speaks()], 3, new CheckContext());
        found.Select(finding => finding.Check).ShouldBe([CheckRunner.Failed, "speaks"]);
        found[0].Severity.ShouldBe(Severity.Info);
    }

    private static CheckCard Card(string name, params string[] explains) => new(name, "Tests", "", [], explains);

    private static Finding Make(string check, Severity severity, params string[] columns) => new(check, severity, $"{check} of {string.Join(", ", columns)}") { Columns = columns };

    private sealed class Throws : Check<int>
    {
        public override string Name => "throws";

        public override string Definition => "";

        public override IEnumerable<Finding> Run(int subject, CheckContext context) => throw new InvalidOperationException("no");
    }

    private sealed class Speaks : Check<int>
    {
        public override string Name => "speaks";

        public override string Definition => "";

        public override IEnumerable<Finding> Run(int subject, CheckContext context) => [Make(Name, Severity.Low)];
    }
}
