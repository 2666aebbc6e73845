using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Training;
using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Tracking;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Torch.Tests.Probes;

/// <summary>The networks of the learners, looked into before their first step: none of the checks has anything against them.</summary>
public sealed class UntrainedNetworkTests
{
    [Theory]
    [InlineData("mlp", "digits")]
    [InlineData("cnn", "digits")]
    [InlineData("mlp", "wine-white")]
    [InlineData("transformer", "movie-plots")]
    [Trait("Speed", "slow")]
    public void Sound_networks_are_left_in_peace(string name, string set)
    {
        var learner = NeuralLearners.All.Single(learner => learner.Card.Name == name);
        var table = TableReader.Read(Roux.Tests.SharedData.Path($"data/{set}/train.csv")).Table;
        var target = set switch { "digits" => "target", "wine-white" => "quality", _ => "genre" };
        table = table.Take([.. Enumerable.Range(0, Math.Min(600, table.RowCount))]);
        var columns = ColumnRoles.Infer(table, target, new Dictionary<string, string>());
        var (answers, rows, _) = TargetBuilder.Build(table, target);
        var features = columns.Where(column => column.Name != target && (name != "transformer" || column.Role == ColumnRole.Text)).ToList();
        var settings = name == "transformer" ? Configuration.Of(("hidden", 32), ("layers", 1), ("max_tokens", 32)) : learner.Portfolio(answers.Task)[0];
        var context = new CheckContext();
        var made = NeuralLearners.Network(learner, settings, table.Take(rows), features, answers, context).ShouldNotBeNull();
        using var network = made.Network.ShouldNotBeNull();
        network.Batches.ShouldBeGreaterThan(1);
        TrainingReview.Of(made, context).Where(finding => finding.Severity >= Severity.Medium).Select(finding => finding.Message).ShouldBeEmpty();
    }

    [Fact]
    public void Learners_without_a_network_have_none() =>
        NeuralLearners.Network(LearnerCatalog.Find("ridge")!, Configuration.Empty, TableReader.Read(Roux.Tests.SharedData.Path("data/wine-white/train.csv")).Table, [], Target.Regression([1, 2]), new CheckContext()).ShouldBeNull();
}
