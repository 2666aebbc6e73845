using System.Text.Json.Nodes;
using CsCheck;
using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests;

public sealed class ConfigurationTests
{
    private static readonly Gen<object> AnyValue = Gen.OneOf(
        Gen.Double[-1e12, 1e12].Select(value => (object)value),
        Gen.Long.Select(value => (object)value),
        Gen.String[Gen.Char.AlphaNumeric, 0, 8].Select(value => (object)value),
        Gen.Bool.Select(value => (object)value));

    [Fact]
    public void The_way_through_json_keeps_values_and_their_kinds() =>
        Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 6], AnyValue)[0, 6].Sample(values =>
        {
            var configuration = new Configuration(values);
            var back = Configuration.FromJson(JsonNode.Parse(configuration.ToJson().ToJsonString())!.AsObject());
            foreach (var (name, value) in configuration)
            {
                // JSON writes 3.0 as 3: a whole double comes back as a whole number of the same value.
                Convert.ToString(back[name], System.Globalization.CultureInfo.InvariantCulture)
                    .ShouldBe(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
            }
        });

    [Fact]
    public void Content_makes_equality()
    {
        var one = Configuration.Of(("lr", 0.1), ("depth", 3));
        var other = Configuration.Of(("depth", 3L), ("lr", 0.1));
        one.ShouldBe(other);
        one.GetHashCode().ShouldBe(other.GetHashCode());
        one.ToString().ShouldBe("depth=3, lr=0.1");
        one.ShouldNotBe(one.With(Configuration.Of(("lr", 0.2))));
    }

    [Fact]
    public void A_value_of_another_kind_is_refused() =>
        Should.Throw<ArgumentException>(() => Configuration.Of(("x", new object()))).Message.ShouldContain("'x'");

    [Fact]
    public void Getters_fall_back_where_nothing_is_set()
    {
        var configuration = Configuration.Of(("lr", 1), ("kind", "tree"), ("on", true));
        configuration.Float("lr", 5).ShouldBe(1);
        configuration.Int("missing", 7).ShouldBe(7);
        configuration.Choice("kind", "x").ShouldBe("tree");
        configuration.Flag("on", false).ShouldBeTrue();
    }
}
