using CsCheck;
using Roux.Learning.Reports;
using Roux.Learning.Reports.Charts;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Reports;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1999, "1999")]
    [InlineData(12345, "12,345")]
    [InlineData(-0.5, "−0.5")]
    [InlineData(3.14159265, "3.142")]
    [InlineData(0.000123456, "0.0001235")]
    [InlineData(0.0000123456, "1.235e−5")]
    [InlineData(12345.678, "12,346")]
    [InlineData(1234.5678, "1235")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public void Values_have_four_digits(double value, string expected) => Figures.Value(value).ShouldBe(expected);

    [Theory]
    [InlineData(0, "0%")]
    [InlineData(0.0004, "<0.1%")]
    [InlineData(0.0123, "1.2%")]
    [InlineData(0.456, "46%")]
    [InlineData(0.9999, ">99.9%")]
    [InlineData(1, "100%")]
    public void Shares_are_not_rounded_to_nothing_or_all(double share, string expected) => Figures.Percent(share).ShouldBe(expected);

    [Theory]
    [InlineData(0.0000123, "12 µs")]
    [InlineData(0.00042, "420 µs")]
    [InlineData(0.0042, "4.2 ms")]
    [InlineData(0.42, "0.42 s")]
    [InlineData(42.04, "42.0 s")]
    [InlineData(60, "60 s")]
    [InlineData(125, "2 min 5 s")]
    [InlineData(7500, "2 h 5 min")]
    public void Times_are_in_the_unit_that_suits_them(double seconds, string expected) => Figures.Seconds(seconds).ShouldBe(expected);

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(1234, "1.2 kB")]
    [InlineData(999_999, "1.0 MB")]
    [InlineData(31_415_926, "31 MB")]
    public void Sizes_are_in_decimal_units(double bytes, string expected) => Figures.Bytes(bytes).ShouldBe(expected);

    [Fact]
    public void Text_is_not_cut_in_the_middle_of_a_pair()
    {
        Figures.Cut("abcdef", 6).ShouldBe("abcdef");
        Figures.Cut("abcdefg", 6).ShouldBe("abcde…");
        Figures.Cut("abcd😀fg", 6).ShouldBe("abcd…");
    }

    [Fact]
    public void Scores_have_two_digits_of_their_uncertainty()
    {
        new ScoreFormat([0.0123, 0.02], [0.9]).Of(0.912345).ShouldBe("0.912");
        new ScoreFormat([0.0021, 0.003], [0.9]).Of(0.912345).ShouldBe("0.9123");
        new ScoreFormat([12.0], [534.9]).Of(534.94).ShouldBe("535");
        new ScoreFormat([double.NaN], [0.5]).Of(0.5).ShouldBe("0.500");
        new ScoreFormat([], []).Of(double.NaN).ShouldBe("–");
        new ScoreFormat([0.01], [0.5]).Difference(-0.0304).ShouldBe("−0.030");
    }

    [Fact]
    public void Ticks_are_round_rising_and_on_the_axis() =>
        Gen.Select(Gen.Double[-1e12, 1e12], Gen.Double[-9, 12]).Sample((low, size) =>
        {
            var axis = Axis.Over([low, low + Math.Pow(10, size)], 0, 100);
            var ticks = axis.Ticks();
            ticks.Count.ShouldBeLessThanOrEqualTo(20);
            var slack = (axis.High - axis.Low) * 1e-6;
            ticks.ShouldAllBe(tick => tick >= axis.Low - slack && tick <= axis.High + slack);
            ticks.Zip(ticks.Skip(1)).ShouldAllBe(pair => pair.First < pair.Second);
        });

    [Fact]
    public void An_axis_survives_any_numbers() =>
        Gen.Double.Array[0, 6].Sample(values =>
        {
            var axis = Axis.Over(values, 10, 20);
            axis.High.ShouldBeGreaterThan(axis.Low);
            foreach (var value in values.Where(double.IsFinite))
            {
                axis.At(value).ShouldBeInRange(10, 20);
            }

            axis.Ticks();
        });

    [Fact]
    public void A_simplified_line_stays_near_every_point()
    {
        var x = Enumerable.Range(0, 5000).Select(i => i / 5000.0).ToArray();
        var y = x.Select(v => Math.Sqrt(v)).ToArray();
        var (xs, ys) = Polyline.Simplify(x, y);
        xs.Length.ShouldBeInRange(5, 200);
        xs[0].ShouldBe(x[0]);
        xs[^1].ShouldBe(x[^1]);
        for (var i = 0; i < x.Length; i++)
        {
            var after = Array.FindIndex(xs, v => v >= x[i]);
            var before = Math.Max(0, after - 1);
            var at = after == before ? ys[after] : ys[before] + (ys[after] - ys[before]) * (x[i] - xs[before]) / (xs[after] - xs[before]);

            // Vertical distance is at most the distance to the line over the cosine of its slope; the root is steep at 0 only.
            Math.Abs(at - y[i]).ShouldBeLessThan(x[i] < 0.01 ? 0.02 : 0.01);
        }
    }
}
