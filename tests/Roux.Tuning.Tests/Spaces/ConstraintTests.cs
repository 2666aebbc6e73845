using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Spaces;

public sealed class ConstraintTests
{
    private static readonly SearchSpace Space = new(
        new IntParameter("layers", 1, 8), new FloatParameter("width", 1, 4096), new CategoricalParameter("kind", ["tree", "linear"]), new CategoricalParameter("wide", [false, true]),
        new IntParameter("depth", 1, 9) { When = new Dictionary<string, IReadOnlyList<string>> { ["kind"] = ["tree"] } });

    [Theory]
    [InlineData("layers * width <= 4096", true)]
    [InlineData("layers * width <= 4000", false)]
    [InlineData("2 ^ layers ** 1 == 16 and -layers + 5 > 0", true)]
    [InlineData("kind == 'linear' or layers < 2", false)]
    [InlineData("not (kind == \"linear\") && wide", true)]
    [InlineData("depth > 100", true)]
    [InlineData("depth > 100 or layers > 100", true)]
    [InlineData("depth > 100 and layers > 100", false)]
    [InlineData("max(layers, 10, width) == 1024 and abs(-2) == 2 and 7 % 4 == 3", true)]
    [InlineData("1e-3 < 0.002", true)]
    public void What_is_written_decides(string text, bool allowed)
    {
        var configuration = Configuration.Of(("layers", 4), ("width", 1024.0), ("kind", "other"), ("wide", true));
        Constraint.Parse(text, Space).Allows(configuration).ShouldBe(allowed);
    }

    [Theory]
    [InlineData("layers", "it is no condition")]
    [InlineData("layer < 3", "'layer' is no parameter; there are: layers, width, kind")]
    [InlineData("layers < ", "ends too early")]
    [InlineData("(layers < 3", "')' is missing")]
    [InlineData("kind < 3", "cannot compare a text with a number")]
    [InlineData("kind + 1 < 3", "a text stands where a number is needed")]
    [InlineData("layers < 3 $", "'$' at 12 is not understood")]
    [InlineData("layers < 3 4", "'4' is not expected")]
    [InlineData("kind == 'tree", "closing quote")]
    [InlineData("sqrt(1, 2) < 3", "sqrt takes one number")]
    [InlineData("system(1) < 3", "'system' is no parameter")]
    [InlineData("", "ends too early")]
    public void What_is_wrong_is_told(string text, string message) => Should.Throw<FormatException>(() => Constraint.Parse(text, Space)).Message.ShouldContain(message);

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        Should.Throw<FormatException>(() => Constraint.Parse(new string('(', 1_000) + "1<2", Space)).Message.ShouldContain("levels");
        Should.Throw<FormatException>(() => Constraint.Parse(new string('1', 3_000), Space)).Message.ShouldContain("characters");
        Constraint.Parse(string.Join(" or ", Enumerable.Repeat("layers<0", 150)), Space).Allows(Configuration.Of(("layers", 3))).ShouldBeFalse();
    }
}
