using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Calibration;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation.Calibration;

public sealed class CalibratorTests
{
    [Fact]
    public void Temperature_undoes_a_power()
    {
        var (y, p) = SimulatedProbabilities.Multiclass(20_000, power: 2.5, seed: 1);
        var temperature = (TemperatureCalibrator)Calibrator.Fit(CalibrationMethod.Temperature, y, p);
        temperature.Temperature.ShouldBe(2.5, 0.12);
        temperature.Apply(p).Labels().ShouldBe(p.Labels());

        // At the least loss the mean log of a row equals that of the true class: Guo et al. 2017, the derivative by 1/T is 0.
        var calibrated = temperature.Apply(p);
        var slope = 0.0;
        for (var row = 0; row < y.Count; row++)
        {
            for (var k = 0; k < 3; k++)
            {
                slope += (calibrated.Values[3 * row + k] - (y.Labels[row] == k ? 1 : 0)) * Math.Log(p.Values[3 * row + k]);
            }
        }

        (slope / y.Count).ShouldBe(0, 1e-7);
    }

    [Fact]
    public void Platt_undoes_a_slope_and_a_shift()
    {
        var (y, p) = SimulatedProbabilities.Binary(20_000, sharpness: 3, shift: 1.2, seed: 2);
        var map = (PlattMap)((OneVsRestCalibrator)Calibrator.Fit(CalibrationMethod.Platt, y, p)).Maps[0];
        map.Slope.ShouldBe(1.0 / 3, 0.02);
        map.Offset.ShouldBe(-0.4, 0.08);
    }

    [Fact]
    public void Platt_and_beta_solve_their_likelihood_equations()
    {
        // Independent of how they are found: at the solution residuals are orthogonal to every feature (targets of Platt 1999).
        var (y, p) = SimulatedProbabilities.Binary(400, sharpness: 2, shift: 0.5, seed: 3);
        double yes = y.Labels.Sum(), no = y.Count - yes;
        var targets = Array.ConvertAll(y.Labels, label => label == 1 ? (yes + 1) / (yes + 2) : 1 / (no + 2));
        foreach (var method in new[] { CalibrationMethod.Platt, CalibrationMethod.Beta })
        {
            var fitted = Calibrator.Fit(method, y, p).Apply(p);
            double sum = 0, left = 0, right = 0;
            for (var row = 0; row < y.Count; row++)
            {
                var residual = fitted.Values[2 * row + 1] - targets[row];
                sum += residual;
                left += residual * Math.Log(p.Values[2 * row + 1]);
                right -= residual * Math.Log(p.Values[2 * row]);
            }

            sum.ShouldBe(0, 1e-5);
            (method == CalibrationMethod.Beta ? left : left + right).ShouldBe(0, 1e-5);
            (method == CalibrationMethod.Beta ? right : 0).ShouldBe(0, 1e-5);
        }
    }

    [Fact]
    public void Isotonic_is_the_least_squares_rising_curve_of_the_textbook()
    {
        // Pooled by hand: 0 | 1 0 → 1/2 | 1 1 0 → 2/3 | 1; then lines between the steps, constant outside, within [1/9, 8/9].
        bool[] happened = [false, true, false, true, true, false, true];
        double[] p = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.9];
        var map = IsotonicMap.Fit(happened, p, p);
        map.X.ShouldBe([0.1, 0.2, 0.3, 0.4, 0.6, 0.9]);
        var expected = new[] { 1.0 / 9, 0.5, 0.5, 2.0 / 3, 2.0 / 3, 8.0 / 9 };
        for (var i = 0; i < expected.Length; i++)
        {
            map.Y[i].ShouldBe(expected[i], 1e-12);
        }

        map.Map(0, 1).ShouldBe(1.0 / 9, 1e-12);
        map.Map(0.25, 0.75).ShouldBe(0.5, 1e-12);
        map.Map(0.35, 0.65).ShouldBe((0.5 + 2.0 / 3) / 2, 1e-12);
        map.Map(1, 0).ShouldBe(8.0 / 9, 1e-12);
        IsotonicMap.Fit([false, true, true], [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]).Y.Single().ShouldBe(2.0 / 3, 1e-12);
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Beta)]
    [InlineData(CalibrationMethod.Temperature)]
    [InlineData(CalibrationMethod.Isotonic)]
    public void Every_way_mends_overconfidence_on_rows_it_has_not_seen(CalibrationMethod method)
    {
        var (y, p) = SimulatedProbabilities.Multiclass(4_000, power: 3, seed: 4);
        var (fresh, q) = SimulatedProbabilities.Multiclass(4_000, power: 3, seed: 5);
        var calibrated = Calibrator.Fit(method, y, p).Apply(q);
        Enumerable.Range(0, 4_000).ShouldAllBe(row => Math.Abs(calibrated.Row(row).ToArray().Sum() - 1) < 1e-9);
        calibrated.Values.ShouldAllBe(value => value >= 0 && value <= 1);
        foreach (var metric in new[] { "ece", "log_loss", "brier" })
        {
            Metrics.Find(metric).Compute(fresh, calibrated).ShouldBeLessThan(Metrics.Find(metric).Compute(fresh, q));
        }
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Beta)]
    [InlineData(CalibrationMethod.Temperature)]
    public void Smooth_ways_keep_the_order_of_rows(CalibrationMethod method)
    {
        var (y, p) = SimulatedProbabilities.Binary(2_000, sharpness: 4, shift: 1, seed: 6);
        var area = Metrics.Find("roc_auc");
        area.Compute(y, Calibrator.Fit(method, y, p).Apply(p)).ShouldBe(area.Compute(y, p), 1e-12);
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Beta)]
    [InlineData(CalibrationMethod.Temperature)]
    [InlineData(CalibrationMethod.Isotonic)]
    public void Probabilities_of_0_and_1_and_classes_apart_stay_finite(CalibrationMethod method)
    {
        double[] values = [1, 0, 1, 0, 0.75, 0.25, 0, 1, 0.25, 0.75, 0, 1];
        var calibrated = Calibrator.Fit(method, Target.Classification([0, 0, 0, 1, 1, 1], ["n", "y"]), new Predictions(TaskKind.Binary, 2, values)).Apply(new Predictions(TaskKind.Binary, 2, values));
        calibrated.Values.ShouldAllBe(value => value >= 0 && value <= 1);
        calibrated.Labels().ShouldBe([0, 0, 0, 1, 1, 1]);
    }

    [Fact]
    public void A_model_that_says_the_contrary_is_not_turned_round()
    {
        var (y, p) = SimulatedProbabilities.Binary(500, sharpness: -1, shift: 0, seed: 7);
        var map = (PlattMap)((OneVsRestCalibrator)Calibrator.Fit(CalibrationMethod.Platt, y, p)).Maps[0];
        map.Slope.ShouldBe(0);
        map.Map(0.2, 0.8).ShouldBe(y.Labels.Average(), 0.01);
    }

    [Fact]
    public void Other_predictions_are_refused()
    {
        var (y, p) = SimulatedProbabilities.Multiclass(100, 1, 1);
        var calibrator = Calibrator.Fit(CalibrationMethod.Platt, y, p);
        Should.Throw<ArgumentException>(() => calibrator.Apply(new Predictions(TaskKind.Binary, 2, [0.5, 0.5])));
        Should.Throw<ArgumentException>(() => Calibrator.Fit(CalibrationMethod.Platt, Target.Regression([1]), new Predictions(TaskKind.Regression, 1, [1])));
        Should.Throw<ArgumentException>(() => new IsotonicMap([0.2, 0.1], [0, 1]));
    }
}
