using CsCheck;
using Roux.Cli.Printing;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Printing;

public class PrintingTests
{
    [Theory]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u001b]0;title\u0007name", "name")]
    [InlineData("\u001b]8;;http://x.org\u001b\\link\u001b]8;;\u001b\\", "link")]
    [InlineData("a\u001bc\u0007b", "a\ufffdb")]
    [InlineData("a\u202eb", "a\ufffdb")]
    [InlineData("one\r\ntwo\tthree", "one two three")]
    [InlineData("<b>é 日本</b>", "<b>é 日本</b>")]
    public void Text_is_made_safe_to_print(string text, string expected) => Terminal.OneLine(text).ShouldBe(expected);

    [Fact]
    public void Nothing_that_steers_a_terminal_is_left_of_any_text() =>
        Gen.String[Gen.OneOf(Gen.Char, Gen.Char["\u001b[]\u0007m;\u009b\n"]), 0, 40]
            .Sample(text => Terminal.OneLine(text).Any(c => char.IsControl(c)).ShouldBeFalse(), iter: 2000);

    [Fact]
    public void Tables_keep_to_the_width_and_cut_the_widest_column()
    {
        var table = new TextTable(30).Column("id").Column("name", least: 8).Column("value", right: true);
        table.Row("1", "a name that is far too long for this", "0.5").Row("22", "日本語の名前はとても長いです", "10");
        var lines = table.ToString().Split('\n');
        lines.ShouldBe(["id  name                 value", "1   a name that is far…    0.5", "22  日本語の名前はとて…     10"]);
        lines.ShouldAllBe(l => TextTable.WidthOf(l) <= 30);
    }

    [Fact]
    public void Times_sizes_and_numbers_read_well()
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        HumanText.Ago(now.AddSeconds(-2), now).ShouldBe("just now");
        HumanText.Ago(now.AddSeconds(-42), now).ShouldBe("42 s ago");
        HumanText.Ago(now.AddSeconds(-239), now).ShouldBe("3 min ago");
        HumanText.Ago(now.AddHours(-23.9), now).ShouldBe("23 h ago");
        HumanText.Ago(now.AddDays(-29), now).ShouldBe("29 d ago");
        HumanText.Ago(now.AddDays(-60), now).ShouldBe("2025-12-31");
        HumanText.Span(TimeSpan.FromMilliseconds(340)).ShouldBe("340 ms");
        HumanText.Span(TimeSpan.FromSeconds(4.24)).ShouldBe("4.2 s");
        HumanText.Span(TimeSpan.FromSeconds(200)).ShouldBe("3 min 20 s");
        HumanText.Span(TimeSpan.FromMinutes(125)).ShouldBe("2 h 5 min");
        HumanText.Bytes(999).ShouldBe("999 B");
        HumanText.Bytes(1500).ShouldBe("1.5 kB");
        HumanText.Number(0.123456789).ShouldBe("0.123457");
        HumanText.Number(double.NaN).ShouldBe("NaN");
    }

    [Fact]
    public void Sparklines_show_the_shape_whatever_the_values()
    {
        Sparkline.Of([0, 1, 2, 3, 4, 5, 6, 7], 8).ShouldBe("▁▂▃▄▅▆▇█");
        Sparkline.Of([1, 1, 1], 8).ShouldBe("▅▅▅");
        Sparkline.Of([1, double.NaN, 2], 8).ShouldBe("▁ █");
        Sparkline.Of([], 8).ShouldBe("");
        Sparkline.Of([.. Enumerable.Range(0, 1000).Select(i => (double)i)], 4).ShouldBe("▁▃▆█");
        Sparkline.Of([double.MaxValue, -double.MaxValue], 8).ShouldBe("█▁");
    }
}
