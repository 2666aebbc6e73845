using Roux.Server.Components.Charts;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Charts;

/// <summary>Axes side by side, the lines over them and what is chosen on them.</summary>
public sealed class ParallelCoordinatesTests
{
    private static readonly PlotAxis[] Axes = [new("lr", 1e-4, 1) { IsLog = true }, PlotAxis.OfTexts("booster", ["linear", "tree"]), new("loss", 0, 10)];

    [Fact]
    public void A_line_goes_through_its_values_and_on_behind_an_axis_where_it_has_none()
    {
        var drawn = new ParallelDrawing(Axes, new ChartRoom(504, 214));
        drawn.Path(new ParallelLine("1", "", [1e-2, 1, 10], 1)).ShouldBe("M52 117L252 75.5L452 34");
        drawn.Path(new ParallelLine("2", "", [1e-4, double.NaN, 99], 1)).ShouldBe("M52 200L452 34");
    }

    [Fact]
    public void What_was_dragged_over_is_what_is_chosen()
    {
        var drawn = new ParallelDrawing(Axes, new ChartRoom(504, 214));
        var chosen = drawn.Brush(0, 34, 117)!;
        chosen.Low.ShouldBe(1e-2, 1e-9);
        chosen.High.ShouldBe(1, 1e-9);
        drawn.Brush(0, 90, 92).ShouldBeNull();
        drawn.Brush(7, 0, 90).ShouldBeNull();
        ParallelBrush.Holds([chosen], Axes, new ParallelLine("1", "", [0.5, 0, 1], 1)).ShouldBeTrue();
        ParallelBrush.Holds([chosen], Axes, new ParallelLine("1", "", [1e-3, 0, 1], 1)).ShouldBeFalse();
        ParallelBrush.Holds([chosen], Axes, new ParallelLine("1", "", [double.NaN, 0, 1], 1)).ShouldBeFalse();
    }

    [Fact]
    public void Choices_come_back_out_of_an_address()
    {
        ParallelBrush[] chosen = [new("a~b!c/ü", 0.001, 2), new("loss", -1e9, 3)];
        ParallelBrush.Read(ParallelBrush.Write(chosen)).ShouldBe(chosen);
        ParallelBrush.Write([]).ShouldBeNull();
        ParallelBrush.Read("x~1!~~!y~a~b!").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(new[] { "1", "2", null, "3" }, false, 0)]
    [InlineData(new[] { "0.0001", "0.01", "1" }, true, 0)]
    [InlineData(new[] { "adam", "sgd", "1" }, false, 3)]
    public void Texts_are_numbers_where_all_of_them_are(string?[] texts, bool isLog, int labels)
    {
        var column = PlotColumn.Of("p", texts);
        column.Axis.IsLog.ShouldBe(isLog);
        column.Axis.Labels.Count.ShouldBe(labels);
        column.Values.Count(double.IsFinite).ShouldBe(texts.Count(text => text is not null));
    }

    [Fact]
    public void Very_many_texts_share_a_last_place()
    {
        var column = PlotColumn.Of("p", [.. Enumerable.Range(0, 100).Select(i => $"v{i:000}"), "v001"]);
        column.Axis.Labels.Count.ShouldBe(40);
        column.Axis.Labels[^1].ShouldBe("61 others");
        column.Values.ShouldAllBe(value => value >= 0 && value < 40);
    }
}
