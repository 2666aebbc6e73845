using System.Text.Json.Nodes;
using Roux.Debugging.Behaviour;
using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.Behaviour;

public sealed class BehaviourSuiteTests
{
    private static readonly ColumnSpec[] Columns = [new("size", ColumnType.Real, ColumnRole.Numeric), new("town", ColumnType.Text, ColumnRole.Categorical)];
    private static readonly Table Rows = new("rows", [new NumberColumn("size", [1, 2, 3, 4]), TextColumn.From("town", ["Rome", "Rome", "Oslo", null])]);

    [Theory]
    [InlineData("""{"name": "x", "type": "invarience", "change": {"a": 1}}""", "invariance")]
    [InlineData("""{"name": "x", "type": "directional", "change": {"a": 1}, "expect": "incraese"}""", "increase")]
    [InlineData("""{"name": "x", "type": "invariance"}""", "says not what to change")]
    [InlineData("""{"name": "x", "type": "mft"}""", "expect is missing")]
    [InlineData("""{"name": "x", "type": "inv", "change": {"a": {"swop": ["A", "B"]}}}""", "swap")]
    [InlineData("""{"name": "x", "type": "inv", "change": {"a": {"swap": ["A"]}}}""", "two texts")]
    [InlineData("""{"name": "x", "type": "inv", "change": {"a": 1}, "tolerence": 0.1}""", "tolerance")]
    [InlineData("""{"name": "x", "type": "inv", "change": {"a": 1}, "allowed_failures": 2}""", "from 0 to 1")]
    [InlineData("""[]""", "not an object")]
    public void What_is_wrong_is_said_with_what_is_right(string test, string part) =>
        Should.Throw<DataException>(() => BehaviourSuite.Parse(new JsonArray(JsonNode.Parse(test)), "tests.json")).Message.ShouldContain(part);

    [Theory]
    [InlineData("\"+2\"", ChangeKind.Add)]
    [InlineData("\"*1.5\"", ChangeKind.Multiply)]
    [InlineData("5", ChangeKind.Set)]
    [InlineData("null", ChangeKind.Missing)]
    [InlineData("""{"typo": true}""", ChangeKind.Typo)]
    [InlineData("""{"add": "2"}""", ChangeKind.Add)]
    public void Changes_are_read(string change, ChangeKind kind) =>
        BehaviourSuite.Parse(JsonNode.Parse("""{"tests": [{"type": "invariance", "change": {"size": CHANGE}}]}""".Replace("CHANGE", change, StringComparison.Ordinal)), "x").Tests[0].Changes[0].Kind.ShouldBe(kind);

    [Fact]
    public void A_direction_is_tried_on_the_rows_that_are_asked_for()
    {
        var result = Run("""{"type": "directional", "where": {"town": "Rome"}, "change": {"size": "+1"}, "expect": "increase"}""", size => -size);
        result.Rows.ShouldBe(2);
        result.Failed.Count.ShouldBe(2);
        result.Passed.ShouldBeFalse();
        Run("""{"type": "directional", "where": {"size": {"min": 3}}, "change": {"size": "+1"}, "expect": "increase"}""", size => size).Passed.ShouldBeTrue();
    }

    [Fact]
    public void A_change_that_does_not_matter_passes_and_failures_may_be_allowed()
    {
        Run("""{"type": "invariance", "change": {"town": "Bern"}}""", size => size).Passed.ShouldBeTrue();
        Run("""{"type": "invariance", "change": {"size": "*2"}, "allowed_failures": 1}""", size => size).Passed.ShouldBeTrue();
    }

    [Fact]
    public void Rows_may_be_written_out()
    {
        Run("""{"type": "mft", "row": {"size": 3, "town": "Oslo"}, "expect": {"min": 2, "max": 4}}""", size => size).Passed.ShouldBeTrue();
        Run("""{"type": "mft", "rows": [{"size": 3}, {"size": 30}], "expect": {"max": 4}}""", size => size).Failed.ShouldBe([1]);
        Should.Throw<DataException>(() => Run("""{"type": "mft", "row": {"sise": 3}, "expect": {"min": 2}}""", size => size)).Message.ShouldContain("size");
    }

    private static BehaviourResult Run(string test, Func<double, double> model) => BehaviourRunner.Run(
        BehaviourSuite.Parse(new JsonArray(JsonNode.Parse(test)), "x").Tests[0],
        table => new Predictions(TaskKind.Regression, 1, [.. Enumerable.Range(0, table.RowCount).Select(row => model(double.Parse(table["size"].Format(row) ?? "0", System.Globalization.CultureInfo.InvariantCulture)))]),
        TaskKind.Regression, [], Columns, Rows);
}
