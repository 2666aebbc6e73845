using Roux.Learning.Evaluation.LearningCurves;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation.LearningCurves;

public sealed class CurveFitterTests
{
    private static readonly double[] Rows = [50, 100, 200, 400, 800, 1600];

    [Theory]
    [InlineData(0.05, 0.1, 0.5)]
    [InlineData(0, 0.2, 0.3)]
    [InlineData(0.2, 0.01, 1.5)]
    [InlineData(0.3, 0, 0.5)]
    public void An_exact_power_law_is_found_again(double a, double b, double c)
    {
        var errors = Array.ConvertAll(Rows, rows => a + b * Math.Pow(rows / 1600, -c));
        var fit = Fitter().Fit(CurveForm.PowerLaw, errors);
        fit.Error(3200).ShouldBe(a + b * Math.Pow(2, -c), 2e-4);
        fit.Error(16000).ShouldBe(a + b * Math.Pow(10, -c), 1e-3);
        if (b > 0)
        {
            fit.Exponent.ShouldBe(c, 0.02);
        }
    }

    [Theory]
    [InlineData(CurveForm.PowerLaw)]
    [InlineData(CurveForm.Exponential)]
    [InlineData(CurveForm.LogPower)]
    [InlineData(CurveForm.LastValue)]
    public void Fits_never_rise_and_never_fall_below_the_floor(CurveForm form)
    {
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            var errors = Array.ConvertAll(Rows, _ => random.NextDouble());
            var fit = Fitter().Fit(form, errors);
            fit.Asymptote.ShouldBeGreaterThanOrEqualTo(0);
            fit.Error(100).ShouldBeGreaterThanOrEqualTo(fit.Error(200) - 1e-12);
            fit.Error(1e7).ShouldBeGreaterThanOrEqualTo(0);
            double.IsFinite(fit.Deviance).ShouldBeTrue();
            if (form == CurveForm.PowerLaw)
            {
                fit.Exponent.ShouldBeInRange(0.049, 2.001);
            }
        }
    }

    [Fact]
    public void Points_of_small_variance_count_for_more()
    {
        double[] errors = [0.9, 0.2, 0.2, 0.2, 0.2, 0.2];
        double[] variances = [1, 1e-6, 1e-6, 1e-6, 1e-6, 1e-6];
        new CurveFitter(Rows, variances, 1600, 0).Fit(CurveForm.PowerLaw, errors).Error(1600).ShouldBe(0.2, 0.002);
    }

    private static CurveFitter Fitter() => new(Rows, [.. Rows.Select(_ => 1e-8)], 1600, 0);
}
