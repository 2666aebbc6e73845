using Roux.Server.Components.Lineage;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>The layout of lineages.</summary>
public sealed class LayeredLayoutTests
{
    private static readonly LayoutSize Size = new(100, 40, 50, 10, 8, 5);

    [Fact]
    public void Links_lead_to_the_right_and_nodes_never_overlap()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var nodes = 2 + random.Next(40);
            (int From, int To)[] links = [.. Enumerable.Range(0, nodes * 2).Select(_ => (From: random.Next(nodes), To: random.Next(nodes))).Where(link => link.From < link.To).Distinct()];
            var layout = LayeredLayout.Of(nodes, links, Size);
            foreach (var (from, to) in links)
            {
                layout.Corners[from].X.ShouldBeLessThan(layout.Corners[to].X);
            }

            for (var a = 0; a < nodes; a++)
            {
                layout.Corners[a].Y.ShouldBeInRange(Size.Margin - 0.01, layout.Height - Size.Margin - Size.Height + 0.01);
                for (var b = 0; b < a; b++)
                {
                    (layout.Corners[a].X == layout.Corners[b].X && Math.Abs(layout.Corners[a].Y - layout.Corners[b].Y) < Size.Height + Size.RowGap - 0.01).ShouldBeFalse($"{a} and {b} overlap, seed {seed}");
                }
            }
        }
    }

    [Fact]
    public void A_crossing_that_need_not_be_is_not_there()
    {
        var layout = LayeredLayout.Of(4, [(0, 3), (1, 2)], Size);
        (layout.Corners[0].Y < layout.Corners[1].Y).ShouldBe(layout.Corners[3].Y < layout.Corners[2].Y);
    }

    [Fact]
    public void A_link_past_a_column_goes_around_the_nodes_in_it()
    {
        var layout = LayeredLayout.Of(3, [(0, 1), (1, 2), (0, 2)], Size);
        var lane = layout.Lines[2].Where(point => point.X >= layout.Corners[1].X && point.X <= layout.Corners[1].X + Size.Width).ToList();
        lane.Count.ShouldBe(2);
        lane.ShouldAllBe(point => point.Y < layout.Corners[1].Y || point.Y > layout.Corners[1].Y + Size.Height);
    }

    [Fact]
    public void Circles_and_links_to_oneself_do_no_harm()
    {
        var layout = LayeredLayout.Of(3, [(0, 1), (1, 2), (2, 0), (1, 1)], Size);
        layout.Corners.Select(corner => corner.X).Distinct().Count().ShouldBe(3);
        layout.Lines[2][0].X.ShouldBeGreaterThan(layout.Lines[2][^1].X);
        LayeredLayout.Of(0, [], Size).Corners.ShouldBeEmpty();
    }
}
