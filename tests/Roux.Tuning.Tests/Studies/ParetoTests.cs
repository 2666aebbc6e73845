using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Studies;

public sealed class ParetoTests
{
    [Fact]
    public void The_front_agrees_with_its_definition()
    {
        var random = new Random(1);
        double[][] points = [.. Enumerable.Range(0, 300).Select(_ => new[] { random.Next(20), random.Next(20), (double)random.Next(20) })];
        var front = Pareto.Front(points).ToHashSet();
        for (var i = 0; i < points.Length; i++)
        {
            var dominated = false;
            foreach (var other in points)
            {
                dominated |= Enumerable.Range(0, 3).All(k => other[k] <= points[i][k]) && Enumerable.Range(0, 3).Any(k => other[k] < points[i][k]);
            }

            front.Contains(i).ShouldBe(!dominated);
        }
    }

    [Fact]
    public void Hypervolumes_have_their_known_values()
    {
        Pareto.Hypervolume([[0, 0]], [1, 1]).ShouldBe(1);
        Pareto.Hypervolume([[0, 0.5], [0.5, 0]], [1, 1]).ShouldBe(0.75);
        Pareto.Hypervolume([[0, 0.5], [0.5, 0], [0.75, 0.75], [2, -1]], [1, 1]).ShouldBe(0.75);
        Pareto.Hypervolume([[0, 0, 0.5], [0.5, 0.5, 0]], [1, 1, 1]).ShouldBe(0.5 + 0.25 - 0.125, 1e-12);
        Pareto.Hypervolume([], [1, 1]).ShouldBe(0);

        var random = new Random(2);
        double[][] points = [.. Enumerable.Range(0, 12).Select(_ => new[] { random.NextDouble(), random.NextDouble(), random.NextDouble() })];
        var hits = 0;
        for (var i = 0; i < 200_000; i++)
        {
            double[] at = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
            hits += points.Any(point => point[0] <= at[0] && point[1] <= at[1] && point[2] <= at[2]) ? 1 : 0;
        }

        Pareto.Hypervolume(points, [1, 1, 1]).ShouldBe(hits / 200_000.0, 0.006);
    }
}
