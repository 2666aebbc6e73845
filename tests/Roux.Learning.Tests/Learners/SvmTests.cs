using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Kernels;
using Roux.Learning.Learners.Linear;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Learners;

public class SvmTests
{
    private static readonly FitContext Context = new(5);

    [Theory, InlineData(true, false), InlineData(false, false), InlineData(true, true), InlineData(false, true)]
    public void Dual_coordinate_descent_reaches_the_optimum(bool squared, bool sparse)
    {
        var data = Samples.Clouds(120, 4, 2, 3, 0.8);
        var x = sparse ? Samples.ToSparse(data.X) : data.X;
        bool[] positive = [.. data.Y.Labels.Select(label => label == 1)];
        double[] costs = [.. Enumerable.Range(0, 120).Select(row => 0.3 + row % 3)];
        var w = DualCoordinateDescent.Train(x, positive, costs, squared, 1e-9, 100_000, SplitMix64.For(1, 1), TestContext.Current.CancellationToken);
        var best = Objective(w);
        // No step in any direction makes the convex objective smaller.
        for (var seed = 0; seed < 200; seed++)
        {
            var step = Samples.Normal(5, seed);
            foreach (var size in new[] { 1e-2, 1e-3, 1e-4 })
            {
                Objective([.. w.Select((value, j) => value + size * step[j])]).ShouldBeGreaterThanOrEqualTo(best - 1e-7);
            }
        }

        double Objective(double[] at)
        {
            var value = 0.5 * at.Sum(part => part * part);
            for (var row = 0; row < 120; row++)
            {
                var score = at[4] + Enumerable.Range(0, 4).Sum(j => at[j] * data.X.Dense![row * 4 + j]);
                var hinge = Math.Max(0, 1 - (positive[row] ? score : -score));
                value += costs[row] * (squared ? hinge * hinge : hinge);
            }

            return value;
        }
    }

    [Fact]
    public void Two_rows_have_the_widest_margin_between_them()
    {
        // Rows at -1 and 1: w = 1, b = 0 puts both on the margin.
        var w = DualCoordinateDescent.Train(Samples.Dense([-1f], [1f]), [false, true], [1e6, 1e6], squared: false, 1e-12, 10_000, SplitMix64.For(1, 1), TestContext.Current.CancellationToken);
        w[0].ShouldBe(1, 1e-6);
        w[1].ShouldBe(0, 1e-6);
    }

    [Fact]
    public void Calibration_is_close_to_the_truth_and_keeps_the_order()
    {
        var (train, test) = (Samples.Clouds(1500, 3, 2, 1, 0.8), Samples.Clouds(3000, 3, 2, 2, 0.8));
        var p = new LinearSvmLearner().Fit(train, Configuration.Empty, Context).Predict(test.X);
        // Two normal clouds at distance 1.6: the true log odds are -1.6 x0.
        for (var row = 0; row < 3000; row += 10)
        {
            p.Row(row)[1].ShouldBe(1 / (1 + Math.Exp(1.6 * test.X.Dense![row * 3])), 0.1);
        }

        var many = new LinearSvmLearner().Fit(Samples.Clouds(600, 3, 5, 1, 3), Configuration.Empty, Context);
        Samples.Accuracy(many, Samples.Clouds(600, 3, 5, 2, 3)).ShouldBeGreaterThan(0.85);
    }

    [Fact]
    public void Sequential_minimal_optimisation_meets_the_conditions_of_the_optimum()
    {
        var data = Samples.Clouds(150, 3, 2, 3, 0.8);
        var lengths = RbfKernel.Lengths(data.X);
        var kernel = new float[150 * 150];
        var full = new double[3];
        for (var row = 0; row < 150; row++)
        {
            RbfKernel.Fill(data.X, row, full);
            RbfKernel.Row(full, lengths[row], data.X, lengths, 0.4, kernel.AsSpan(row * 150, 150));
        }

        sbyte[] signs = [.. data.Y.Labels.Select(label => (sbyte)(2 * label - 1))];
        double[] costs = [.. Enumerable.Range(0, 150).Select(row => row == 9 ? 0 : 0.5 + row % 3)];
        var (coefficients, intercept) = SequentialMinimalOptimisation.Train(kernel, signs, costs, 1e-6, TestContext.Current.CancellationToken);
        coefficients.Sum().ShouldBe(0, 1e-9);
        coefficients[9].ShouldBe(0);
        for (var row = 0; row < 150; row++)
        {
            var alpha = signs[row] * coefficients[row];
            var margin = signs[row] * (intercept + Enumerable.Range(0, 150).Sum(other => coefficients[other] * kernel[row * 150 + other]));
            alpha.ShouldBeInRange(0, costs[row]);
            if (row != 9 && alpha == 0)
            {
                margin.ShouldBeGreaterThan(1 - 1e-4);
            }
            else if (row != 9 && alpha < costs[row])
            {
                margin.ShouldBe(1, 1e-4);
            }
            else if (row != 9)
            {
                margin.ShouldBeLessThan(1 + 1e-4);
            }
        }
    }

    [Fact]
    public void A_kernel_bends_the_boundary()
    {
        TrainingSet Ring(int seed)
        {
            var x = FeatureMatrix.FromDense(400, Samples.Features(2), Samples.Normal(800, seed));
            int[] labels = [.. Enumerable.Range(0, 400).Select(row => (x.Dense![2 * row] * x.Dense[2 * row]) + (x.Dense[2 * row + 1] * x.Dense[2 * row + 1]) < 1.4 ? 1 : 0)];
            return new TrainingSet(x, Target.Classification(labels, ["out", "in"]));
        }

        Samples.Accuracy(new RbfSvmLearner().Fit(Ring(1), Configuration.Of(("C", 10.0)), Context), Ring(2)).ShouldBeGreaterThan(0.95);
        Samples.Accuracy(new LinearSvmLearner().Fit(Ring(1), Configuration.Empty, Context), Ring(2)).ShouldBeLessThan(0.7);
        new RbfSvmLearner().Unsuitable(TaskKind.Binary, 6000, 10).ShouldNotBeNull().ShouldContain("6000");
    }

    [Fact]
    public void Platt_recovers_a_sigmoid_and_temperature_a_factor()
    {
        var random = SplitMix64.For(3, 3);
        var margins = new double[20_000];
        var labels = new int[20_000];
        for (var i = 0; i < margins.Length; i++)
        {
            margins[i] = 2 * random.NextNormal();
            labels[i] = random.NextDouble() < Probabilities.Logistic(1.5 * margins[i] - 0.5).One ? 1 : 0;
        }

        double[] ones = [.. Enumerable.Repeat(1.0, 20_000)];
        var (scale, shift) = MarginCalibration.Platt(margins, labels, ones);
        scale.ShouldBe(1.5, 0.06);
        shift.ShouldBe(-0.5, 0.06);
        var scores = margins.SelectMany(margin => new[] { 0, margin, -margin }).ToArray();
        for (var i = 0; i < labels.Length; i++)
        {
            double[] p = [0, 3 * margins[i], -3 * margins[i]];
            Probabilities.Softmax(p);
            var draw = random.NextDouble();
            labels[i] = draw < p[0] ? 0 : draw < p[0] + p[1] ? 1 : 2;
        }

        MarginCalibration.Temperature(scores, labels, ones, 3).ShouldBe(3, 0.1);
    }
}
