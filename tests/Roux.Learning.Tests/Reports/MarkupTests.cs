using System.Xml.Linq;
using CsCheck;
using Roux.Learning.Reports;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Reports;

public sealed class MarkupTests
{
    [Fact]
    public void Holes_are_escaped_and_literals_are_not() =>
        Markup.Of($"<b title=\"{"\"<'&>"}\">{"<i>"}</b>").ToString().ShouldBe("<b title=\"&quot;&lt;&#39;&amp;&gt;\">&lt;i&gt;</b>");

    [Fact]
    public void Markup_in_holes_is_not_escaped_twice()
    {
        var inner = Markup.Of($"<b>{"&"}</b>");
        Markup.Of($"<p>{inner}{new[] { inner, inner }}</p>").ToString().ShouldBe("<p><b>&amp;</b><b>&amp;</b><b>&amp;</b></p>");
        Markup.Join("<", [inner, Markup.Empty, inner]).ToString().ShouldBe("<b>&amp;</b>&lt;<b>&amp;</b>");
    }

    [Theory]
    [InlineData("a\u202Eb\u2066c\u2069d", "abcd")]
    [InlineData("a\0b\u0007c\u001Bd\u007Fe\u009Bf\rg", "abcdefg")]
    [InlineData("tab\tline\n", "tab\tline\n")]
    [InlineData("naïve 東京 😀 שלום", "naïve 東京 😀 שלום")]
    public void What_could_act_on_its_surroundings_is_left_out(string text, string expected) => Markup.Text(text).ToString().ShouldBe(expected);

    [Fact]
    public void What_is_no_character_becomes_a_replacement() =>
        Markup.Text("lone \uD800 \uDC00\uFFFE\uFFFF\uFDD0.").ToString().ShouldBe("lone \uFFFD \uFFFD\uFFFD\uFFFD\uFFFD.");

    [Fact]
    public void Numbers_are_plain_and_never_broken()
    {
        Markup.Of($"{1234567L} {-3} {0.25} {1234.56} {-0.04} {double.NaN} {double.PositiveInfinity}").ToString().ShouldBe("1234567 -3 0.2 1234.6 0 0 0");
    }

    [Fact]
    public void Any_text_stays_text() => Gen.String.Sample(text =>
    {
        var element = XElement.Parse(Markup.Of($"<p title=\"{text}\">{text}</p>").ToString(), LoadOptions.PreserveWhitespace);
        element.HasElements.ShouldBeFalse();
        element.Attributes().Count().ShouldBe(1);
        var kept = string.Concat(text.EnumerateRunes().Where(rune => rune.Value is '\t' or '\n' || !(System.Text.Rune.IsControl(rune) || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)))
            .Select(rune => rune.Value is 0xFFFE or 0xFFFF or (>= 0xFDD0 and <= 0xFDEF) ? "\uFFFD" : rune.ToString()));
        element.Value.ShouldBe(kept);
    });
}
