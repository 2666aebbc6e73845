using System.Text.RegularExpressions;
using Roux.Tests;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Registry;

/// <summary>What docs/registry-and-gates.md says is so.</summary>
public sealed partial class RegistryDocsTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SharedData.Root, "docs", "registry-and-gates.md"));

    [Fact]
    public void The_sample_is_the_one_shown_and_is_understood()
    {
        var sample = File.ReadAllText(Path.Combine(SharedData.Root, "samples", "gates.yaml"));
        Page.ShouldContain(sample);
        GateRules.Parse(sample).Rules.Count.ShouldBe(7);
    }

    [Fact]
    public void Every_kind_of_rule_and_every_event_is_listed()
    {
        foreach (var name in RegistryAction.Events)
        {
            Page.ShouldContain($"`{name}`");
        }

        var kinds = Should.Throw<TrackingException>(() => GateRules.Parse("rules: [x]")).Message.Split("kinds are ")[1].Split(", ");
        Row().Matches(Page).Select(match => match.Groups[1].Value).ShouldBe(kinds, ignoreOrder: true);
    }

    [GeneratedRegex("^\\| `([a-z-]+)` \\|[^|]*\\|[^|]*\\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
