using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.LearningCurves;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation.LearningCurves;

public sealed class CurveForecastTests
{
    [Theory]
    [InlineData("accuracy", 2)]
    [InlineData("accuracy", 10)]
    [InlineData("rmse", 2)]
    [InlineData("rmse", 10)]
    public void Ninety_percent_intervals_hold_about_ninety_percent_of_scores(string metric, double factor)
    {
        var random = new Random(11);
        var (inside, all, width) = (0, 200, 0.0);
        for (var i = 0; i < all; i++)
        {
            var (floor, amplitude, exponent) = (0.02 + 0.1 * random.NextDouble(), 0.02 + 0.1 * random.NextDouble(), 0.2 + 0.8 * random.NextDouble());
            var scale = metric == "rmse" ? 1000 : 1;
            var made = new MadeCurves(random)
            {
                Metric = Metrics.Find(metric),
                Truth = share => scale * (floor + amplitude * Math.Pow(share, -exponent)),
                Learning = metric == "rmse" ? 0.02 : 0.003,
            };
            var forecast = CurveForecast.Of(made.Draw(), seed: i, draws: 200).ShouldNotBeNull();
            var interval = forecast.Score(factor * made.Largest, 2000);
            inside += interval.Contains(made.Test(factor * made.Largest, 2000)) ? 1 : 0;
            width += (interval.High - interval.Low) / made.Truth(1) / all;
        }

        // Far out, the doubt about the form makes intervals wider than a world of nothing but power laws needs.
        ((double)inside / all).ShouldBeInRange(0.8, factor > 2 ? 1 : 0.99);
        width.ShouldBeLessThan(factor > 2 ? 0.8 : 0.4); // in units of the present error: "from 0 to what it is now" would be 1
    }

    [Fact]
    public void The_same_seed_gives_the_same_forecast_and_another_nearly_the_same()
    {
        var curve = Falling().Draw();
        var (a, b, c) = (CurveForecast.Of(curve, 1)!.Score(6400, 1000), CurveForecast.Of(curve, 1)!.Score(6400, 1000), CurveForecast.Of(curve, 2)!.Score(6400, 1000));
        b.ShouldBe(a);
        c.ShouldNotBe(a);
        Math.Abs(c.Low - a.Low).ShouldBeLessThan(0.25 * (a.High - a.Low));
        Math.Abs(c.High - a.High).ShouldBeLessThan(0.25 * (a.High - a.Low));
    }

    [Fact]
    public void Scores_stay_within_the_range_of_the_metric_and_doubt_grows_with_distance()
    {
        var curve = Falling().Draw();
        var forecast = CurveForecast.Of(curve, 3)!;
        var (near, far) = (forecast.Expected(6400), forecast.Expected(64000));
        (far.High - far.Low).ShouldBeGreaterThan(near.High - near.Low);
        forecast.Score(1e9, 5).High.ShouldBeLessThanOrEqualTo(1);
        forecast.Gain(3200, 6400).Estimate.ShouldBeGreaterThan(0.005);
        forecast.ProbabilityOfGain(3200, 6400, 0.002).ShouldBeGreaterThan(0.95);
        forecast.Forms.Sum(form => form.Share).ShouldBe(1, 1e-9);
    }

    [Fact]
    public void A_level_curve_promises_nothing()
    {
        var made = new MadeCurves(new Random(5)) { Metric = Metrics.Find("accuracy"), Truth = _ => 0.1 };
        var forecast = CurveForecast.Of(made.Draw(), 5)!;
        forecast.Gain(3200, 32000).Estimate.ShouldBeLessThan(0.004);
        forecast.ProbabilityOfGain(3200, 6400, 0.005).ShouldBeLessThan(0.2);
        forecast.RowsFor(0.95, 3200).Estimate.ShouldBe(100); // the smallest size measured is as good already
    }

    [Fact]
    public void Rows_for_a_share_of_the_final_quality_are_those_of_the_true_curve()
    {
        // Accuracy 1 - 0.05 - 0.1 n^-1/2 (n in 3,200): at 32,000 it is 0.9184, of which 95% is 0.8725: n^-1/2 = 0.775, 5,300 rows.
        var made = new MadeCurves(new Random(6)) { Metric = Metrics.Find("accuracy"), Truth = share => 0.05 + 0.1 / Math.Sqrt(share) };
        var rows = CurveForecast.Of(made.Draw(), 6)!.RowsFor(0.95, 3200);
        rows.Low.ShouldBeLessThan(5300);
        rows.High.ShouldBeGreaterThan(5300);
        rows.Estimate.ShouldBeInRange(2500, 11000);
    }

    [Fact]
    public void Few_sizes_and_undefined_scores_give_no_forecast()
    {
        var curve = Falling().Draw();
        CurveForecast.Of(curve with { Points = [.. curve.Points.Where(point => point.Size <= 200)] }, 1).ShouldBeNull();
        CurveForecast.Of(curve with { Points = [.. curve.Points.Select(point => point with { Validation = double.NaN })] }, 1).ShouldBeNull();
    }

    [Fact]
    public void A_size_with_fewer_repeats_is_compared_fairly()
    {
        // The repeats differ by far more than the sizes; the largest is measured on the two with the highest scores alone.
        var points = new List<CurvePoint>();
        for (var repeat = 0; repeat < 5; repeat++)
        {
            foreach (var size in new[] { 100, 200, 400, 800 }.Where(size => size < 800 || repeat < 2))
            {
                points.Add(new CurvePoint(size, size, repeat, 1, 0.8 - 0.05 * repeat, double.NaN, double.NaN, 0));
            }
        }

        var curve = Falling().Draw() with { Points = points, RepeatRows = 100, ValidationRows = 500 };
        CurveForecast.Of(curve, 1)!.Expected(800).Estimate.ShouldBe(0.7, 0.02);
    }

    [Fact]
    public void Perfect_scores_and_one_repeat_are_no_obstacle()
    {
        var curve = Falling().Draw();
        var perfect = CurveForecast.Of(curve with { Points = [.. curve.Points.Select(point => point with { Validation = 1 })], RowNoise = 0 }, 1)!;
        perfect.Expected(6400).Estimate.ShouldBe(1, 1e-6);
        var single = CurveForecast.Of(curve with { Points = [.. curve.Points.Where(point => point.Repeat == 0)], ValidationRows = 800 }, 1)!.Score(6400, 1000);
        (single.High - single.Low).ShouldBeInRange(0.005, 0.3);
    }

    [Fact]
    public void Crossing_curves_are_found_and_parallel_ones_are_not()
    {
        // The first is better up to twice the rows, where both err on 0.1: 0.1 and 0.05 + 0.0707 n^-1/2.
        var level = Forecast(_ => 0.1, 21);
        var falling = Forecast(share => 0.05 + 0.0707 / Math.Sqrt(share), 21);
        var crossing = CurveCrossing.Of(("level", level), ("falling", falling), 3200);
        crossing.Now.ShouldBe("level");
        crossing.Later.ShouldBe("falling");
        crossing.Probability.ShouldBeGreaterThan(0.7);
        crossing.Rows.ShouldNotBeNull();
        crossing.Rows.Low.ShouldBeLessThan(6400);
        crossing.Rows.High.ShouldBeGreaterThan(6400);

        var worse = Forecast(share => 0.15 + 0.0707 / Math.Sqrt(share), 21);
        var apart = CurveCrossing.Of(("level", level), ("worse", worse), 3200);
        apart.Now.ShouldBe("level");
        apart.Probability.ShouldBeLessThan(0.05);
        apart.Rows.ShouldBeNull();
    }

    private static CurveForecast Forecast(Func<double, double> truth, int seed) =>
        CurveForecast.Of(new MadeCurves(new Random(seed)) { Metric = Metrics.Find("accuracy"), Truth = truth, Learning = 0.001 }.Draw(), seed)!;

    private static MadeCurves Falling() => new(new Random(4)) { Metric = Metrics.Find("accuracy"), Truth = share => 0.03 + 0.1 * Math.Pow(share, -0.5), Learning = 0.001 };
}
