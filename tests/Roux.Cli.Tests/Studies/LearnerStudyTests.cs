using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Studies;

public sealed class LearnerStudyTests
{
    [Fact]
    public void A_learner_is_tuned_by_cross_validation_and_the_winner_is_marked_down_for_being_chosen()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", DevelopTests.Flowers(150, seed: 3));
        string[] call = ["tune", data, "--target", "kind", "--learner", "decision-tree", "--trials", "12", "--folds", "4", "--sampler", "random"];
        var result = RouxProcess.Run(folder.Path, [.. call, "--nested", "2", "--json"]);
        result.ExitCode.ShouldBe(0, result.Error);
        var best = result.Json["best"]!["value"]!.GetValue<double>();
        best.ShouldBeInRange(0.2, 1);
        result.Json["corrected"]!.GetValue<double>().ShouldBeInRange(0.1, best + 0.05);
        result.Json["corrected_low"]!.GetValue<double>().ShouldBeLessThanOrEqualTo(result.Json["corrected_high"]!.GetValue<double>());
        result.Json["nested"]!.GetValue<double>().ShouldBeInRange(0.1, 1);
        result.Json["default"]!.GetValue<double>().ShouldBeInRange(0.1, 1);
        (result.Json["complete"]!.GetValue<int>() + result.Json["pruned"]!.GetValue<int>()).ShouldBe(12);
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var id = result.Json["run_id"]!.GetValue<string>();
        var trials = tracker.SearchRuns(new RunQuery { Filter = $"attributes.parent_run_id = '{id}'" });
        trials.Count.ShouldBe(12);
        foreach (var trial in trials.Where(trial => trial.Status == RunStatus.Finished))
        {
            tracker.GetMetric(trial.Id, "fold_macro_f1").Count.ShouldBe(4);
        }

        File.ReadAllText(tracker.ArtifactFile(id, "report.html")).ShouldContain("corrected for the choice among");
        File.Exists(tracker.ArtifactFile(id, "plots/importance.svg")).ShouldBeTrue();
        var page = RouxProcess.Run(folder.Path, [.. call]);
        page.Output.ShouldContain("corrected for the choice");
    }

    [Theory]
    [InlineData("--target 'knd': no such column; did you mean 'kind'?", "--target", "knd", "--learner", "decision-tree")]
    [InlineData("--learner 'decision-trees': no such learner; did you mean 'decision-tree'?", "--target", "kind", "--learner", "decision-trees")]
    [InlineData("which column is to be predicted", "--learner", "decision-tree")]
    [InlineData("--folds 1", "--target", "kind", "--learner", "decision-tree", "--folds", "1")]
    [InlineData("is for programs", "--target", "kind", "--learner", "decision-tree", "--space", "x.yaml")]
    public void What_is_wrong_with_a_call_is_told(string message, params string[] rest)
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", DevelopTests.Flowers(60, seed: 3));
        var result = RouxProcess.Run(folder.Path, ["tune", data, .. rest]);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldContain(message);
    }
}
