using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.Findings;

public sealed class SuppressionsTests
{
    private static readonly string[] Checks = ["leak", "drift"];
    private static readonly DateOnly Today = new(2026, 6, 15);

    [Fact]
    public void What_is_named_is_quiet_and_the_rest_is_not()
    {
        var (kept, quiet) = Read("""{"suppress": [{"check": "leak", "columns": ["a*"], "reason": "known"}]}""").Apply([Make("leak", "abc"), Make("leak", "b"), Make("leak"), Make("drift", "abc"), Make("leak", "abc", "b")], Today);
        quiet.ShouldHaveSingleItem().Suppression.Reason.ShouldBe("known");
        kept.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("2026-06-15", true)]
    [InlineData("2026-06-14", false)]
    public void After_its_last_day_a_suppression_speaks_up(string until, bool quiet)
    {
        var (kept, suppressed) = Read($$"""{"suppress": [{"check": "leak", "reason": "later", "until": "{{until}}"}]}""").Apply([Make("leak", "a")], Today);
        suppressed.Count.ShouldBe(quiet ? 1 : 0);
        kept.Select(finding => finding.Check).ShouldBe(quiet ? [] : ["leak", Suppressions.Expired]);
    }

    [Fact]
    public void One_that_has_run_out_and_has_nothing_to_hide_is_silent() =>
        Read("""{"suppress": [{"check": "leak", "reason": "later", "until": "2020-01-01"}]}""").Apply([Make("drift")], Today).Findings.ShouldHaveSingleItem().Check.ShouldBe("drift");

    [Theory]
    [InlineData("[]", "one list under 'suppress'")]
    [InlineData("""{"suppress": 3}""", "is a list")]
    [InlineData("""{"suppress": [3]}""", "entry 1")]
    [InlineData("""{"suppress": [{"check": "laek", "reason": "x"}]}""", "did you mean 'leak'")]
    [InlineData("""{"suppress": [{"check": "leak"}]}""", "'reason' is missing")]
    [InlineData("""{"suppress": [{"check": "leak", "reason": "x", "expiry": "2020-01-01"}]}""", "no such field")]
    [InlineData("""{"suppress": [{"check": "leak", "reason": "x", "until": "next week"}]}""", "2027-01-31")]
    [InlineData("""{"suppress": [{"check": "leak", "reason": "x", "columns": [{}]}]}""", "'columns'")]
    public void What_is_wrong_in_the_file_is_said(string json, string expected) => Should.Throw<DataException>(() => Read(json)).Message.ShouldContain(expected);

    private static Suppressions Read(string json) => Suppressions.Parse(JsonNode.Parse(json), "file.yaml", Checks);

    private static Finding Make(string check, params string[] columns) => new(check, Severity.High, check) { Columns = columns };
}
