using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;
using Roux.Learning.Reports;
using Roux.Learning.Tests.Evaluation.LearningCurves;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Reports;

public sealed class FutureSectionTests
{
    private const string Hostile = "<script>alert(1)</script>\"&";

    [Fact]
    public void The_section_shows_curve_band_and_marks_and_says_what_to_do()
    {
        var html = Html(Evidence("lightgbm"));
        html.ShouldContain("Good now or better later");
        html.ShouldContain("With twice the rows lightgbm is expected to score");
        html.ShouldContain(">10×<");
        html.ShouldContain("<polygon"); // the band
        new ReportPage(html).Section("future").ShouldNotBeNull();
    }

    [Fact]
    public void Names_are_escaped_in_text_and_plot()
    {
        var html = Html(Evidence(Hostile));
        html.ShouldNotContain("<script>alert");
        new ReportPage(html).Section("future").ShouldNotBeNull();
    }

    [Fact]
    public void Too_few_sizes_are_told_and_no_curve_leaves_the_section_out()
    {
        var curve = Curve("ridge");
        var few = LearningCurveEvidence.Of([curve with { Points = [.. curve.Points.Where(point => point.Size <= 200)], Incomplete = "there was no time for 400 rows" }], 4000, 500, null, null, 1);
        few.Curves[0].Forecast.ShouldBeNull();
        Html(few).ShouldContain("Too few sizes were measured");
        DevelopReport.Html(new SampleDevelopment().Make()).ShouldNotContain("Good now or better later");
    }

    private static string Html(LearningCurveEvidence evidence) => DevelopReport.Html(new SampleDevelopment().Make() with { Evidence = new() { LearningCurve = evidence } });

    private static LearningCurveEvidence Evidence(string name) => LearningCurveEvidence.Of([Curve(name), Curve("second")], 4000, 500, new Interval(0.02, 0.01, 0.03, ""), null, 1);

    private static Roux.Learning.Evaluation.LearningCurves.LearningCurve Curve(string name) =>
        new MadeCurves(new Random(3)) { Metric = Metrics.Find("macro_f1"), Truth = share => 0.05 + 0.1 / Math.Sqrt(share) }.Draw() with { Name = name };
}
