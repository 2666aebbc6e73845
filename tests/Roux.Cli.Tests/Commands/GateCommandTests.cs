using System.Xml.Linq;
using Roux.Tests;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

/// <summary>Gates, approvals, the audit log and webhooks through the real command line, with models developed on real data.</summary>
public sealed class GateCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    [Trait("Speed", "slow")]
    public void A_worse_model_does_not_replace_the_champion()
    {
        var (train, holdout) = (SharedData.Path("data/penguins/train.csv"), SharedData.Path("data/penguins/test.csv"));
        Develop(train);
        Roux(0, "promote", "penguins-species/1", "--stage", "Production", "--alias", "champion");
        Develop(train, "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"); // what is left says little

        var rules = folder.Write("gates.yaml", $"""
            applies_to:
              stages: [Production]
            rules:
              - rule: champion-data
                data: {holdout}
                metric: accuracy
              - rule: champion-data
                data: {holdout}
                margin: 0.02
              - rule: latency
                data: {holdout}
                at_most: 1s
                seconds: 0.2
              - rule: signature
            """);
        var worse = Roux(1, "gate", "penguins-species/2", "--rules", rules, "--json").Json;
        worse["passed"]!.GetValue<bool>().ShouldBeFalse();
        worse["results"]!.AsArray().Select(result => result!["outcome"]!.GetValue<string>()).ShouldBe(["pass", "fail", "fail", "pass", "pass"]);
        var numbers = worse["results"]![1]!["numbers"]!;
        numbers["champion_value"]!.GetValue<double>().ShouldBeGreaterThan(0.9);
        numbers["value"]!.GetValue<double>().ShouldBeLessThan(0.8);
        numbers["p_value"]!.GetValue<double>().ShouldBeLessThan(0.001);
        numbers["champion_version"]!.GetValue<int>().ShouldBe(1);
        worse["results"]![2]!["numbers"]!["gain_high"]!.GetValue<double>().ShouldBeLessThan(-0.02);

        Roux(0, "models", "gates", "penguins-species", "--set", rules).Output.ShouldContain("not significantly worse than the champion on test.csv");
        var refused = Roux(1, "promote", "penguins-species/2", "--stage", "Production");
        refused.Output.ShouldContain("FAIL  not significantly worse");
        refused.Error.ShouldContain("does not pass the gates of penguins-species for stage Production");
        Roux(0, "models", "penguins-species", "--json").Json["versions"]![0]!["stage"]!.GetValue<string>().ShouldBe("None");

        // The same model again is not worse than itself.
        Develop(train);
        Roux(1, "promote", "penguins-species/3", "--stage", "Production").Error.ShouldContain("roux gate penguins-species/3");
        var (junit, markdown) = (Path.Combine(folder.Path, "out", "gates.xml"), Path.Combine(folder.Path, "gates.md"));
        var page = Roux(0, "gate", "penguins-species/3", "--junit", junit, "--markdown", markdown);
        page.Output.ShouldContain("penguins-species/3 passes its gates.");
        page.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
        var suite = XDocument.Load(junit).Root!.Element("testsuite")!;
        suite.Attribute("tests")!.Value.ShouldBe("5");
        suite.Elements("testcase").Count().ShouldBe(5);
        File.ReadAllText(markdown).ShouldContain("✅ penguins-species/3 passes its gates");
        Roux(0, "promote", "penguins-species/3", "--stage", "Production").Output.ShouldContain("stage Production");

        // The file that a model learned from proves nothing.
        var learned = folder.Write("learned.yaml", $"rules: [ {{rule: champion-data, data: {train}}} ]");
        Roux(1, "gate", "penguins-species/3", "--rules", learned).Output.ShouldContain("was trained on");
    }

    [Fact]
    public void A_failing_gate_is_told_in_every_form()
    {
        Register(0.5);
        var rules = folder.Write("gates.yaml", "rules:\n  - rule: metric\n    name: 'good <enough> | & [sound](http://x)'\n    metric: f1\n    at_least: 0.6\n  - rule: metric\n    metric: recall\n    at_least: 0.5\n");
        var junit = Path.Combine(folder.Path, "gates.xml");
        var summary = folder.Write("summary.md", "# Job\n");
        using var roux = RouxProcess.Start(
            folder.Path, new Dictionary<string, string> { ["GITHUB_STEP_SUMMARY"] = summary }, "gate", "films/1", "--rules", rules, "--junit", junit, "--github-summary", "--json");
        var result = roux.Wait();
        result.ExitCode.ShouldBe(1, result.Error);
        result.Json["results"]!.AsArray().Select(rule => rule!["outcome"]!.GetValue<string>()).ShouldBe(["pass", "fail", "cannot-tell"]);

        var suite = XDocument.Load(junit).Root!.Element("testsuite")!;
        (suite.Attribute("failures")!.Value, suite.Attribute("errors")!.Value).ShouldBe(("1", "1"));
        suite.Descendants("failure").ShouldHaveSingleItem().Attribute("message")!.Value.ShouldBe("f1 is 0.5");
        suite.Descendants("error").ShouldHaveSingleItem().Value.ShouldContain("has no metric 'recall'");
        var markdown = File.ReadAllText(summary);
        markdown.ShouldStartWith("# Job\n### ❌ films/1 does not pass its gates");
        markdown.ShouldContain(@"good &lt;enough&gt; \| &amp; \[sound\](http://x)");
    }

    [Fact]
    public void Versions_are_verified_and_every_change_is_in_the_audit_log()
    {
        var location = Register(0.5);
        Roux(0, "models", "verify", "films/1").Output.ShouldContain("unchanged");
        Roux(2, "approve", "films/1", "--reason", "mine").Error.ShouldContain("approvals come from others");
        Roux(2, "approve", "films/1").Error.ShouldContain("--reason");
        using (var other = Tracker.Open(Path.Combine(folder.Path, ".roux"), new TrackerOptions { Actor = "sam" }))
        {
            other.Models.Approvals.Approve("films/1", "looked at the errors");
        }

        Roux(0, "promote", "films/1", "--alias", "champion", "--stage", "Staging");
        var audit = Roux(0, "audit", "films/1");
        audit.Output.ShouldContain("None → Staging");
        audit.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
        Roux(0, "audit", "--by", "sam", "--json").Json["entries"]!.AsArray().ShouldHaveSingleItem()!["action"]!.GetValue<string>().ShouldBe("version.approved");
        Roux(0, "audit", "--action", "alias.*", "--json").Json["entries"]!.AsArray().Count.ShouldBe(1);
        var head = Roux(0, "audit", "--verify", "--json").Json["head"]!.GetValue<string>();
        Roux(0, "audit", "--verify", "--head", head).Output.ShouldStartWith("Intact: 5 entries");
        Roux(1, "audit", "--verify", "--head", new string('0', 64)).Output.ShouldContain("NOT INTACT");

        File.AppendAllText(location, "!");
        Roux(1, "models", "verify", "films/1", "--json").Json["intact"]!.GetValue<bool>().ShouldBeFalse();
        Roux(1, "gate", "films/1", "--rules", folder.Write("gates.yaml", "rules: [ {rule: size, at_most: 1 MB} ]")).Output.ShouldContain("FAIL  files unchanged");
    }

    [Fact]
    public void Webhooks_are_added_listed_and_removed()
    {
        Register(0.5);
        var added = Roux(0, "webhooks", "add", "https://example.org/hook", "--event", "gate.failed", "--event", "version.promoted", "--model", "films", "--json").Json;
        var (id, secret) = (added["id"]!.GetValue<string>(), added["secret"]!.GetValue<string>());
        Roux(0, "webhooks", "list").Output.ShouldSatisfyAllConditions(text => text.ShouldContain(id), text => text.ShouldNotContain(secret));
        Roux(0, "promote", "films/1", "--stage", "Staging");
        Roux(0, "webhooks", "deliveries", id, "--json").Json["deliveries"]!.AsArray().ShouldHaveSingleItem()!["state"]!.GetValue<string>().ShouldBe("waiting");
        Roux(0, "webhooks", "remove", id);
        Roux(0, "webhooks", "list").Output.ShouldContain("No webhooks");

        Roux(2, "webhooks", "add", "http://127.0.0.1:1/").Error.ShouldContain("not allowed");
        Roux(2, "webhooks", "add", "https://example.org", "--event", "promoted").Error.ShouldContain("version.promoted");
        var here = Roux(0, "webhooks", "add", "http://127.0.0.1:1/", "--allow-private", "--json").Json["id"]!.GetValue<string>();
        Roux(1, "webhooks", "test", here).Output.ShouldContain("not allowed");
        Roux(1, "webhooks", "test", here, "--allow-private").Output.ShouldContain("no connection");
    }

    [Fact]
    public void Wrong_calls_are_told()
    {
        Register(0.5);
        Roux(2, "gate", "films/1").Error.ShouldContain("demands no rules");
        Roux(2, "gate", "films/7", "--rules", "none.yaml").Error.ShouldContain("none.yaml");
        Roux(2, "gate", "films/7", "--rules", folder.Write("gates.yaml", "rules: [lineage]")).Error.ShouldContain("films has no such version; it has 1");
        Roux(2, "gate", "films/1", "--rules", folder.Write("broken.yaml", "rules: [lineag]")).Error.ShouldContain("broken.yaml: rule 1: 'lineag' is no kind of rule");
        Roux(2, "gate", "films/1", "--github-summary", "--rules", folder.Write("g.yaml", "rules: [lineage]")).Error.ShouldContain("GITHUB_STEP_SUMMARY");
        Roux(2, "audit", "--head", "x").Error.ShouldContain("--verify");
        Roux(2, "audit", "--since", "yesterday").ExitCode.ShouldBe(2);
        Roux(2, "models", "gates", "flims").Error.ShouldContain("films");
    }

    private string Register(double f1)
    {
        using var tracker = Tracker.Open(Path.Combine(folder.Path, ".roux"));
        using var run = tracker.Experiment("e").StartRun("r");
        run.LogText("model.bin", "bytes").LogMetric("f1", f1);
        run.Finish();
        return tracker.Models.Register("films", run.Id, "model.bin").Location;
    }

    private void Develop(string train, params string[] dropped) => Roux(
        0, ["develop", train, "--target", "species", "--families", "linear", "--trials", "1", "--name", "penguins-species", .. dropped.SelectMany(column => new[] { "--drop", column })]);

    private RouxProcess.Result Roux(int exitCode, params string[] arguments)
    {
        var result = RouxProcess.Run(folder.Path, arguments);
        result.ExitCode.ShouldBe(exitCode, $"roux {string.Join(' ', arguments)}\n{result.Output}{result.Error}");
        return result;
    }
}
