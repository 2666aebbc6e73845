using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Tests;
using Roux.Torch.Learners;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Torch.Tests.Learners;

/// <summary>Real tables with a fixed split.</summary>
[Trait("Speed", "slow")]
public sealed class SharedDataTests
{
    [Fact]
    public void Digits_are_read_better_than_by_logistic_regression()
    {
        var (linear, network) = (Fit("digits", "target", "", LearnerCatalog.Find("logistic-regression")!), Fit("digits", "target", "", new MlpLearner()));
        Accuracy(network).ShouldBeGreaterThan(Accuracy(linear) + 0.005);
    }

    [Fact]
    public void Incomes_are_foretold_better_than_by_logistic_regression()
    {
        var (linear, network) = (Fit("adult", "income", "fnlwgt", LearnerCatalog.Find("logistic-regression")!), Fit("adult", "income", "fnlwgt", new MlpLearner()));
        LogLoss(network).ShouldBeLessThan(LogLoss(linear) - 0.003);
    }

    private static (Predictions Predictions, Target Y) Fit(string set, string target, string dropped, Learner learner)
    {
        var training = TableReader.Read(SharedData.Path($"data/{set}/train.csv")).Table.Without(dropped);
        var test = TableReader.Read(SharedData.Path($"data/{set}/test.csv")).Table.Without(dropped);
        var (y, rows, _) = TargetBuilder.Build(training, target);
        var (yTest, testRows, _) = TargetBuilder.Build(test, target);
        var (featurizer, x) = Featurizer.Fit(training.Take(rows), ColumnRoles.Infer(training, target), y, learner.Form(y.Task, Configuration.Empty), 1, 2, TestContext.Current.CancellationToken);
        var model = learner.Fit(new TrainingSet(x, y), Configuration.Empty, new FitContext(1, 2));
        return (model.Predict(featurizer.Transform(test.Take(testRows), TestContext.Current.CancellationToken)), yTest);
    }

    private static double Accuracy((Predictions Predictions, Target Y) answer) =>
        answer.Predictions.Labels().Zip(answer.Y.Labels).Average(pair => pair.First == pair.Second ? 1.0 : 0.0);

    private static double LogLoss((Predictions Predictions, Target Y) answer) =>
        answer.Y.Labels.Select((label, row) => -Math.Log(Math.Max(1e-12, answer.Predictions.Row(row)[label]))).Average();
}
