using Roux.Tuning.Numerics;
using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Numerics;

public sealed class NumericsTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746068542949)]
    [InlineData(-1.959963984540054, 0.025)]
    [InlineData(-5, 2.866515718791939e-7)]
    [InlineData(-10, 7.619853024160525e-24)]
    [InlineData(3, 0.998650101968369905)]
    public void The_normal_distribution_has_its_known_values(double z, double probability)
    {
        (NormalDistribution.Cumulative(z) / probability).ShouldBe(1, 1e-12);
        NormalDistribution.Quantile(probability).ShouldBe(z, 1e-9);
    }

    [Fact]
    public void Log_improvement_agrees_with_the_plain_form_and_with_its_asymptote()
    {
        for (var z = -4.9; z < 6; z += 0.37)
        {
            var plain = NormalDistribution.Density(z) + z * NormalDistribution.Cumulative(z);
            NormalDistribution.LogImprovement(z).Value.ShouldBe(Math.Log(plain), 1e-9 * Math.Max(1, Math.Abs(Math.Log(plain))));
        }

        // h(z) → φ(z) / z² (1 - 3/z² + 15/z⁴ …)
        foreach (var z in (double[])[-20, -50, -300])
        {
            var w = z * z;
            NormalDistribution.LogImprovement(z).Value.ShouldBe(NormalDistribution.LogDensity(z) - Math.Log(w) + Math.Log(1 - 3 / w + 15 / (w * w)), 1e-5);
        }

        // No jump where one form takes over from the other, and the slope is that of the value.
        NormalDistribution.LogImprovement(-5.0000001).Value.ShouldBe(NormalDistribution.LogImprovement(-4.9999999).Value, 2e-6);
        foreach (var z in (double[])[-12, -5.5, -2, 0.3, 3])
        {
            var numeric = (NormalDistribution.LogImprovement(z + 1e-5).Value - NormalDistribution.LogImprovement(z - 1e-5).Value) / 2e-5;
            NormalDistribution.LogImprovement(z).Slope.ShouldBe(numeric, 1e-4 * Math.Max(1, numeric));
        }
    }

    [Fact]
    public void A_Cholesky_factor_solves_and_inverts()
    {
        var random = new Rng(1, 1);
        const int n = 17;
        var a = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                a[i * n + j] = a[j * n + i] = random.Normal() * 0.2 + (i == j ? 3 : 0);
            }
        }

        var factor = Cholesky.Factor((double[])a.Clone(), n)!;
        var inverse = factor.Inverse();
        for (var i = 0; i < n; i++)
        {
            var column = new double[n];
            column[i] = 1;
            factor.Solve(column);
            for (var j = 0; j < n; j++)
            {
                column[j].ShouldBe(inverse[j * n + i], 1e-12);
                Enumerable.Range(0, n).Sum(k => a[i * n + k] * inverse[k * n + j]).ShouldBe(i == j ? 1 : 0, 1e-12);
            }
        }

        Cholesky.Factor([1, 0, 2, 1], 2).ShouldBeNull();
    }

    [Fact]
    public void Lbfgs_finds_the_bottom_of_a_valley_and_stops_at_the_edge_of_the_box()
    {
        static double Rosenbrock(ReadOnlySpan<double> x, Span<double> gradient)
        {
            var part = x[1] - x[0] * x[0];
            gradient[0] = -400 * x[0] * part - 2 * (1 - x[0]);
            gradient[1] = 200 * part;
            return 100 * part * part + (1 - x[0]) * (1 - x[0]);
        }

        double[] x = [-1.2, 1];
        Lbfgs.Minimize(Rosenbrock, x, [-5, -5], [5, 5], 400, 1e-14).ShouldBeLessThan(1e-8);
        double[] bounded = [-1.2, 1];
        Lbfgs.Minimize(Rosenbrock, bounded, [-5, -5], [0.5, 5], 400, 1e-14).ShouldBe(0.25, 1e-6);
        bounded[0].ShouldBe(0.5);
    }

    [Fact]
    public void A_Sobol_sequence_is_a_net_in_base_2()
    {
        var sequence = new SobolSequence(30, new Rng(5, 0));
        double[][] points = [.. Enumerable.Range(0, 256).Select(i => sequence.Point((uint)i))];
        for (var dimension = 0; dimension < 30; dimension++)
        {
            points.Select(point => (int)(point[dimension] * 256)).Distinct().Count().ShouldBe(256, $"dimension {dimension}");
        }

        // The first two dimensions are a (0, 8, 2)-net: one point in every elementary box of 1/256.
        for (var k = 0; k <= 8; k++)
        {
            points.Select(point => ((int)(point[0] * (1 << k)), (int)(point[1] * (1 << (8 - k))))).Distinct().Count().ShouldBe(256);
        }

        new SobolSequence(3, new Rng(5, 0)).Point(77).ShouldBe(new SobolSequence(3, new Rng(5, 0)).Point(77));
    }

    [Fact]
    public void Random_numbers_are_uniform_and_normal()
    {
        var random = new Rng(3, 9);
        double[] uniform = [.. Enumerable.Range(0, 20_000).Select(_ => random.Unit()).Order()];
        uniform.Select((value, i) => Math.Abs(value - (i + 0.5) / uniform.Length)).Max().ShouldBeLessThan(0.014); // Kolmogorov-Smirnov at 1 in 1,000: 0.0138
        double[] normal = [.. Enumerable.Range(0, 20_000).Select(_ => NormalDistribution.Cumulative(random.Normal())).Order()];
        normal.Select((value, i) => Math.Abs(value - (i + 0.5) / normal.Length)).Max().ShouldBeLessThan(0.014);
        new Rng(3, 9).Bits().ShouldNotBe(new Rng(3, 10).Bits());
    }
}
