using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Annotations;
using Roux.Learning.Evaluation.Calibration;
using Roux.Learning.Evaluation.Decisions;
using Roux.Learning.Reports;
using Roux.Learning.Tests.Evaluation.Calibration;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Reports;

/// <summary>The sections on people, calibration and decisions.</summary>
public sealed class EvidenceSectionsTests
{
    private const string Nasty = "<script>alert(1)</script>\" & 'x'";

    [Fact]
    public void People_stand_beside_the_candidates()
    {
        var result = Sample();
        var html = DevelopReport.Html(result with { Evidence = new Evidence { Human = Human(result, "cat") } });
        html.ShouldContain("How well people do it");
        html.ShouldContain("Krippendorff's alpha");
        html.ShouldContain("Rows most disagreed on");
    }

    [Fact]
    public void Names_of_people_items_and_labels_are_escaped()
    {
        var result = Sample();
        var html = DevelopReport.Html(result with { Evidence = new Evidence { Human = Human(result, Nasty), Decision = Decision(Nasty) } });
        html.ShouldNotContain("<script>alert(1)");
        html.ShouldContain("&lt;script&gt;alert(1)");
    }

    [Fact]
    public void Thresholds_and_calibration_are_told()
    {
        var (y, p) = SimulatedProbabilities.Binary(800, 3, 0.5, 1);
        var choice = CalibrationChoice.Of(y, p, SimulatedProbabilities.Folds(800), Metrics.Find("log_loss"));
        var calibration = new CalibrationEvidence { Method = choice.Method, Reason = choice.Reason, Trials = choice.Trials, Before = CalibrationFigures.Of(y, p), After = CalibrationFigures.Of(y, choice.CrossFitted) };
        var html = DevelopReport.Html(Sample() with { Evidence = new Evidence { Calibration = calibration, Decision = Decision("yes") } });
        html.ShouldContain("From probabilities to decisions");
        html.ShouldContain("(chosen)");
        html.ShouldContain("(usual)");
        html.ShouldContain("of the alerts are right");
        html.ShouldContain("expected calibration error");
    }

    [Fact]
    public void Without_evidence_there_is_no_section()
    {
        var html = DevelopReport.Html(Sample());
        html.ShouldNotContain("How well people do it");
        html.ShouldNotContain("From probabilities to decisions");
    }

    private static DevelopResult Sample() => new SampleDevelopment { Rows = 300, ExtraColumns = 0 }.Make();

    private static DecisionEvidence Decision(string happening)
    {
        var (y, p) = SimulatedProbabilities.Binary(500, 1, 0, 2);
        var goal = DecisionGoal.Parse("--for", "f1");
        return new DecisionEvidence { Goal = "f1", Rule = DecisionRule.At(0.3, "best F1"), Event = happening, Points = new ThresholdScan(y, p).Few(0.3, goal), Measure = "f1", OutOfFold = (0.5, 0.6), Final = (0.5, 0.55) };
    }

    private static HumanLevel Human(DevelopResult result, string name)
    {
        var random = new Random(3);
        var ratings = Enumerable.Range(0, 40 * 3).Select(i => random.NextDouble() < 0.7 ? (double)(i / 3 % 2) : random.Next(2)).ToArray();
        var set = new AnnotationSet([.. Enumerable.Range(0, 40).Select(i => $"{name} {i}")], [$"{name} a", "b", "c"], [name, "other"], ratings);
        var study = AnnotationStudy.Of(set, Metrics.Find("macro_f1"));
        return new HumanLevel
        {
            Study = study,
            Human = study.Human,
            Error = study.Plain.Error,
            TargetIsConsensus = true,
            Rows = 40,
            Candidates = [.. result.Leaderboard.Select(row => new HumanComparison(row.Result.Name, row.Interval, row.Interval, 30))],
            Final = 0.8,
            FinalRows = 10,
        };
    }
}
