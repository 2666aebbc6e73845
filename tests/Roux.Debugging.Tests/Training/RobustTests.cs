using Roux.Debugging.Signals;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.Training;

public sealed class RobustTests
{
    [Fact]
    public void Mann_Kendall_and_Theil_Sen_agree_with_a_worked_example()
    {
        // Gilbert (1987), Statistical Methods for Environmental Pollution Monitoring, example 16.4.1 has S = 21 for such orders; here by hand:
        // 5 values, pairs up 9, down 1: S = 8, Var = 5*4*15/18 = 16.667, Z = 7/4.0825 = 1.7146, one-sided p = 0.0432.
        var trend = Robust.TrendOf([1, 2, 4, 3, 5]);
        trend.RiseP.ShouldBe(0.0432, 0.0001);
        trend.FallP.ShouldBe(1 - 0.0432, 0.0001);
        trend.Change.ShouldBe(4, 1e-12); // slopes 1 1 1 1 0.667 0.5 -1 1 2 0.5 … the middle is 1 a step
    }

    [Fact]
    public void Noise_is_the_deviation_around_a_moving_level()
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 5000).Select(index => index * 0.01 + 2 * Curves.Normal(random)).ToArray();
        Robust.Noise(values).ShouldBe(2, 0.1);
    }

    [Fact]
    public void White_noise_has_no_trend_at_the_stated_rate()
    {
        var random = new Random(4);
        var found = Enumerable.Range(0, 1000).Count(_ => Robust.TrendOf([.. Enumerable.Range(0, 40).Select(_ => Curves.Normal(random))]).FallP < 0.05);
        found.ShouldBeInRange(30, 72);
    }

    [Fact]
    public void Quantiles_interpolate() => Robust.Quantile([3, 1, 2, 4], 0.25).ShouldBe(1.75, 1e-12);
}
