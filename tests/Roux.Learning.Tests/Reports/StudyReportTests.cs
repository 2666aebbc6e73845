using System.Xml.Linq;
using Roux.Learning.Reports.Studies;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Reports;

public sealed class StudyReportTests
{
    private const string Hostile = "<script>alert(1)</script>";

    [Fact]
    public void A_study_has_all_its_charts_and_a_report_that_nothing_gets_out_of()
    {
        var view = Sample(80);
        var plots = StudyPlots.All(view);
        plots.Select(plot => plot.Name).Distinct().Count().ShouldBe(plots.Count);
        string[] wanted = ["history", "distribution", "parallel_coordinates", "slice_1", "slice_4", "importance", "contour", "intermediate_values", "timeline"];
        wanted.ShouldBeSubsetOf(plots.Select(plot => plot.Name));
        foreach (var (name, plot) in plots)
        {
            XElement.Parse(plot.Svg).Name.LocalName.ShouldBe("svg");
            plot.Svg.ShouldNotContain(Hostile, customMessage: name);
            plot.Svg.ShouldNotContain("NaN", customMessage: name);
            plot.Numbers["kind"]!.GetValue<string>().ShouldStartWith("study_");
        }

        var html = StudyReport.Html(view, plots);
        html.ShouldNotContain(Hostile);
        html.ShouldContain("Where the good settings lie");
        html.Split("<script>").Length.ShouldBe(2);
    }

    [Fact]
    public void A_study_without_a_value_and_one_of_two_goals_have_reports_too()
    {
        var none = new Study(new SearchSpace(new FloatParameter("x", 0, 1)));
        none.Fail(none.Ask().Number, "out of memory");
        StudyReport.Html(new StudyView(none, ["loss"]), StudyPlots.All(new StudyView(none, ["loss"]))).ShouldContain("No trial gave a value");
        var two = new Study(new SearchSpace(new FloatParameter("x", 0, 1)), new StudyOptions { Directions = [Direction.Minimize, Direction.Maximize], Sampler = new RandomSampler() });
        for (var i = 0; i < 20; i++)
        {
            var x = two.Ask().Configuration.Float("x", 0);
            two.Tell(i, [x, x * x]);
        }

        var plots = StudyPlots.All(new StudyView(two, ["loss", "latency"]));
        plots.ShouldContain(plot => plot.Name == "pareto_front");
        StudyReport.Html(new StudyView(two, ["loss", "latency"]), plots).ShouldContain("none beats in every goal");
    }

    private static StudyView Sample(int trials)
    {
        var space = new SearchSpace(new FloatParameter("rate", 1e-4, 0.1, Log: true), new IntParameter("layers", 1, 5), new CategoricalParameter(Hostile, ["a", Hostile]),
            new IntParameter("depth", 1, 9) { When = new Dictionary<string, IReadOnlyList<string>> { [Hostile] = ["a"] } });
        var study = new Study(space, new StudyOptions { Sampler = new RandomSampler(), Pruner = Pruner.Of("median") });
        var times = new Dictionary<int, (long Begin, long? End)>();
        for (var i = 0; i < trials; i++)
        {
            var trial = study.Ask();
            times[i] = (1000 * i, i == trials - 1 ? null : 1000 * i + 1500);
            var value = Math.Abs(Math.Log10(trial.Configuration.Float("rate", 1)) + 2) + trial.Configuration.Int("layers", 0) * 0.1;
            var hopeless = false;
            for (var step = 0; step < 5 && !hopeless; step++)
            {
                hopeless = study.Report(i, step, value + 1.0 / (step + 1));
            }

            switch (i % 10)
            {
                case 3:
                    study.Fail(i, Hostile);
                    break;
                case 9 when i == trials - 1:
                    break;
                default:
                    _ = hopeless ? study.Prune(i) : study.Tell(i, i == 7 ? 1e9 : value);
                    break;
            }
        }

        return new StudyView(study, [Hostile]) { Name = Hostile, RunId = "abc", Times = times, Remarks = [Hostile] };
    }
}
