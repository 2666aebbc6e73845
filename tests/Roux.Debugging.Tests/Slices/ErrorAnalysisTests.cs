using Roux.Debugging.Checks;
using Roux.Debugging.Slices;
using Roux.Debugging.Tests.Models;
using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.Slices;

public sealed class ErrorAnalysisTests
{
    [Fact]
    public void Worst_rows_come_with_neighbours_and_attributions()
    {
        var (train, test) = Fitted.Shared("titanic", "alive");
        var subject = ModelSubject.Of(Fitted.Fit("lightgbm", train, "survived"), train, test, rivals: false);
        var analysis = ErrorAnalysis.Of(subject, examples: 5);
        analysis.Worst.Count.ShouldBe(5);
        analysis.Worst.Select(example => example.Loss).ShouldBe(analysis.Worst.Select(example => example.Loss).OrderDescending());
        foreach (var example in analysis.Worst)
        {
            example.Neighbours.Count.ShouldBe(5);
            example.Neighbours.Select(near => near.Distance).ShouldBe(example.Neighbours.Select(near => near.Distance).Order());
            example.Attributions.ShouldNotBeEmpty();
            example.Answer.ShouldNotBe(example.Predicted);
        }

        analysis.ToJson(test.RowCount)["worst"]!.AsArray().Count.ShouldBe(5);
    }

    [Fact]
    public void A_training_row_is_its_own_nearest_neighbour()
    {
        var (train, _) = Fitted.Shared("penguins");
        var subject = ModelSubject.Of(Fitted.Fit("logistic-regression", train, "species"), train, train, rivals: false);
        foreach (var example in ErrorAnalysis.Of(subject, examples: 3).Worst)
        {
            example.Neighbours[0].Distance.ShouldBe(0);
            example.Neighbours[0].Answer.ShouldBe(example.Answer);
        }
    }

    [Fact]
    public void Answers_without_rows_are_refused()
    {
        var subject = new ModelSubject
        {
            Name = "elsewhere",
            Metric = Roux.Learning.Evaluation.Metrics.Find("rmse"),
            Evaluation = new JudgedRows(Target.Regression([1, 2]), new Predictions(TaskKind.Regression, 1, [1, 3])),
        };
        Should.Throw<DataException>(() => ErrorAnalysis.Of(subject));
    }
}
