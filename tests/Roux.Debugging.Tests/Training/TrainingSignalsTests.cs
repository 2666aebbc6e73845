using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Training;
using Roux.Debugging.Signals;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.Training;

public sealed class TrainingSignalsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("roux-signals-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("train/loss")] // Hugging Face
    [InlineData("train_loss_step")] // Lightning
    [InlineData("training loss")]
    [InlineData("loss")] // Keras
    public void Training_losses_are_known_by_many_names(string name) => SignalNames.Find(SignalNames.Loss, [name, "val_loss", "eval/loss"]).ShouldBe([name]);

    [Theory]
    [InlineData("eval/loss")]
    [InlineData("val_loss")]
    [InlineData("valid_loss")]
    public void So_are_validation_losses(string name) => SignalNames.Find(SignalNames.ValidationLoss, ["loss", name]).ShouldBe([name]);

    [Theory]
    [InlineData("CrossEntropyLoss", LossKind.CrossEntropy)]
    [InlineData("sparse_categorical_crossentropy", LossKind.CrossEntropy)]
    [InlineData("BCEWithLogitsLoss", LossKind.BinaryCrossEntropy)]
    [InlineData("binary_crossentropy", LossKind.BinaryCrossEntropy)]
    [InlineData("torch.nn.MSELoss()", LossKind.Unknown)]
    [InlineData("mse", LossKind.Squared)]
    [InlineData("focal_cross_entropy", LossKind.Unknown)]
    public void Losses_are_known_by_many_names(string name, LossKind kind) =>
        TrainingFacts.Read(new Dictionary<string, string> { ["criterion"] = name }).Loss.ShouldBe(kind);

    [Fact]
    public void Layers_come_in_the_order_of_the_network_and_else_by_number()
    {
        var signals = TrainingSignals.From(["watch/a.10.weight/grad_norm", "watch/a.9.weight/grad_norm", "watch/grad_carry"], _ => SignalSeries.Of(1), new Dictionary<string, string>());
        signals.Layers.Select(layer => layer.Name).ShouldBe(["a.9.weight", "a.10.weight"]);
        signals.Others.Keys.ShouldBe([SignalNames.GradientCarry]);
        signals.IsOrdered.ShouldBeFalse();
    }

    [Fact]
    public void Accuracy_in_percent_becomes_a_share() =>
        TrainingSignals.From(["acc"], _ => SignalSeries.Of(40, 80), new Dictionary<string, string>()).Accuracy!.Values.ShouldBe([0.4, 0.8]);

    [Fact]
    public void A_run_in_a_store_is_judged()
    {
        using var tracker = Tracker.Open(folder);
        using var run = tracker.Experiment("e").StartRun("pytorch");
        run.Log("num_classes", 10);
        run.LogMetrics("train/loss", [.. Enumerable.Range(0, 50).Select(step => 2.3 - 0.01 * step)]);
        run.LogMetrics("train/loss", Curves.Constant(10, double.NaN), firstStep: 50);
        run.Finish();
        var finding = TrainingReview.OfRun(tracker, run.Id, new CheckContext(), TimeProvider.System)[0];
        finding.Check.ShouldBe("not-finite");
        finding.Severity.ShouldBe(Severity.High);
        finding.Evidence!["first_step"]!.GetValue<double>().ShouldBe(50);
        finding.Evidence["plot"]!["series"]![0]!["y"]!.AsArray().Count.ShouldBe(60);
    }

    [Fact]
    public void Every_check_says_what_it_is()
    {
        TrainingChecks.All.Select(check => check.Name).Distinct().Count().ShouldBe(TrainingChecks.All.Count);
        foreach (var check in TrainingChecks.All)
        {
            check.Name.ShouldMatch("^[a-z]+(-[a-z]+)*$");
            check.Definition.Length.ShouldBeGreaterThan(40, check.Name);
            check.Thresholds.ShouldAllBe(threshold => threshold.Source.Length > 20 && threshold.Meaning.Length > 10);
            check.Explains.ShouldAllBe(name => TrainingChecks.All.Any(other => other.Name == name), check.Name);
        }
    }
}
