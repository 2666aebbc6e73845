using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Registry;

/// <summary>Reading rules: what is understood, and how errors read.</summary>
public sealed class GateRulesTests
{
    [Fact]
    public void Yaml_and_json_say_the_same()
    {
        var yaml = GateRules.Parse(
            """
            # what goes to production
            applies_to:
              stages: [Production]
              aliases: [champion]
            fresh_for: 2d
            rules:
              - rule: metric
                metric: macro_f1
                at_least: 0.6
              - lineage
            """);
        var json = GateRules.Parse("""{"fresh_for": "2d", "rules": [{"at_least": 0.6, "metric": "macro_f1", "rule": "metric"}, "lineage"], "applies_to": {"aliases": ["champion"], "stages": ["Production"]}}""");
        yaml.Digest.ShouldBe(json.Digest);
        yaml.FreshFor.ShouldBe(TimeSpan.FromDays(2));
        yaml.Stages.ShouldBe([ModelStage.Production]);
        yaml.Aliases.ShouldBe(["champion"]);
        yaml.Rules.Select(rule => rule.Title).ShouldBe(["macro_f1 at least 0.6", "lineage complete"]);
        yaml.Rules[0].Digest.ShouldBe(json.Rules[0].Digest);
    }

    [Theory]
    [InlineData("rules: [ {rule: metrik, metric: f1} ]", "'metrik' is no kind of rule")]
    [InlineData("rules: [ {rule: metric, metric: f1, at_leest: 1} ]", "'at_least' or 'at_most' is missing")]
    [InlineData("rules: [ {rule: metric, metric: f1, at_least: 1, by: 2} ]", "'by' is not known here")]
    [InlineData("rules: [ {rule: metric, metric: f1, at_least: high} ]", "'at_least' is not a number")]
    [InlineData("rules: [ {rule: size, at_most: many} ]", "20 MB")]
    [InlineData("rules: [ {rule: latency, at_most: 5ms} ]", "rows to measure with")]
    [InlineData("rules: [ {rule: findings, none_above: worst} ]", "Medium")]
    [InlineData("rules: [ {rule: champion-data, data: a.csv, alpha: 0.7} ]", "'alpha'")]
    [InlineData("rules: []", "1 to 200 rules")]
    [InlineData("rules: [ lineage ]\nmore: 1", "'more' is not known here")]
    [InlineData("rules: [ lineage ]\napplies_to: {stages: [Live]}", "Production")]
    [InlineData("just text", "give an object")]
    [InlineData("{\"rules\": [", "neither YAML nor JSON")]
    [InlineData("{\"rules\": [\"lineage\"], \"rules\": [\"lineage\"]}", "twice")]
    public void What_is_wrong_is_told(string text, string told) => Should.Throw<TrackingException>(() => GateRules.Parse(text, "gates.yaml")).Message.ShouldSatisfyAllConditions(
        message => message.ShouldStartWith("gates.yaml"),
        message => message.ShouldContain(told));
}
