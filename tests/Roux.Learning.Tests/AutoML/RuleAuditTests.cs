using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Learners.Rules;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.AutoML;

public class RuleAuditTests
{
    private static Table Rows { get; } = new("rows", [new NumberColumn("x", [1, 2, 3, 4, 5, 6, 7, 8], ColumnType.Integer)]);

    private static Target Kinds { get; } = Target.Classification([0, 0, 1, 1, 1, 0, 1, 0], ["a", "b"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_rule_is_told_what_it_covers_and_how_often_it_is_right()
    {
        var audit = Of("""[{"if": "x <= 3", "then": "a"}, {"if": "x BETWEEN 2 AND 6", "then": "b"}, {"if": "x = 3", "then": "b"}, {"if": "x > 100", "then": "a"}, {"else": "a"}]""");
        audit.Rules.Select(rule => (rule.Matches, rule.Decides, rule.Correct)).ShouldBe([(3, 3, 2), (5, 3, 2), (1, 0, 0), (0, 0, 0), (2, 2, 1)]);
        audit.Rules[0].Precision!.Estimate.ShouldBe(2 / 3.0, 1e-12);
        audit.Rules[0].Precision!.Low.ShouldBe(0.2077, 1e-4); // Wilson, 2 of 3
        audit.Rules[1].PrecisionOfMatches.ShouldBe(3 / 5.0, 1e-12);
        audit.Rules[2].ShadowedBy.ShouldBe([1]);
        audit.Rules.Where(rule => rule.Condition is not null && rule.Matches == 0).Select(rule => rule.Number).ShouldBe([4]);
        audit.DefaultShare.ShouldBe(0.25);
        (audit.Overlapping, audit.Conflicting).ShouldBe((2, 2));
        audit.Conflicts.ShouldBe([new RuleConflict(1, 2, 2, 1, 1), new RuleConflict(1, 3, 1, 0, 1)]);
    }

    [Fact]
    public void Rules_that_agree_overlap_without_conflict()
    {
        var audit = Of("""[{"if": "x <= 3", "then": "a"}, {"if": "x <= 5", "then": "a"}, {"else": "b"}]""");
        (audit.Overlapping, audit.Conflicting).ShouldBe((3, 0));
        audit.Conflicts.ShouldBeEmpty();
    }

    [Fact]
    public void Findings_name_idle_shadowed_and_misplaced_rules()
    {
        var labels = Enumerable.Range(0, 40).Select(i => i < 20 ? 1 : 0).ToArray();
        var table = new Table("rows", [new NumberColumn("x", [.. Enumerable.Range(0, 40)], ColumnType.Integer)]);
        var rules = RuleSet.Parse("""[{"if": "x < 30", "then": "a"}, {"if": "x < 20", "then": "b"}, {"if": "x < 0", "then": "a"}, {"else": "a"}]""");
        var audit = RuleAudit.Of(rules, table, Target.Classification(labels, ["a", "b"]), Cancel);
        var findings = BaselineFindings.OfRules(audit).ToArray();
        findings.Select(finding => finding.Check).ShouldBe(["rule-never-matches", "rule-shadowed", "rule-conflict"]);
        findings[0].Message.ShouldBe("Rule 3 matches no row.");
        findings[1].Message.ShouldStartWith("Rule 2 decides nothing");
        findings[2].Message.ShouldContain("Rule 2 would be right more often than rule 1 on the 20 rows");
        audit.Conflicts[0].LaterIsBetter.ShouldBeTrue();
        new RuleConflict(1, 2, 4, 1, 3).LaterIsBetter.ShouldBeFalse("three against one is chance");
    }

    [Fact]
    public void Rules_for_numbers_are_judged_by_their_errors()
    {
        var audit = RuleAudit.Of(RuleSet.Parse("""[{"if": "x <= 4", "then": 2}, {"else": 7}]"""), Rows, Target.Regression([1, 2, 3, 4, 5, 6, 7, 8]), Cancel);
        audit.IsRegression.ShouldBeTrue();
        audit.Rules[0].Precision.ShouldBeNull();
        audit.Rules[0].MeanOfRows.ShouldBe(2.5);
        audit.Rules[0].MeanAbsoluteError.ShouldBe(1);
        audit.Rules[1].MeanAbsoluteError.ShouldBe(1);
    }

    private static RuleAudit Of(string rules) => RuleAudit.Of(RuleSet.Parse(rules), Rows, Kinds, Cancel);
}
