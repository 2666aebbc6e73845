using Roux.Debugging.Findings;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests;

public sealed class EvidencePlotTests
{
    [Fact]
    public void Values_that_are_not_finite_are_null_in_JSON()
    {
        var plot = new EvidencePlot(PlotKind.Line, "loss", "step", "loss", [new PlotSeries("train", [1, 2], [0.5, double.NaN])]);
        var y = plot.ToJson()["series"]![0]!["y"]!.AsArray();
        y[0]!.GetValue<double>().ShouldBe(0.5);
        y[1].ShouldBeNull();
    }
}
