using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Spaces;

public sealed class TypedSpaceTests
{
    public enum Booster
    {
        Tree,
        Linear,
    }

    public sealed record Settings(
        [Float(1e-4, 0.1, Log = true, Name = "lr")] double Rate,
        [Int(1, 15), When("Kind", Booster.Tree)] int? Depth,
        [Categorical] Booster Kind,
        [Ordinal("small", "large")] string Size,
        int Threads = 4)
    {
        [Categorical]
        public bool Bias { get; init; } = true;
    }

    public sealed record Circle([Categorical("a"), When("B", "b")] string A, [Categorical("b"), When("A", "a")] string B);

    public sealed record Nothing(int A);

    public sealed record Empty([Float(2, 1)] double A);

    [Fact]
    public void A_record_describes_a_space_and_a_configuration_becomes_one()
    {
        var space = SearchSpace.Of<Settings>();
        space.Parameters.Select(parameter => parameter.Name).ShouldBe(["lr", "Kind", "Depth", "Size", "Bias"]);
        space.Parameters[0].ShouldBe(new FloatParameter("lr", 1e-4, 0.1, Log: true) { When = space.Parameters[0].When });
        space.Parameters[2].When["Kind"].ShouldBe(["Tree"]);
        space.Parameters[3].ShouldBeOfType<OrdinalParameter>();
        var settings = Configuration.Of(("lr", 0.01), ("Kind", "Linear"), ("Size", "large"), ("Bias", false)).To<Settings>();
        settings.ShouldBe(new Settings(0.01, null, Booster.Linear, "large") { Bias = false });
        space.Check(Configuration.Of(("lr", 0.01), ("Kind", "Tree"), ("Depth", 3), ("Size", "small"), ("Bias", true)));
        Configuration.Of(("lr", 0.01), ("Kind", "Tree"), ("Depth", 3), ("Size", "small"), ("Bias", true)).To<Settings>().Depth.ShouldBe(3);
    }

    [Fact]
    public void What_is_wrong_with_a_record_is_told()
    {
        Should.Throw<ArgumentException>(SearchSpace.Of<Circle>).Message.ShouldContain("'A' depends on itself: A → B → A");
        Should.Throw<ArgumentException>(SearchSpace.Of<Nothing>).Message.ShouldContain("Nothing has no parameter");
        Should.Throw<ArgumentException>(SearchSpace.Of<Empty>).Message.ShouldContain("[2, 1] is not a range");
        Should.Throw<ArgumentException>(() => Configuration.Of(("Kind", "Other")).To<Settings>()).Message.ShouldContain("'Kind': Other is no Booster");
    }
}
