using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;
using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Surrogates;

public sealed class AcquisitionTests
{
    private static readonly UnitSpace Square = new(new SearchSpace(new FloatParameter("a", 0, 1), new FloatParameter("b", 0, 1)));

    public static TheoryData<string> Kinds => ["LogExpectedImprovement", "UpperConfidenceBound", "ProbabilityOfImprovement", "NoisyExpectedImprovement", "hypervolume 2", "hypervolume 3"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_agree_with_finite_differences(string kind)
    {
        var acquisition = Of(kind);
        var random = new Rng(9, 1);
        for (var trial = 0; trial < 20; trial++)
        {
            double[] x = [0.05 + 0.9 * random.Unit(), 0.05 + 0.9 * random.Unit()], gradient = new double[2];
            acquisition.At(x, gradient).ShouldBe(acquisition.At(x), 1e-9 * Math.Max(1, Math.Abs(acquisition.At(x))));
            for (var i = 0; i < 2; i++)
            {
                double[] up = [.. x], down = [.. x];
                (up[i], down[i]) = (up[i] + 1e-6, down[i] - 1e-6);
                var numeric = (acquisition.At(up) - acquisition.At(down)) / 2e-6;
                gradient[i].ShouldBe(numeric, 2e-3 * Math.Max(1, Math.Abs(numeric)), $"{kind}, dimension {i} at {x[0]}, {x[1]}");
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Expected_hypervolume_improvement_agrees_with_simulation(int objectives)
    {
        var processes = Processes(objectives);
        var front = Front(objectives, 7);
        double[] reference = [.. Enumerable.Repeat(1.2, objectives)];
        var acquisition = new HypervolumeImprovement(processes, front, reference);
        var random = new Rng(5, 5);
        var known = Pareto.Hypervolume(front, reference);
        for (var compared = 0; compared < 4;)
        {
            double[] x = [random.Unit(), random.Unit()];
            var predicted = processes.Select(process => process.Predict(x)).ToArray();
            const int draws = 20_000;
            var simulated = 0.0;
            for (var draw = 0; draw < draws; draw++)
            {
                double[] value = [.. predicted.Select(pair => pair.Mean + Math.Sqrt(pair.Variance) * random.Normal())];
                simulated += (Pareto.Hypervolume([.. front, value], reference) - known) / draws;
            }

            if (simulated > 0.01)
            {
                (Math.Exp(acquisition.At(x)) / simulated).ShouldBe(1, 0.08);
                compared++;
            }
        }
    }

    [Fact]
    public void The_probability_of_improvement_agrees_with_its_definition()
    {
        var process = Processes(1)[0];
        double[] x = [0.3, 0.8];
        var (mean, variance) = process.Predict(x);
        Math.Exp(new ImprovementProbability(process, 0.2).At(x)).ShouldBe(NormalDistribution.Cumulative((0.2 - 0.01 - mean) / Math.Sqrt(variance)), 1e-12);
        new ConfidenceBound(process).At(x).ShouldBe(2 * Math.Sqrt(variance) - mean, 1e-12);
    }

    [Fact]
    public void Noisy_improvement_is_expected_improvement_where_there_is_no_noise()
    {
        var (points, y) = Data(0, noise: 0);
        var parameters = new KernelParameters(2);
        parameters.Log[^1] = Math.Log(1e-7);
        var process = GaussianProcess.Condition(points, y, parameters);
        var (sharp, noisy) = (new Improvement(process, y.Min()), new NoisyImprovement(process, new Rng(1, 1)));
        double[] x = [0.45, 0.15];
        noisy.At(x).ShouldBe(sharp.At(x), 0.05);
    }

    [Fact]
    public void A_point_far_below_the_tails_still_has_a_finite_value_and_slope()
    {
        var acquisition = new HypervolumeImprovement(Processes(2), [[-30, -30]], [1.2, 1.2]);
        var gradient = new double[2];
        double.IsFinite(acquisition.At([0.5, 0.5], gradient)).ShouldBeTrue();
        gradient.ShouldAllBe(slope => double.IsFinite(slope));
    }

    [Fact]
    public void The_volume_that_each_point_adds_is_known()
    {
        // Scaled to [0, 1] with the bound at 1.1: (0, 1), (0.5, 0.5), (1, 0) add 0.5 x 0.1, 0.5 x 0.5 and 0.1 x 0.5; the last is dominated.
        var added = Pareto.Contributions([[0, 2], [5, 1], [10, 0], [10, 2]]);
        added.Zip([0.05, 0.25, 0.05, 0.0]).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-12);
    }

    private static Acquisition Of(string kind)
    {
        if (kind.StartsWith("hypervolume", StringComparison.Ordinal))
        {
            var objectives = kind[^1] - '0';
            return new HypervolumeImprovement(Processes(objectives), Front(objectives, 6), [.. Enumerable.Repeat(1.2, objectives)]);
        }

        var (points, y) = Data(0, noise: 0.2);
        var parameters = new KernelParameters(2);
        parameters.Log[^1] = Math.Log(0.05);
        return Acquisition.Of(Enum.Parse<AcquisitionFunction>(kind), GaussianProcess.Condition(points, y, parameters), y.Min(), new Rng(3, 3));
    }

    private static GaussianProcess[] Processes(int objectives) => [.. Enumerable.Range(0, objectives).Select(j =>
    {
        var (points, y) = Data(j, noise: 0.05);
        return GaussianProcess.Condition(points, y, new KernelParameters(2));
    })];

    private static (TrainingPoints Points, double[] Y) Data(int objective, double noise)
    {
        var random = new Rng(4, objective);
        double[][] points = [.. Enumerable.Range(0, 12).Select(_ => Square.Draw(random))];
        return (new TrainingPoints(points, Square.Nominal), [.. points.Select(p => Math.Sin((4 + objective) * p[0]) * Math.Cos(3 * p[1] - objective) + noise * random.Normal())]);
    }

    /// <summary>Points that do not dominate each other.</summary>
    private static List<double[]> Front(int objectives, int count)
    {
        var random = new Rng(7, objectives);
        double[][] points = [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, objectives).Select(_ => 1.5 * random.Unit() - 0.5).ToArray())];
        return [.. Pareto.Front(points).Take(count).Select(index => points[index])];
    }
}
