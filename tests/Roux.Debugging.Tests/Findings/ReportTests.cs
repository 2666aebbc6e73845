using System.Text.Json.Nodes;
using System.Xml.Linq;
using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.Findings;

public sealed class ReportTests : IDisposable
{
    private const string Hostile = "<script>alert('x')</script> |`# @you \u202e\u0001";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roux-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(PlotKind.Line)]
    [InlineData(PlotKind.Scatter)]
    [InlineData(PlotKind.Bar)]
    [InlineData(PlotKind.Heat)]
    public void Every_kind_of_plot_is_drawn_and_nothing_from_data_becomes_markup(PlotKind kind)
    {
        var plot = new EvidencePlot(kind, Hostile, "step", Hostile, [new PlotSeries(Hostile, [1, 2, 3], [0.5, double.NaN, -2]), new PlotSeries("b", [1, 2, 3], [1, 2, double.PositiveInfinity])]) { Labels = [Hostile, "two", "three"], Reference = 0.1, LogY = kind == PlotKind.Line };
        var html = HtmlReport.Of(Result(new Finding("leak", Severity.High, Hostile) { Columns = [Hostile], Evidence = new JsonObject { [EvidencePlot.Key] = plot.ToJson(), ["skill"] = 0.5 }, Cause = Hostile, Fix = Hostile, Verify = Hostile }));
        html.ShouldContain("<svg xmlns");
        html.ShouldNotContain("<script>alert");
        html.ShouldNotContain("NaN");
        html.ShouldNotContain("\u202e");
        Should.NotThrow(() => XDocument.Parse(html[html.IndexOf("<html", StringComparison.Ordinal)..html.IndexOf("<script>", StringComparison.Ordinal)] + "</body></html>"));
    }

    [Theory]
    [InlineData("""{"plot": 3}""")]
    [InlineData("""{"plot": {}}""")]
    [InlineData("""{"plot": {"kind": "bar", "series": [{"y": ["a", null]}], "labels": []}}""")]
    [InlineData("""{"plot": {"kind": "heat", "series": [{"name": 3, "y": [1]}], "labels": []}}""")]
    [InlineData("""{"plot": {"kind": "line", "log_y": "yes", "series": [{"x": [1], "y": []}, 4]}}""")]
    [InlineData("""{"plot": {"kind": "scatter", "series": {"a": 1}}, "consequences": [{"message": 3}, 4]}""")]
    public void Evidence_of_strangers_that_cannot_be_drawn_is_left_out(string evidence) =>
        HtmlReport.Of(Result(new Finding("leak", Severity.Low, "m") { Evidence = JsonNode.Parse(evidence)!.AsObject() })).ShouldNotContain("<svg xmlns");

    [Fact]
    public void JUnit_has_a_case_a_check_and_a_failure_a_severe_finding()
    {
        var path = Path.Combine(folder.FullName, "new", "junit.xml");
        var result = Result(new Finding("leak", Severity.High, Hostile) { Columns = ["a"] }, new Finding("drift", Severity.Medium, "m")) with
        {
            Suppressed = [new SuppressedFinding(new Finding("known", Severity.High, "k"), new Suppression("known", [], "because", null))],
        };
        JunitReport.Write(path, result, Severity.High);
        var suite = XDocument.Load(path).Root!.Element("testsuite")!;
        ((int)suite.Attribute("tests")!, (int)suite.Attribute("failures")!, (int)suite.Attribute("skipped")!).ShouldBe((4, 1, 1));
        suite.Elements("testcase").Single(one => one.Element("failure") is not null).Attribute("name")!.Value.ShouldBe("leak (a)");
        JunitReport.Write(path, result, Severity.Medium);
        ((int)XDocument.Load(path).Root!.Attribute("failures")!).ShouldBe(2);
    }

    [Fact]
    public void Markdown_holds_cause_and_fix_and_no_markup_of_data()
    {
        var text = MarkdownReport.Of(Result(new Finding("leak", Severity.High, Hostile) { Cause = "the cause", Fix = "the fix", Verify = "the proof" }));
        text.ShouldContain("the cause");
        text.ShouldContain("the fix");
        text.ShouldNotContain("<script");
        text.ShouldContain("\\@you");
    }

    [Fact]
    public void JSON_is_the_contract()
    {
        var json = Result(new Finding("leak", Severity.High, "m") { Columns = ["a"], Evidence = new JsonObject { ["x"] = 1 }, Cause = "c", Fix = "f", Verify = "v" }).ToJson();
        json["findings"]![0]!.AsObject().Select(pair => pair.Key).ShouldBe(["check", "severity", "message", "columns", "evidence", "cause", "fix", "verify"]);
        ((string?)json["findings"]![0]!["severity"]).ShouldBe("high");
    }

    private static DebugResult Result(params Finding[] findings) => new() { Subject = "t from d.csv", Findings = findings, Checks = [new CheckCard("leak", "Leakage", "d", [], []), new CheckCard("quiet", "Data", "d", [new Threshold("share", 0.5, "m", "s")], [])], Seconds = 1 };
}
