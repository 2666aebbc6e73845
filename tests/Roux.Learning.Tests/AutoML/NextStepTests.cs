using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.LearningCurves;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.AutoML;

/// <summary>The advice on cases of which the right one is known, with real learners.</summary>
public sealed class NextStepTests
{
    private static readonly CurveSettings Settings = new() { Seed = 3, Repeats = 5 };

    private static CurveData TooSmallAModel => CurveData.Make(1000, 4, 1, x => x[0] * x[1] > 0, wrong: 0.02);

    private static CurveData TooFewRows => CurveData.Make(400, 100, 2, x => x.Take(50).Sum() > 0);

    private static CurveData NoisyLabels => CurveData.Make(1200, 4, 3, x => x[0] + x[1] > 0, wrong: 0.2);

    [Theory]
    [InlineData(0.02)]
    [InlineData(null)]
    public void A_line_through_a_checkerboard_is_too_small_a_model(double? human)
    {
        var advice = Advise(TooSmallAModel, "logistic-regression", human, biggerTried: null);
        advice.Step.ShouldBe(NextStep.BiggerModel, advice.Reason);
        advice.Clear.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(null)]
    public void Many_columns_and_few_rows_want_more_rows(double? human)
    {
        var advice = Advise(TooFewRows, "logistic-regression", human, biggerTried: null);
        advice.Step.ShouldBe(NextStep.MoreData, advice.Reason);
        advice.Clear.ShouldBeTrue();
    }

    [Fact]
    public void A_model_that_errs_as_often_as_people_wants_better_labels()
    {
        var advice = Advise(NoisyLabels, "logistic-regression", 0.2, biggerTried: null);
        advice.Step.ShouldBe(NextStep.BetterLabels, advice.Reason);
        advice.Clear.ShouldBeTrue();
    }

    [Fact]
    public void Without_a_human_ceiling_confidently_contradicted_labels_point_to_the_labels_but_are_no_clear_case()
    {
        var advice = Advise(NoisyLabels, "logistic-regression", null, biggerTried: true);
        advice.Step.ShouldBe(NextStep.BetterLabels, advice.Reason);
        advice.Clear.ShouldBeFalse();
    }

    [Fact]
    public void A_forest_that_knows_noisy_labels_by_heart_is_not_told_to_grow()
    {
        var advice = Advise(NoisyLabels, "random-forest", 0.2, biggerTried: null);
        advice.Step.ShouldNotBe(NextStep.BiggerModel, advice.Reason);
    }

    [Fact]
    public void An_easy_task_is_done()
    {
        var advice = Advise(CurveData.Make(1000, 2, 4, x => x[0] > 0), "decision-tree", 0.002, biggerTried: null);
        advice.Step.ShouldBe(NextStep.Stop, advice.Reason);
        advice.Clear.ShouldBeTrue();
    }

    [Fact]
    public void Bias_and_variance_are_told_against_the_floor()
    {
        var evidence = Evidence(TooSmallAModel, "logistic-regression", 0.02, null);
        var errors = evidence.Curves[0].Errors.ShouldNotBeNull();
        errors.Bias.ShouldNotBeNull().ShouldBeInRange(0.35, 0.55);
        Math.Abs(errors.Variance).ShouldBeLessThan(0.08);
        evidence.ErrorUnit.ShouldBe("share of wrong answers");
        evidence.Findings.Single().Check.ShouldBe("bigger-model");
        evidence.Sentences.Count.ShouldBe(3);
        Evidence(TooSmallAModel, "logistic-regression", null, null).Curves[0].Errors!.Bias.ShouldBeNull();
    }

    private static NextStepAdvice Advise(CurveData data, string learner, double? human, bool? biggerTried) => Evidence(data, learner, human, biggerTried).Advice.ShouldNotBeNull();

    private static LearningCurveEvidence Evidence(CurveData data, string learner, double? human, bool? biggerTried)
    {
        var floor = human is { } error ? new Interval(error, error * 0.9, error * 1.1, "known") : null;
        return LearningCurveEvidence.Of([data.Measure(learner, Settings)], data.Target.Count, 1000, floor, biggerTried, 1);
    }
}
