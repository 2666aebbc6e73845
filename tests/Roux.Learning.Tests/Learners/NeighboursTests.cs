using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Neighbours;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Learners;

public class NeighboursTests
{
    private static Model Fit(TrainingSet data, params (string, object)[] settings) => new KNearestNeighboursLearner().Fit(data, Configuration.Of(settings), new FitContext(1));

    [Theory, InlineData("euclidean"), InlineData("manhattan"), InlineData("cosine")]
    public void Neighbours_are_those_found_by_sorting_all(string metric)
    {
        var (train, test) = (Samples.Curves(101, 5, 1), Samples.Curves(40, 5, 2));
        var predictions = Fit(train, ("k", 7), ("weights", "uniform"), ("metric", metric)).Predict(test.X).Values;
        var sparse = Fit(train with { X = Samples.ToSparse(train.X) }, ("k", 7), ("weights", "uniform"), ("metric", metric)).Predict(Samples.ToSparse(test.X)).Values;
        for (var row = 0; row < 40; row++)
        {
            var q = test.X.Dense.AsSpan(row * 5, 5).ToArray();
            var nearest = Enumerable.Range(0, 101).OrderBy(other => Distance(metric, q, train.X.Dense.AsSpan(other * 5, 5).ToArray())).Take(7);
            var expected = nearest.Average(other => train.Y.Values[other]);
            predictions[row].ShouldBe(expected, 1e-9);
            sparse[row].ShouldBe(expected, 1e-9);
        }
    }

    [Fact]
    public void Nearer_rows_have_more_say_and_equal_rows_all_of_it()
    {
        var data = new TrainingSet(Samples.Dense([0f], [4f], [10f]), Target.Regression([1, 2, 100]));
        Fit(data, ("k", 2)).Predict(Samples.Dense([1f])).Values[0].ShouldBe((1.0 + (2.0 / 3)) / (1 + (1.0 / 3)), 1e-12);
        Fit(data, ("k", 2)).Predict(Samples.Dense([4f])).Values[0].ShouldBe(2);
        Fit(data with { Weights = [1, 3, 1] }, ("k", 2)).Predict(Samples.Dense([1f])).Values[0].ShouldBe((1.0 + 2.0) / (1 + 1), 1e-12);
        Fit(data, ("k", 50), ("weights", "uniform")).Predict(Samples.Dense([4f])).Values[0].ShouldBe(103 / 3.0, 1e-12);
    }

    [Fact]
    public void Of_equally_near_rows_the_first_counts()
    {
        var data = new TrainingSet(Samples.Dense([1f], [-1f], [1f]), Target.Classification([1, 0, 0], ["a", "b"]));
        Fit(data, ("k", 1), ("weights", "uniform")).Predict(Samples.Dense([0f])).Labels()[0].ShouldBe(1);
    }

    [Fact]
    public void Too_many_rows_are_not_worth_it()
    {
        var learner = new KNearestNeighboursLearner();
        learner.Unsuitable(TaskKind.Binary, 10_000, 50).ShouldBeNull();
        learner.Unsuitable(TaskKind.Binary, 60_000, 5).ShouldNotBeNull().ShouldContain("60000");
        learner.Unsuitable(TaskKind.Binary, 50_000, 5_000).ShouldNotBeNull();
    }

    private static double Distance(string metric, float[] a, float[] b) => metric switch
    {
        "euclidean" => Math.Sqrt(a.Zip(b, (p, q) => ((double)p - q) * ((double)p - q)).Sum()),
        "manhattan" => a.Zip(b, (p, q) => Math.Abs((double)p - q)).Sum(),
        _ => 1 - (a.Zip(b, (p, q) => (double)p * q).Sum() / Math.Sqrt(a.Sum(p => (double)p * p) * b.Sum(q => (double)q * q))),
    };
}
