using Roux.Tuning.Numerics;
using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Pruners;

public sealed class ExtrapolationTests
{
    [Fact]
    public void The_t_distribution_agrees_with_tables()
    {
        // Quantiles of 97.5 and 95 per cent from any table; one degree of freedom is Cauchy's.
        StudentDistribution.Cumulative(12.7062047364, 1).ShouldBe(0.975, 1e-9);
        StudentDistribution.Cumulative(2.2281388520, 10).ShouldBe(0.975, 1e-9);
        StudentDistribution.Cumulative(-2.9199855804, 2).ShouldBe(0.05, 1e-9);
        StudentDistribution.Cumulative(1, 1).ShouldBe(0.75, 1e-12);
        StudentDistribution.Cumulative(0, 7).ShouldBe(0.5, 1e-12);
        StudentDistribution.LogGamma(0.5).ShouldBe(0.5 * Math.Log(Math.PI), 1e-12);
        StudentDistribution.LogGamma(11).ShouldBe(Math.Log(3_628_800), 1e-10);
    }

    [Theory]
    [InlineData(0.3, 0.5, 1.0)]
    [InlineData(0.1, 2.0, 0.5)]
    public void A_power_law_is_continued(double asymptote, double amplitude, double power)
    {
        double[] x = [.. Enumerable.Range(1, 12).Select(step => (double)step)];
        var curve = new CurveExtrapolation(x, [.. x.Select(step => asymptote + amplitude * Math.Pow(step, -power))]);
        var truth = asymptote + amplitude * Math.Pow(100, -power);
        curve.Mean(100).ShouldBe(truth, 0.15 * amplitude);
        curve.Below(100, truth - 0.5 * amplitude).ShouldBeLessThan(0.05);
        curve.Below(100, truth + 0.5 * amplitude).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Its_probabilities_hold_for_noisy_curves()
    {
        var (random, inside, all) = (new Random(5), 0, 0);
        for (var i = 0; i < 200; i++)
        {
            var (asymptote, amplitude, rate) = (random.NextDouble(), 0.2 + random.NextDouble(), 0.05 + 0.3 * random.NextDouble());
            double Truth(double step) => asymptote + amplitude * Math.Exp(-rate * step) + 0.02 * (random.NextDouble() + random.NextDouble() - 1);
            double[] x = [.. Enumerable.Range(1, 10).Select(step => (double)step)];
            var curve = new CurveExtrapolation(x, [.. x.Select(Truth)]);
            var below = curve.Below(30, Truth(30));
            (inside, all) = (inside + (below is > 0.05 and < 0.95 ? 1 : 0), all + 1);
        }

        ((double)inside / all).ShouldBeInRange(0.8, 1.0);
    }

    [Fact]
    public void A_trial_that_will_hardly_beat_the_best_is_pruned_and_one_that_may_is_not()
    {
        var study = new Study(new SearchSpace(new FloatParameter("x", 0, 1)), new StudyOptions { Sampler = new RandomSampler(), Pruner = Pruner.Of("curve") });
        var best = study.Ask();
        for (var step = 0; step < 30; step++)
        {
            study.Report(best.Number, step, 0.2 + 1.0 / (step + 1)).ShouldBeFalse();
        }

        study.Tell(best.Number, 0.2 + 1.0 / 30);
        var (flat, slow) = (study.Ask(), study.Ask());
        var pruned = Enumerable.Range(0, 10).First(step => study.Report(flat.Number, step, 0.8 + 0.2 / (step + 1)));
        pruned.ShouldBeInRange(3, 9);
        for (var step = 0; step < 29; step++)
        {
            study.Report(slow.Number, step, 0.1 + 1.2 * Math.Exp(-0.15 * step)).ShouldBeFalse(); // worse than the best was at first, and better in the end
        }
    }
}
