using Roux.Learning.Evaluation;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

public sealed class ComparisonTests
{
    private static readonly CandidateScores Boosting = new("lightgbm", 60, [0.931, 0.934, 0.928, 0.933, 0.929]);
    private static readonly CandidateScores Linear = new("logistic-regression", 20, [0.930, 0.931, 0.931, 0.930, 0.927]);
    private static readonly CandidateScores Tree = new("decision-tree", 15, [0.88, 0.89, 0.885, 0.89, 0.884]);
    private static readonly CandidateScores Zero = new("zero-rule", 0, [0.5, 0.5, 0.5, 0.5, 0.5], IsBaseline: true);
    private static readonly Metric MacroF1 = Metrics.Find("macro_f1");

    [Fact]
    public void A_simpler_candidate_as_good_as_the_best_is_recommended()
    {
        var result = Comparison.Of([Zero, Tree, Linear, Boosting], MacroF1, 0.25);
        result.Best.ShouldBe("lightgbm");
        result.Recommended.ShouldBe("logistic-regression");
        result.Candidates.Select(candidate => candidate.Name).ShouldBe(["lightgbm", "logistic-regression", "decision-tree", "zero-rule"]);
        result.Candidates[1].Gap.ShouldBe(0.0012, 1e-9);
        result.Candidates[2].AsGood.ShouldBeFalse();
        result.Candidates[2].AdjustedPValue.ShouldBeLessThan(0.01);
        result.Verdict.ShouldStartWith("lightgbm is best (0.931 ± 0.002 macro F1). logistic-regression is simpler and not significantly worse (Δ 0.001, p = ");
        result.Verdict.ShouldEndWith(": prefer it unless that difference pays for itself.");
    }

    [Fact]
    public void Holm_counts_every_comparison()
    {
        var result = Comparison.Of([Zero, Tree, Linear, Boosting], MacroF1, 0.25);
        result.Candidates[1].AdjustedPValue.ShouldBe(result.Candidates[1].PValue); // the largest of three
        var smallest = result.Candidates.Skip(1).MinBy(candidate => candidate.PValue)!;
        smallest.AdjustedPValue.ShouldBe(3 * smallest.PValue, 1e-15);
        double.IsNaN(result.Candidates[0].PValue).ShouldBeTrue();
    }

    [Fact]
    public void A_little_worse_on_every_fold_is_worse()
    {
        var wide = new CandidateScores("best", 50, [0.80, 0.90, 0.85, 0.95, 0.75]);
        var always = new CandidateScores("simple", 10, [0.790, 0.889, 0.841, 0.940, 0.739]);
        var result = Comparison.Of([wide, always], MacroF1, 0.25);
        result.Candidates[1].Gap.ShouldBeLessThan(result.Candidates[0].StandardError);
        result.Recommended.ShouldBe("best");
        result.Verdict.ShouldContain("simple, is significantly worse (Δ 0.01");
    }

    [Fact]
    public void Much_worse_but_erratic_is_not_as_good()
    {
        var steady = new CandidateScores("best", 50, [0.90, 0.91, 0.90, 0.91, 0.90]);
        var erratic = new CandidateScores("simple", 10, [0.92, 0.50, 0.92, 0.40, 0.91]);
        var result = Comparison.Of([steady, erratic], MacroF1, 0.25);
        result.Candidates[1].AdjustedPValue.ShouldBeGreaterThan(0.05);
        result.Recommended.ShouldBe("best");
        result.Verdict.ShouldContain("more than one standard error behind");
    }

    [Fact]
    public void Lower_is_better_for_losses()
    {
        var result = Comparison.Of([new("a", 5, [10.0, 11, 10.5]), new("b", 1, [20.0, 22, 21])], Metrics.Find("rmse"), 0.5);
        result.Best.ShouldBe("a");
        result.Candidates[1].Gap.ShouldBe(10.5, 1e-12);
        result.Recommended.ShouldBe("a");
    }

    [Fact]
    public void Nothing_beats_a_baseline()
    {
        var result = Comparison.Of([Zero, Tree with { FoldScores = [0.48, 0.49, 0.5, 0.49, 0.47] }], MacroF1, 0.25);
        result.Recommended.ShouldBe("zero-rule");
        result.Verdict.ShouldBe("Nothing beats the baseline zero-rule (0.500 ± 0 macro F1): the features do not carry signal for this target or there is too little data.");
    }

    [Fact]
    public void A_best_that_is_not_reliably_better_than_a_baseline_is_called_that()
    {
        var result = Comparison.Of([Zero with { FoldScores = [0.50, 0.52, 0.48, 0.51, 0.49] }, Tree with { FoldScores = [0.52, 0.48, 0.50, 0.47, 0.535] }], MacroF1, 0.25);
        result.Best.ShouldBe("decision-tree");
        result.Recommended.ShouldBe("zero-rule");
        result.Verdict.ShouldContain("not reliably better than the baseline zero-rule");
    }

    [Fact]
    public void One_candidate_one_fold_and_equal_scores_are_fine()
    {
        Comparison.Of([Boosting], MacroF1, 0.25).Verdict.ShouldBe("lightgbm scores 0.931 ± 0.002 macro F1; there was nothing to compare it with.");
        var equal = Comparison.Of([Boosting, Linear with { FoldScores = Boosting.FoldScores }], MacroF1, 0.25);
        equal.Best.ShouldBe("logistic-regression");
        equal.Recommended.ShouldBe("logistic-regression");
        equal.Candidates[1].PValue.ShouldBe(1);
        var oneFold = Comparison.Of([Boosting with { FoldScores = [0.9] }, Linear with { FoldScores = [0.89] }], MacroF1, 0.25);
        oneFold.Recommended.ShouldBe("lightgbm");
        oneFold.Verdict.ShouldContain("one fold cannot tell");
    }

    [Fact]
    public void Failed_folds_put_a_candidate_behind_those_without()
    {
        var failing = Tree with { FoldScores = [0.99, double.NaN, 0.99, 0.99, 0.99] };
        var dead = Zero with { Name = "dead", FoldScores = [double.NaN, double.NaN, double.NaN, double.NaN, double.NaN] };
        var result = Comparison.Of([dead, failing, Linear, Boosting], MacroF1, 0.25);
        result.Best.ShouldBe("lightgbm");
        result.Candidates.Select(candidate => candidate.Name).ShouldBe(["lightgbm", "logistic-regression", "decision-tree", "dead"]);
        result.Candidates[2].FailedFolds.ShouldBe(1);
        result.Verdict.ShouldEndWith("Folds without a score: decision-tree (1), dead (5).");
        var none = Comparison.Of([dead], MacroF1, 0.25);
        none.Best.ShouldBeNull();
        none.Verdict.ShouldBe("No candidate could be scored on any fold.");
    }

    [Fact]
    public void Wrong_calls_are_refused()
    {
        Should.Throw<ArgumentException>(() => Comparison.Of([], MacroF1, 0.25));
        Should.Throw<ArgumentException>(() => Comparison.Of([Zero, Zero], MacroF1, 0.25)).Message.ShouldContain("occurs 2 times");
        Should.Throw<ArgumentException>(() => Comparison.Of([Zero, new("x", 1, [0.1])], MacroF1, 0.25)).Message.ShouldContain("'x' has 1 folds");
    }
}
