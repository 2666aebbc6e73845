using System.Globalization;
using System.Text.RegularExpressions;
using Roux.Server.Components.Charts;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Charts;

/// <summary>Surfaces through scattered points, and their bands.</summary>
public sealed partial class ContourTests
{
    [Fact]
    public void A_surface_finds_a_slope_under_noise_and_leaves_out_where_there_are_no_points()
    {
        var random = new Random(3);
        double[] x = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble() * 0.5)], y = [.. x.Select(_ => random.NextDouble())];
        double[] z = [.. x.Select((at, i) => (4 * at) + y[i] + (0.2 * (random.NextDouble() - 0.5)))];
        var surface = new SmoothSurface(x, y, z);
        surface.At(0.25, 0.5).ShouldBe(1.5, 0.15);
        surface.At(0.1, 0.2).ShouldBe(0.6, 0.2);
        double.IsNaN(surface.At(0.98, 0.5)).ShouldBeTrue();
    }

    [Fact]
    public void Noise_alone_gets_a_wide_kernel_and_a_sharp_slope_a_narrow_one()
    {
        var random = new Random(4);
        double[] x = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())], y = [.. x.Select(_ => random.NextDouble())];
        var noise = new SmoothSurface(x, y, [.. x.Select(_ => random.NextDouble())]);
        var slope = new SmoothSurface(x, y, [.. x.Select((at, i) => Math.Sin(12 * at) + Math.Cos(9 * y[i]))]);
        noise.Width.ShouldBeGreaterThan(2 * slope.Width);
    }

    [Fact]
    public void Texts_do_not_lend_each_other_their_values()
    {
        var axis = PlotAxis.OfTexts("booster", ["linear", "tree"]);
        var surface = new SmoothSurface([axis.UnitOf(0), axis.UnitOf(0), axis.UnitOf(1)], [0.4, 0.6, 0.5], [1, 1, 9], xIsTexts: true);
        surface.At(axis.UnitOf(0), 0.5).ShouldBe(1, 1e-6);
        surface.At(axis.UnitOf(1), 0.5).ShouldBe(9, 1e-6);
    }

    [Fact]
    public void Bands_cover_a_plane_in_equal_shares_without_overlap()
    {
        var axis = new PlotAxis("x", 0, 1);
        double[] x = [.. Enumerable.Range(0, 900).Select(i => (i % 30) / 29.0)], y = [.. Enumerable.Range(0, 900).Select(i => (i / 30) / 29.0)];
        var drawn = ContourDrawing.Of(new SmoothSurface(x, y, x), axis, axis, axis.Over(0, 100), axis.Over(100, 0));
        var areas = drawn.Paths.Select(Area).ToArray();
        areas.Sum().ShouldBe(10_000, 20);
        areas[1..^1].ShouldAllBe(area => area > 600 && area < 1_400);
    }

    [Fact]
    public void A_flat_surface_and_no_points_at_all_are_drawn_too()
    {
        var axis = new PlotAxis("x", 0, 1);
        ContourDrawing.Of(new SmoothSurface([0.5, 0.6], [0.5, 0.4], [2, 2]), axis, axis, axis.Over(0, 100), axis.Over(100, 0)).Paths.Count(path => path.Length > 0).ShouldBe(1);
        ContourDrawing.Of(new SmoothSurface([], [], []), axis, axis, axis.Over(0, 100), axis.Over(100, 0)).Paths.ShouldAllBe(path => path.Length == 0);
    }

    // The area within the polygons of a path, by the shoelace formula.
    private static double Area(string path) => path.Split('Z', StringSplitOptions.RemoveEmptyEntries).Sum(polygon =>
    {
        var points = Numbers().Matches(polygon).Select(found => double.Parse(found.Value, CultureInfo.InvariantCulture)).Chunk(2).ToArray();
        return Math.Abs(points.Select((point, i) => (point[0] * points[(i + 1) % points.Length][1]) - (points[(i + 1) % points.Length][0] * point[1])).Sum()) / 2;
    });

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Numbers();
}
