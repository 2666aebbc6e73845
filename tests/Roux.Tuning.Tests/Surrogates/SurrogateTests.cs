using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;
using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Surrogates;

public sealed class SurrogateTests
{
    private static readonly SearchSpace Mixed = new(
        new FloatParameter("a", 0, 1), new FloatParameter("b", 0, 1), new IntParameter("c", 1, 7), new CategoricalParameter("d", ["x", "y", "z"]));

    private static (TrainingPoints Points, double[] Y, UnitSpace Space) Data(int count)
    {
        var (space, random) = (new UnitSpace(Mixed), new Rng(4, 4));
        double[][] points = [.. Enumerable.Range(0, count).Select(_ => space.Draw(random))];
        double[] y = [.. points.Select(p => Math.Sin(5 * p[0]) + p[1] * p[1] + 0.3 * p[2] + (p[3] > 0.5 ? 0.5 : 0) + 0.01 * random.Normal())];
        return (new TrainingPoints(points, space.Nominal), y, space);
    }

    [Fact]
    public void The_gradient_of_the_likelihood_agrees_with_finite_differences()
    {
        var (points, y, _) = Data(25);
        var log = new KernelParameters(4).Log;
        for (var i = 0; i < log.Length; i++)
        {
            log[i] += 0.1 * Math.Sin(i);
        }

        var gradient = new double[log.Length];
        GaussianProcess.NegativeLogPosterior(points, y, log, gradient);
        for (var i = 0; i < log.Length; i++)
        {
            double[] up = [.. log], down = [.. log], ignored = new double[log.Length];
            (up[i], down[i]) = (up[i] + 1e-5, down[i] - 1e-5);
            var numeric = (GaussianProcess.NegativeLogPosterior(points, y, up, ignored) - GaussianProcess.NegativeLogPosterior(points, y, down, ignored)) / 2e-5;
            gradient[i].ShouldBe(numeric, 1e-4 * Math.Max(1, Math.Abs(numeric)), $"parameter {i}");
        }
    }

    [Fact]
    public void The_gradients_of_a_prediction_agree_with_finite_differences()
    {
        var (points, y, _) = Data(25);
        var process = GaussianProcess.Condition(points, y, new KernelParameters(4));
        double[] x = [0.31, 0.62, 0.5, 0.5], meanSlope = new double[4], varianceSlope = new double[4];
        var (mean, variance) = process.Predict(x, meanSlope, varianceSlope);
        process.Predict(x).Mean.ShouldBe(mean, 1e-10);
        process.Predict(x).Variance.ShouldBe(variance, 1e-10);
        for (var i = 0; i < 3; i++)
        {
            double[] up = [.. x], down = [.. x];
            (up[i], down[i]) = (up[i] + 1e-5, down[i] - 1e-5);
            meanSlope[i].ShouldBe((process.Predict(up).Mean - process.Predict(down).Mean) / 2e-5, 1e-4);
            varianceSlope[i].ShouldBe((process.Predict(up).Variance - process.Predict(down).Variance) / 2e-5, 1e-4);
        }
    }

    [Fact]
    public void A_fitted_process_predicts_rows_it_has_not_seen()
    {
        var (points, y, space) = Data(60);
        var fitted = GaussianProcess.Fit(points, y, new KernelParameters(4), 60);
        double[] ignored = new double[fitted.Log.Length];
        GaussianProcess.NegativeLogPosterior(points, y, fitted.Log, ignored).ShouldBeLessThan(GaussianProcess.NegativeLogPosterior(points, y, new KernelParameters(4).Log, ignored));
        var process = GaussianProcess.Condition(points, y, fitted);
        var random = new Rng(8, 8);
        var errors = Enumerable.Range(0, 200).Select(_ => space.Draw(random)).Average(p =>
            Math.Abs(process.Predict(p).Mean - (Math.Sin(5 * p[0]) + p[1] * p[1] + 0.3 * p[2] + (p[3] > 0.5 ? 0.5 : 0))));
        errors.ShouldBeLessThan(0.08);
    }

    [Fact]
    public void Expected_improvement_agrees_with_simulation()
    {
        var (points, y, space) = Data(20);
        var process = GaussianProcess.Condition(points, y, new KernelParameters(4));
        var acquisition = new Improvement(process, y.Min());
        var random = new Rng(6, 6);
        var compared = 0;
        while (compared < 10)
        {
            var x = space.Draw(random);
            var (mean, variance) = process.Predict(x);
            var simulated = Enumerable.Range(0, 100_000).Average(_ => Math.Max(0, y.Min() - mean - Math.Sqrt(variance) * random.Normal()));
            if (simulated > 1e-3)
            {
                (Math.Exp(acquisition.At(x)) / simulated).ShouldBe(1, 0.1);
                compared++;
            }
        }
    }

    [Fact]
    public void A_Parzen_estimator_integrates_to_one()
    {
        var space = new UnitSpace(new SearchSpace(new FloatParameter("a", 0, 1), new IntParameter("c", 1, 5), new CategoricalParameter("d", ["x", "y", "z"])));
        var random = new Rng(2, 2);
        double[][] centres = [.. Enumerable.Range(0, 9).Select(_ => space.Draw(random))];
        var estimator = new ParzenEstimator(space, centres, [.. Enumerable.Range(1, 9).Select(k => k / 3.0)]);
        var sum = 0.0;
        const int cells = 4_000;
        for (var i = 0; i < cells; i++)
        {
            for (var c = 0; c < 5; c++)
            {
                for (var d = 0; d < 3; d++)
                {
                    sum += Math.Exp(estimator.LogDensity([(i + 0.5) / cells, (c + 0.5) / 5, (d + 0.5) / 3])) / cells;
                }
            }
        }

        sum.ShouldBe(1, 1e-4);
        var drawn = Enumerable.Range(0, 20_000).Count(_ => estimator.Draw(random)[2] < 1.0 / 3) / 20_000.0;
        var expected = Enumerable.Range(0, cells).Sum(i => Enumerable.Range(0, 5).Sum(c => Math.Exp(estimator.LogDensity([(i + 0.5) / cells, (c + 0.5) / 5, 0.5 / 3])) / cells));
        drawn.ShouldBe(expected, 0.02);
    }

    [Fact]
    public void A_Parzen_estimator_of_a_conditional_space_integrates_to_one_over_what_is_active()
    {
        var space = new UnitSpace(new SearchSpace(new CategoricalParameter("kind", ["x", "y"]), new FloatParameter("a", 0, 1) { When = new Dictionary<string, IReadOnlyList<string>> { ["kind"] = ["x"] } }));
        var random = new Rng(3, 2);
        double[][] centres = [.. Enumerable.Range(0, 9).Select(_ => space.Draw(random))];
        var estimator = new ParzenEstimator(space, centres, [.. Enumerable.Repeat(1.0, 9)]);
        const int cells = 4_000;
        var active = Enumerable.Range(0, cells).Sum(i => Math.Exp(estimator.LogDensity([0.25, (i + 0.5) / cells])) / cells);
        (active + Math.Exp(estimator.LogDensity([0.75, UnitSpace.Inactive]))).ShouldBe(1, 1e-4);
    }

    [Fact]
    public void The_output_scale_keeps_the_order_and_draws_in_a_long_tail()
    {
        double[] values = [1e6, 3, 2, 1, 5, 1.5, 40, 9];
        var scaled = OutputScale.Apply(values);
        Enumerable.Range(0, 8).OrderBy(i => scaled[i]).ShouldBe(Enumerable.Range(0, 8).OrderBy(i => values[i]));
        scaled.Average().ShouldBe(0, 1e-9);
        scaled.Max().ShouldBeLessThan(3);
        OutputScale.Apply([2, 2, 2]).ShouldAllBe(value => Math.Abs(value) < 1e-6);
    }
}
