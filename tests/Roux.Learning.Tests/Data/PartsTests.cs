using System.Globalization;
using CsCheck;
using Roux.Learning.Data;
using Roux.Learning.Data.Reading;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data;

public sealed class PartsTests
{
    [Theory]
    [InlineData("1998-06-12", "1998-06-12")]
    [InlineData("1998/6/2", "1998-06-02")]
    [InlineData("1998-06-12T10:20:30Z", "1998-06-12T10:20:30Z")]
    [InlineData("1998-06-12 10:20:30.5", "1998-06-12T10:20:30.5Z")]
    [InlineData("1998-06-12T10:20:30+02:00", "1998-06-12T08:20:30Z")]
    [InlineData("1998-06-12 00:30:00 -0130", "1998-06-12T02:00:00Z")]
    [InlineData("1998-06", "1998-06-01")]
    [InlineData("Jun 12 1998", "1998-06-12")]
    [InlineData("June 12, 1998", "1998-06-12")]
    [InlineData("june 2nd, 1998", "1998-06-02")]
    [InlineData("12 Jun 1998", "1998-06-12")]
    [InlineData("12-Jun-98", "1998-06-12")]
    [InlineData("12-JUN-2005", "2005-06-12")]
    [InlineData("Fri, 12 Jun 1998 10:00:00 GMT", "1998-06-12T10:00:00Z")]
    [InlineData("Jun 1998", "1998-06-01")]
    [InlineData("12/31/1999", "1999-12-31")]
    [InlineData("1/2/03", "2003-01-02")]
    [InlineData("31.12.1999", "1999-12-31")]
    [InlineData("12/31/1999 11:59 PM", "1999-12-31T23:59:00Z")]
    [InlineData("12/31/1999 12:00:00 AM", "1999-12-31")]
    [InlineData("1998", "1998-01-01")]
    [InlineData("2000-02-29", "2000-02-29")]
    [InlineData("1900-02-29", null)]
    [InlineData("31/12/1999", null)]
    [InlineData("1998-13-01", null)]
    [InlineData("1998-06-12 25:00", null)]
    [InlineData("1998-06-12 10", null)]
    [InlineData("19980612", null)]
    [InlineData("12345", null)]
    [InlineData("10:30", null)]
    [InlineData("1.2.3", null)]
    [InlineData("May", null)]
    [InlineData("May Smith", null)]
    [InlineData("Sat", null)]
    [InlineData("555-1234", null)]
    [InlineData("3 days", null)]
    public void Dates(string text, string? expected)
    {
        DateParser.TryParse(text, dayFirst: false, out var ticks, out _).ShouldBe(expected is not null);
        if (expected is not null)
        {
            new DateColumn("d", [ticks]).Format(0).ShouldBe(expected);
        }
    }

    [Fact]
    public void EveryDateIsReadInEveryForm() =>
        Gen.DateTime[new DateTime(1, 1, 1), new DateTime(9999, 12, 31)].Sample(time =>
        {
            var day = time.Date;
            foreach (var format in new[] { "yyyy-MM-dd", "yyyy/MM/dd", "MMM d yyyy", "MMMM dd, yyyy", "d MMM yyyy", "dd-MMM-yyyy", "MM/dd/yyyy", "dd.MM.yyyy", "R" })
            {
                DateParser.TryParse(day.ToString(format, CultureInfo.InvariantCulture), false, out var ticks, out _).ShouldBeTrue(format);
                ticks.ShouldBe(day.Ticks, format);
            }

            DateParser.TryParse(day.ToString("d/M/yyyy", CultureInfo.InvariantCulture), true, out var dayFirst, out _).ShouldBeTrue();
            dayFirst.ShouldBe(day.Ticks);
            DateParser.TryParse(time.ToString("O", CultureInfo.InvariantCulture), false, out var exact, out _).ShouldBeTrue();
            exact.ShouldBe(time.Ticks);
        });

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-17", -17)]
    [InlineData("+3", 3)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1e3", 1000)]
    [InlineData("1E-3", 0.001)]
    [InlineData("9007199254740992", 9007199254740992)]
    [InlineData("123456789012345678.0", 123456789012345678.0)]
    [InlineData("4.9e-324", 4.9e-324)]
    [InlineData("0.000000000000000000000000000001", 1e-30)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    public void Numbers(string text, double expected)
    {
        NumberParser.Parse(text, out var value).ShouldBe(NumberForm.Finite);
        value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("1,000")]
    [InlineData("007")]
    [InlineData("9007199254740993")]
    [InlineData("1.2.3")]
    [InlineData("12a")]
    [InlineData("--1")]
    [InlineData("nan")]
    public void NoNumbers(string text) => NumberParser.Parse(text, out _).ShouldBe(NumberForm.None);

    [Theory]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    [InlineData("+INF")]
    [InlineData("1e309")]
    public void InfiniteNumbers(string text) => NumberParser.Parse(text, out _).ShouldBe(NumberForm.Infinite);

    [Fact]
    public void NumbersParseAsInDotNet() =>
        Gen.Select(Gen.Long, Gen.Int[-330, 310], Gen.Int[0, 18]).Sample((digits, exponent, point) =>
        {
            var text = digits.ToString(CultureInfo.InvariantCulture);
            text = text.Length > point + 1 ? text.Insert(text.Length - point, ".") : text;
            text += "e" + exponent.ToString(CultureInfo.InvariantCulture);
            NumberParser.Parse(text, out var value);
            var expected = double.Parse(text, CultureInfo.InvariantCulture);
            BitConverter.DoubleToInt64Bits(value).ShouldBe(BitConverter.DoubleToInt64Bits(expected), text);
        });

    [Theory]
    [InlineData("$1,234.50", 1234.5)]
    [InlineData("12%", 12)]
    [InlineData("-£3", -3)]
    [InlineData("(1,000)", -1000)]
    [InlineData("5 €", 5)]
    [InlineData("007", 7)]
    public void DressedNumbers(string text, double expected)
    {
        TypeConversion.TryDressed(text, out var value).ShouldBeTrue();
        value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("1,5")]
    [InlineData("1,2,3")]
    [InlineData("1234,567")]
    [InlineData("5 apples")]
    [InlineData("$")]
    [InlineData("")]
    public void NotEvenDressed(string text) => TypeConversion.TryDressed(text, out _).ShouldBeFalse();

    [Fact]
    public void DistancesAreSymmetricAndCountEdits()
    {
        NearestName.Distance("Gerne", "Genre").ShouldBe(1);
        NearestName.Distance("kitten", "sitting").ShouldBe(3);
        NearestName.Distance("", "abc").ShouldBe(3);
        Gen.Select(Gen.String[0, 8], Gen.String[0, 8]).Sample((a, b) =>
        {
            NearestName.Distance(a, b).ShouldBe(NearestName.Distance(b, a));
            (NearestName.Distance(a, b) == 0).ShouldBe(a == b);
            NearestName.Distance(a, b).ShouldBeInRange(Math.Abs(a.Length - b.Length), Math.Max(a.Length, b.Length));
        });
    }

    [Fact]
    public void NearNamesAreSuggested()
    {
        string[] names = ["Major Genre", "Title", "US Gross", "Worldwide Gross", "year"];
        NearestName.Suggest("major_genre", names).ShouldBe(["Major Genre"]);
        NearestName.Suggest("Genre", names).ShouldBe(["Major Genre"]);
        NearestName.Suggest("Year", names).ShouldBe(["year"]);
        NearestName.Suggest("gross", names).ShouldBe(["US Gross", "Worldwide Gross"]);
        NearestName.Suggest("zzzzzz", names).ShouldBeEmpty();
        var many = Enumerable.Range(0, 20_000).Select(i => $"c{i}").ToArray();
        NearestName.Message("--target", "q", "column", many).Length.ShouldBeLessThan(400);
    }

    [Fact]
    public void DigestsFollowTheValuesAndNothingElse()
    {
        var a = new Table("a", [TextColumn.From("t", ["x", null, "y"]), new NumberColumn("n", [1, double.NaN, 3])]);
        var b = new Table("b", [new TextColumn("t", [2, -1, 1], ["unused", "y", "x"]), new NumberColumn("n", [1, BitConverter.Int64BitsToDouble(-1), 3])]);
        TableDigest.Of(a).ShouldBe(TableDigest.Of(b));
        TableDigest.Of(a).Length.ShouldBe(64);
        TableDigest.Of(a).ShouldNotBe(TableDigest.Of(a.Take([0, 2, 1])));
        TableDigest.Of(a).ShouldNotBe(TableDigest.Of(a.Take([0, 1])));
        TableDigest.Of(a).ShouldNotBe(TableDigest.Of(new Table("a", [a["t"].Rename("s"), a["n"]])));

        // Where one cell ends and the next begins must not be lost.
        TableDigest.Of(new Table("t", [TextColumn.From("t", ["ab", "c"])])).ShouldNotBe(TableDigest.Of(new Table("t", [TextColumn.From("t", ["a", "bc"])])));
    }
}
