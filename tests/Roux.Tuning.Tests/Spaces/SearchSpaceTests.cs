using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests;

public sealed class SearchSpaceTests
{
    private static readonly SearchSpace Space = new(
        new FloatParameter("lr", 1e-4, 0.1, Log: true),
        new IntParameter("layers", 1, 5),
        new CategoricalParameter("booster", ["tree", "linear"]),
        new IntParameter("depth", 1, 15) { When = new Dictionary<string, IReadOnlyList<string>> { ["booster"] = ["tree"] } },
        new FloatParameter("dropout", 0, 0.5, Step: 0.125));

    [Fact]
    public void Samples_lie_within_their_ranges_and_respect_conditions()
    {
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var sample = Space.Sample(random);
            sample.Float("lr", -1).ShouldBeInRange(1e-4, 0.1);
            sample.Int("layers", -1).ShouldBeInRange(1, 5);
            (sample.Float("dropout", -1) % 0.125).ShouldBe(0);
            sample.Float("dropout", -1).ShouldBeInRange(0, 0.5);
            sample.ContainsKey("depth").ShouldBe(sample.Choice("booster", "") == "tree");
        }
    }

    [Fact]
    public void A_log_range_is_searched_evenly_by_magnitude()
    {
        var random = new Random(2);
        var below = Enumerable.Range(0, 4_000).Count(_ => Space.Sample(random).Float("lr", 0) < Math.Sqrt(1e-4 * 0.1));
        below.ShouldBeInRange(1_850, 2_150); // half of 4,000, give or take five standard deviations
    }

    [Fact]
    public void Every_integer_of_a_range_is_equally_likely()
    {
        var random = new Random(3);
        var counts = new int[6];
        for (var i = 0; i < 10_000; i++)
        {
            counts[Space.Sample(random).Int("layers", 0)]++;
        }

        counts[1..].ShouldAllBe(count => count > 1_800 && count < 2_200);
    }

    [Fact]
    public void The_same_seed_draws_the_same_configurations() =>
        Enumerable.Range(0, 5).Select(_ => Space.Sample(new Random(9)).ToString()).Distinct().Count().ShouldBe(1);

    [Theory]
    [InlineData("range")]
    [InlineData("log")]
    [InlineData("twice")]
    [InlineData("parent")]
    [InlineData("choices")]
    public void A_space_that_makes_no_sense_is_refused_by_name(string what)
    {
        Parameter[] parameters = what switch
        {
            "range" => [new FloatParameter("p", 2, 1)],
            "log" => [new FloatParameter("p", 0, 1, Log: true)],
            "twice" => [new IntParameter("p", 0, 1), new IntParameter("p", 0, 1)],
            "parent" => [new IntParameter("p", 0, 1) { When = new Dictionary<string, IReadOnlyList<string>> { ["q"] = ["1"] } }],
            _ => [new CategoricalParameter("p", [])],
        };
        Should.Throw<ArgumentException>(() => new SearchSpace(parameters)).Message.ShouldContain("'p'");
    }
}
