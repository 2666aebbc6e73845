using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Existing;
using Roux.Learning.Learners.Rules;
using Roux.Learning.Reports;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Reports;

public sealed class BaselinesSectionTests
{
    [Fact]
    public void The_existing_system_and_every_rule_are_told()
    {
        var result = new SampleDevelopment { Task = TaskKind.Binary, Classes = ["no", "yes"], TargetName = "income" }.Make();
        var page = new ReportPage(DevelopReport.Html(result with { Evidence = Evidence(result) }));
        var section = page.Section("baselines").Value;
        foreach (var text in new[] { "beats the existing system by 0.02", "http://127.0.0.1/score", "Requests of up to 256 rows", "no answer for 3 rows", "age > 40", "never matches", "shadowed by 1", "1 before 2", "1 retry" })
        {
            section.ShouldContain(text);
        }

        page.Html.ShouldNotContain("NaN");
    }

    [Fact]
    public void Text_of_rules_and_systems_stays_text()
    {
        const string Hostile = "\"><script>alert(1)</script>";
        var result = new SampleDevelopment { Task = TaskKind.Binary, Classes = ["no", "yes"], TargetName = "income" }.Make();
        var evidence = Evidence(result);
        evidence = evidence with
        {
            Existing = evidence.Existing! with { Description = Hostile, Verdict = Hostile },
            Rules = evidence.Rules! with { Rules = [.. evidence.Rules.Rules.Select(rule => rule with { Condition = Hostile, Answer = Hostile })] },
        };
        var html = DevelopReport.Html(result with { Evidence = evidence });
        html.ShouldNotContain("<script>alert");
        new ReportPage(html).Section("baselines").Value.ShouldContain("alert(1)");
    }

    private static Evidence Evidence(DevelopResult result)
    {
        var table = new Table("people", [new NumberColumn("age", [20, 50, 45, 30])]);
        var rules = RuleSet.Parse("""[{"if": "age > 40", "then": "yes"}, {"if": "age = 45", "then": "no"}, {"if": "age > 99", "then": "no"}, {"else": "no"}]""");
        return new Evidence
        {
            Rules = RuleAudit.Of(rules, table, Target.Classification([0, 1, 0, 0], ["no", "yes"]), CancellationToken.None),
            Existing = new ExistingEvidence
            {
                Kind = "http",
                Description = "http://127.0.0.1/score",
                CrossValidated = new Interval(0.8, 0.7, 0.9, ""),
                Final = result.Test,
                Gain = new Interval(0.02, 0.01, 0.03, ""),
                Missing = 3,
                Unknown = 0,
                LabelsOnly = true,
                Latency = ExistingLatency.Of([(12, 256), (20, 44)], 256, 2, 1, null),
                Verdict = "logistic-regression beats the existing system by 0.02",
                RunId = null,
            },
        };
    }
}
