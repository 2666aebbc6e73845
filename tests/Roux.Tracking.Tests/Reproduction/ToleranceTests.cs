using Roux.Tracking.Reproduction;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Reproduction;

public sealed class ToleranceTests
{
    [Theory]
    [InlineData("1e-6", 100, 100.00009, true)]
    [InlineData("1e-6", 100, 100.0002, false)]
    [InlineData("1%", 200, 202, true)]
    [InlineData("1%", 200, 203, false)]
    [InlineData("abs:0.01", 1e-9, 0.009, true)]
    [InlineData("abs:0.01", 5, 5.02, false)]
    [InlineData("0", 1, 1.0000000000000002, false)]
    [InlineData("ignore", 1, 2, true)]
    [InlineData("1e-6", double.NaN, double.NaN, true)]
    [InlineData("1e-6", double.NaN, 1, false)]
    [InlineData("1e-6", double.PositiveInfinity, double.PositiveInfinity, true)]
    [InlineData("1%", double.PositiveInfinity, double.MaxValue, false)]
    public void Values_are_equal_within_it(string text, double first, double again, bool equal)
    {
        var tolerance = MetricTolerance.TryParse(text).ShouldNotBeNull();
        tolerance.Allows(first, again).ShouldBe(equal);
        tolerance.Allows(again, first).ShouldBe(equal);
        MetricTolerance.TryParse(tolerance.ToString()).ShouldBe(tolerance);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("much")]
    [InlineData("NaN")]
    [InlineData("abs:")]
    [InlineData("1,5")]
    public void What_is_none_is_refused(string text) => MetricTolerance.TryParse(text).ShouldBeNull();

    [Fact]
    public void The_default_is_close_but_not_exact()
    {
        MetricTolerance.Default.Allows(1, 1 + 1e-10).ShouldBeTrue();
        MetricTolerance.Default.Allows(1, 1 + 1e-8).ShouldBeFalse();
        MetricTolerance.Default.Allows(0, 1e-13).ShouldBeTrue();
    }

    [Theory]
    [InlineData("elapsed_seconds", true)]
    [InlineData("predict_us_per_row", true)]
    [InlineData("train/rows per second", true)]
    [InlineData("latency.p95", true)]
    [InlineData("loss", false)]
    [InlineData("timeliness", false)]
    [InlineData("rms", false)]
    [InlineData("", false)]
    public void Metrics_of_time_are_known_by_their_names(string name, bool time) => Tolerances.IsTime(name).ShouldBe(time);

    [Fact]
    public void What_is_asked_for_goes_before_what_the_run_states_and_that_before_the_default()
    {
        using var store = new TemporaryStore();
        using var tracker = Tracker.Open(store.Store);
        string id;
        using (var run = tracker.Experiment("e").StartRun())
        {
            id = run.Id;
            run.Tolerate("loss", 1e-3).Tag("roux.tolerance.*", "2%").Log("roux.tolerance.acc", 0.5).Tag("roux.interval.auc", "0.8,0.9").Tolerate("seconds", 0.1);
            Should.Throw<TrackingException>(() => run.Tolerate("x", -1)).Message.ShouldContain("from 0 up");
        }

        var record = tracker.GetRun(id);
        var stated = new Tolerances(record);
        stated.Of("loss").ShouldBe((new MetricTolerance(1e-3), "stated by the run"));
        stated.Of("acc").Tolerance.ShouldBe(new MetricTolerance(0.5));
        stated.Of("other").Tolerance.ShouldBe(new MetricTolerance(0.02));
        stated.Of("seconds").Tolerance.ShouldBe(new MetricTolerance(0.1), "a stated one goes before the name");
        stated.Of("fit_seconds").Tolerance.Ignored.ShouldBeTrue();
        new Tolerances(record, new Dictionary<string, MetricTolerance> { ["loss"] = MetricTolerance.None }).Of("loss").ShouldBe((MetricTolerance.None, "asked for"));

        var byInterval = new Tolerances(record, null, byInterval: true);
        byInterval.Of("auc").Tolerance.Allows(0.95, 0.81).ShouldBeTrue();
        byInterval.Of("auc").Tolerance.Allows(0.85, 0.79).ShouldBeFalse();
        byInterval.Of("auc").Tolerance.ToString().ShouldBe("[0.8, 0.9]");
        byInterval.Of("other").Tolerance.Ignored.ShouldBeTrue();
    }
}
