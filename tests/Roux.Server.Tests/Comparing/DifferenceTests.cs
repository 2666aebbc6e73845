using Roux.Server.Components.Comparing;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Comparing;

/// <summary>Whether one run is better than another, over folds.</summary>
public sealed class DifferenceTests
{
    [Fact]
    public void A_steady_gain_is_told_from_luck_and_p_values_are_adjusted()
    {
        var all = Difference.All([Run("good", "f", 0.91, 0.92, 0.90, 0.93, 0.91), Run("same", "f", 0.80, 0.83, 0.79, 0.81, 0.82), Run("luck", "f", 0.78, 0.86, 0.77, 0.84, 0.79)], lowerIsBetter: false);
        all.Count.ShouldBe(3);
        var first = all.Single(pair => (pair.First, pair.Second) == (0, 1));
        first.IsSignificant.ShouldBeTrue();
        first.Gain.Estimate.ShouldBe(0.104, 1e-9);
        first.Gain.Low.ShouldBeGreaterThan(0);
        first.Turned().Gain.High.ShouldBe(-first.Gain.Low);
        all.Single(pair => (pair.First, pair.Second) == (1, 2)).IsSignificant.ShouldBeFalse();
        all.ShouldAllBe(pair => pair.Adjusted >= pair.PValue);
    }

    [Fact]
    public void Where_less_is_better_the_smaller_loss_gains()
    {
        var pair = Difference.All([Run("a", "f", 0.1, 0.11, 0.12), Run("b", "f", 0.3, 0.33, 0.31)], lowerIsBetter: true)[0];
        pair.Gain.Estimate.ShouldBeGreaterThan(0);
        pair.IsSignificant.ShouldBeTrue();
    }

    [Fact]
    public void Scores_of_other_folds_or_other_data_are_not_compared()
    {
        Difference.All([Run("a", "f", 1, 2), Run("b", "g", 1, 3)], false)[0].Note.ShouldContain("different rows");
        Difference.All([Run("a", "", 1, 2) with { Data = "x" }, Run("b", "", 1, 3) with { Data = "y" }], false)[0].Note.ShouldContain("different data");
        Difference.All([Run("a", "", 1, 2), Run("b", "", 1, 3, 4)], false)[0].IsKnown.ShouldBeFalse();
        var granted = Difference.All([Run("a", "", 1, 2), Run("b", "", 1, 3)], false)[0];
        granted.IsKnown.ShouldBeTrue();
        granted.Note.ShouldContain("taken for granted");
    }

    [Theory]
    [InlineData("val/loss", true)]
    [InlineData("test_rmse", true)]
    [InlineData("cv_macro_f1", false)]
    [InlineData("accuracy", false)]
    [InlineData("test_r2", false)]
    [InlineData("fit_seconds", true)]
    [InlineData("cv_log_loss", true)]
    public void The_name_of_a_metric_tells_which_way_is_better(string key, bool lower) => MetricDirection.LowerIsBetter(key).ShouldBe(lower);

    private static FoldScores Run(string name, string folds, params double[] scores) =>
        new(name, name, scores.Select((score, fold) => (score, fold)).ToDictionary(pair => (long)pair.fold, pair => pair.score), folds, "", 1.0 / Math.Max(1, scores.Length - 1));
}
