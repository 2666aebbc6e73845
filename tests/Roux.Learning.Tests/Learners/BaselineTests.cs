using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Baselines;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Learners;

public class BaselineTests
{
    private static readonly FitContext Context = new(5);

    [Fact]
    public void Zero_rule_says_the_class_shares()
    {
        var x = Samples.Dense([1f], [2f], [3f], [4f]);
        var y = Target.Classification([2, 0, 2, 1], ["a", "b", "c"]);
        new ZeroRuleLearner().Fit(new TrainingSet(x, y), Configuration.Empty, Context).Predict(x).Row(0).ToArray().ShouldBe([0.25, 0.25, 0.5]);
        new ZeroRuleLearner().Fit(new TrainingSet(x, y, [1, 5, 1, 1]), Configuration.Empty, Context).Predict(x).Labels().ShouldBe([0, 0, 0, 0]);
    }

    [Fact]
    public void Mean_and_median_are_weighted()
    {
        var x = Samples.Dense([1f], [2f], [3f], [4f]);
        var y = Target.Regression([1, 2, 3, 100]);
        new MeanLearner().Fit(new TrainingSet(x, y), Configuration.Empty, Context).Predict(x).Values[3].ShouldBe(26.5);
        new MedianLearner().Fit(new TrainingSet(x, y), Configuration.Empty, Context).Predict(x).Values[3].ShouldBe(2.5);
        new MeanLearner().Fit(new TrainingSet(x, y, [1, 1, 2, 0]), Configuration.Empty, Context).Predict(x).Values[0].ShouldBe(9.0 / 4);
        new MedianLearner().Fit(new TrainingSet(x, y, [1, 1, 3, 0]), Configuration.Empty, Context).Predict(x).Values[0].ShouldBe(3);
        new MedianLearner().Fit(new TrainingSet(x, y, [1, 1, 0, 2]), Configuration.Empty, Context).Predict(x).Values[0].ShouldBe(51);
    }

    [Fact]
    public void Random_draws_by_the_shares_and_from_the_seed()
    {
        var data = Samples.Clouds(9000, 1, 3, 1);
        var skewed = data with { Weights = [.. data.Y.Labels.Select(label => label + 1.0)] };
        var labels = new RandomLearner().Fit(skewed, Configuration.Empty, Context).Predict(data.X).Labels();
        for (var k = 0; k < 3; k++)
        {
            labels.Count(label => label == k).ShouldBeInRange(1500 * (k + 1) - 150, 1500 * (k + 1) + 150);
        }

        new RandomLearner().Fit(skewed, Configuration.Empty, Context).Predict(data.X).Labels().ShouldBe(labels);
        new RandomLearner().Fit(skewed, Configuration.Empty, new FitContext(6)).Predict(data.X).Labels().ShouldNotBe(labels);
    }

    [Fact]
    public void One_rule_finds_the_telling_feature_and_its_thresholds()
    {
        var rows = new float[40][];
        var labels = new int[40];
        for (var i = 0; i < 40; i++)
        {
            rows[i] = [i * 7 % 11, i, i % 2];
            labels[i] = i is >= 10 and < 25 ? 1 : 0;
        }

        var data = new TrainingSet(Samples.Dense(rows), Target.Classification(labels, ["out", "in"]));
        var model = new OneRuleLearner().Fit(data, Configuration.Empty, Context);
        model.Importance.ShouldBe([0, 1, 0]);
        model.Predict(data.X).Labels().ShouldBe(labels);
        model.Predict(Samples.Dense([0f, 9.4f, 0f], [0f, 9.6f, 0f], [0f, 24.4f, 0f], [0f, 24.6f, 0f])).Labels().ShouldBe([0, 1, 1, 0]);
        // 15 rows of class 1 of 40: the rule's shares are (15 + 15/40) / (15 + 1).
        model.Predict(data.X).Row(12)[1].ShouldBe((15 + 15 / 40.0) / 16, 1e-12);
    }

    [Fact]
    public void One_rule_has_a_rule_for_missing_values()
    {
        var x = Samples.Dense([.. Enumerable.Range(0, 30).Select(i => new[] { i % 3 == 0 ? float.NaN : 1f })]);
        var y = Target.Classification([.. Enumerable.Range(0, 30).Select(i => i % 3 == 0 ? 1 : 0)], ["a", "b"]);
        new OneRuleLearner().Fit(new TrainingSet(x, y), Configuration.Empty, Context).Predict(x).Labels().ShouldBe(y.Labels);
    }
}
