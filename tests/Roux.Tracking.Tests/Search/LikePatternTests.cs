using System.Text.RegularExpressions;
using CsCheck;
using Roux.Tracking.Search;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Search;

public sealed class LikePatternTests
{
    [Theory]
    [InlineData("abc", "a%", true)]
    [InlineData("abc", "A%", false)]
    [InlineData("abc", "a_c", true)]
    [InlineData("abc", "a_", false)]
    [InlineData("", "%", true)]
    [InlineData("", "_", false)]
    [InlineData("50%", "50%", true)]
    [InlineData("a😀b", "a_b", true)]
    public void MatchesAsInSql(string text, string pattern, bool expected) => LikePattern.Matches(text, pattern, ignoreCase: false).ShouldBe(expected);

    [Fact]
    public void CaseIsIgnoredBeyondAscii() => LikePattern.Matches("ÉTÉ", "été", ignoreCase: true).ShouldBeTrue();

    [Fact]
    public void AgreesWithARegularExpression() => Gen.Select(Gen.String["abA"], Gen.String["abA%_"], Gen.Bool).Sample((text, pattern, ignoreCase) =>
    {
        var expression = string.Concat(pattern.Select(letter => letter switch { '%' => ".*", '_' => ".", _ => letter.ToString() }));
        return LikePattern.Matches(text, pattern, ignoreCase) == Regex.IsMatch(text, $"\\A{expression}\\z", ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
    });
}
