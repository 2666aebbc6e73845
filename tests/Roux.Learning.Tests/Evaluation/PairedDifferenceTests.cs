using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

public class PairedDifferenceTests
{
    [Fact]
    public void The_gain_is_the_difference_of_the_two_scores_and_has_a_sign()
    {
        var (y, a, b) = Made(400, 0.1, 0.3, seed: 1);
        var accuracy = Metrics.Find("accuracy");
        var gain = PairedDifference.Gain(accuracy, y, a, b);
        gain.Estimate.ShouldBe(accuracy.Compute(y, a) - accuracy.Compute(y, b), 1e-12);
        gain.Low.ShouldBeGreaterThan(0);
        var back = PairedDifference.Gain(accuracy, y, b, a);
        back.Estimate.ShouldBe(-gain.Estimate, 1e-12);
        back.High.ShouldBeLessThan(0);
        var loss = PairedDifference.Gain(Metrics.Find("brier"), y, a, b);
        loss.Estimate.ShouldBeGreaterThan(0, "less loss is a gain");
    }

    [Fact]
    public void What_both_get_wrong_together_does_not_widen_the_interval()
    {
        // Both err on the same third of the rows; one errs on five rows more. The two scores are very uncertain, their difference is not.
        var random = new Random(3);
        var truth = Enumerable.Range(0, 600).Select(_ => random.Next(2)).ToArray();
        var one = truth.Select((label, row) => row % 3 == 0 ? 1 - label : label).ToArray();
        var other = one.Select((label, row) => row is > 0 and < 30 && row % 6 == 1 ? 1 - label : label).ToArray();
        var y = Target.Classification(truth, ["a", "b"]);
        var metric = Metrics.Find("accuracy");
        var gain = PairedDifference.Gain(metric, y, Certain(one), Certain(other));
        var alone = ConfidenceIntervals.Of(metric, y, Certain(one));
        gain.Estimate.ShouldBe(5 / 600.0, 1e-12);
        (gain.High - gain.Low).ShouldBeLessThan((alone.High - alone.Low) / 3);
    }

    [Fact]
    public void Intervals_hold_the_truth_as_often_as_they_say()
    {
        var metric = Metrics.Find("accuracy");
        var held = Enumerable.Range(0, 120).Count(seed =>
        {
            var (y, a, b) = Made(150, 0.2, 0.3, seed);
            return PairedDifference.Gain(metric, y, a, b, seed: seed, options: new BootstrapOptions { MaxResamples = 400 }).Contains(0.1);
        });
        held.ShouldBeInRange(104, 120); // 95% of 120 is 114, with a standard deviation of 2.4
    }

    private static (Target Y, Predictions A, Predictions B) Made(int rows, double errorA, double errorB, int seed)
    {
        var random = new Random(seed);
        var truth = Enumerable.Range(0, rows).Select(_ => random.Next(2)).ToArray();
        int[] Answers(double error) => [.. truth.Select(label => random.NextDouble() < error ? 1 - label : label)];
        return (Target.Classification(truth, ["a", "b"]), Certain(Answers(errorA)), Certain(Answers(errorB)));
    }

    private static Predictions Certain(int[] labels) => new(TaskKind.Binary, 2, [.. labels.SelectMany(label => label == 0 ? new[] { 1.0, 0 } : [0, 1])]);
}
