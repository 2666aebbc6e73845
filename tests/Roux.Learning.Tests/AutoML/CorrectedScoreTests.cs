using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.AutoML;

public sealed class CorrectedScoreTests
{
    [Fact]
    public void The_best_of_many_that_know_nothing_is_found_to_know_nothing()
    {
        var random = new Random(5);
        var accuracy = Metrics.For(TaskKind.Multiclass).Single(metric => metric.Name == "accuracy");
        var target = Target.Classification([.. Enumerable.Range(0, 120).Select(_ => random.Next(3))], ["a", "b", "c"]);
        Predictions[] guesses = [.. Enumerable.Range(0, 30).Select(_ => new Predictions(TaskKind.Multiclass, 3, [.. Enumerable.Range(0, 120).SelectMany(_ => One(random.Next(3)))]))];
        var corrected = CorrectedScore.Of(target, guesses, accuracy, 1, CancellationToken.None);
        corrected.Raw.ShouldBeGreaterThan(0.38);
        corrected.Value.ShouldBeInRange(0.27, 0.39);
        corrected.Optimism.ShouldBeGreaterThan(0.02);
        corrected.Low.ShouldBeLessThan(corrected.Value);
        corrected.High.ShouldBeGreaterThan(corrected.Value);
    }

    [Fact]
    public void One_that_is_better_by_far_is_not_marked_down()
    {
        var random = new Random(6);
        var rmse = Metrics.For(TaskKind.Regression).Single(metric => metric.Name == "rmse");
        double[] y = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble())];
        Predictions[] all = [new(TaskKind.Regression, 1, [.. y.Select(value => value + 0.1 * (random.NextDouble() - 0.5))]), .. Enumerable.Range(0, 5).Select(_ => new Predictions(TaskKind.Regression, 1, [.. y.Select(_ => random.NextDouble())]))];
        var corrected = CorrectedScore.Of(Target.Regression(y), all, rmse, 1, CancellationToken.None);
        corrected.Value.ShouldBe(corrected.Raw, 0.003);
        corrected.Configurations.ShouldBe(6);
    }

    private static double[] One(int label) => [label == 0 ? 1 : 0, label == 1 ? 1 : 0, label == 2 ? 1 : 0];
}
