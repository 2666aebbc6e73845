using System.Text.Json.Nodes;
using Roux.Tracking.Reproduction;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Reproduction;

public sealed class EnvironmentComparisonTests
{
    [Fact]
    public void Packages_and_minor_versions_are_differences_and_the_machine_is_a_remark()
    {
        var comparison = Compare(
            """{"roux": "0.1", "python": {"version": "3.11.2", "packages": [{"name": "numpy", "version": "1.26.0"}, {"name": "gone", "version": "1"}]}, "cpu": {"model": "A"}, "dotnet": {"runtime": ".NET 10.0.1"}}""",
            """{"roux": "0.1", "python": {"version": "3.12.0", "packages": [{"name": "NumPy", "version": "2.0.1"}, {"name": "new", "version": "1"}]}, "cpu": {"model": "B"}, "dotnet": {"runtime": ".NET 11.0.0"}}""");
        comparison.Differences.Select(d => (d.What, d.Expected, d.Found)).ShouldBe(
            [("Python", "3.11.2", "3.12.0"), ("Python package gone", "1", null), ("Python package numpy", "1.26.0", "2.0.1")]);
        comparison.Differences[2].Fix.ShouldContain("pip install 'numpy==1.26.0'");
        comparison.Remarks.Select(d => d.What).ShouldBe(["Python package new", "processor"]);
    }

    [Fact]
    public void A_patch_of_the_runtime_is_a_remark()
    {
        var comparison = Compare(
            """{"packages": [{"name": "A", "version": "1"}], "dotnet": {"runtime": ".NET 10.0.1"}}""", """{"packages": [{"name": "A", "version": "2"}], "dotnet": {"runtime": ".NET 10.0.12"}}""");
        comparison.Differences.ShouldHaveSingleItem().What.ShouldBe("package A");
        comparison.Remarks.ShouldHaveSingleItem().What.ShouldBe(".NET");
        Compare("""{"dotnet": {"runtime": ".NET 10.0.1"}}""", """{"dotnet": {"runtime": ".NET 11.0.0"}}""").Differences.ShouldHaveSingleItem();
    }

    [Fact]
    public void What_was_not_recorded_is_not_said_to_have_changed()
    {
        var comparison = Compare("""{"packages": [{"name": "A", "version": "1"}]}""", "{}");
        comparison.Differences.ShouldBeEmpty();
        comparison.Remarks.ShouldHaveSingleItem().Found.ShouldBe("not recorded");
        Compare("{}", """{"packages": 7, "python": {"packages": [1, null, {}]}}""").Differences.ShouldBeEmpty();
    }

    [Fact]
    public void Requirements_hold_names_and_versions_only()
    {
        var (pinned, other) = PythonRequirements.Of((JsonObject)JsonNode.Parse(
            """
            {"python": {"packages": [{"name": "numpy", "version": "2.0.1"}, {"name": "pip", "version": "24"}, {"name": "mine", "version": "1", "source": "/home/a"},
            {"name": "x\n--index-url=http://evil", "version": "1"}, {"name": "y", "version": "1 ; import os"}, {"name": "torch", "version": "2.4.0+cpu"}]}}
            """)!);
        pinned.ShouldBe(["numpy==2.0.1", "torch==2.4.0+cpu"]);
        other.Count.ShouldBe(3);
    }

    private static EnvironmentComparison Compare(string first, string again) => EnvironmentComparison.Of((JsonObject)JsonNode.Parse(first)!, (JsonObject)JsonNode.Parse(again)!);
}
