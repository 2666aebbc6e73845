using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Roux.Cli.Commands;
using Roux.Debugging.Checks;
using Roux.Tests;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

public sealed class DebugCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_column_that_is_the_answer_comes_first_and_fails_the_call()
    {
        var titanic = SharedData.Path("data/titanic/train.csv");
        var done = RouxProcess.Run(folder.Path, "debug", titanic, "--test", SharedData.Path("data/titanic/test.csv"), "--target", "survived", "--json", "--fail-on", "high", "--junit", "junit.xml", "--markdown", "a/b.md", "--report", "report.html");
        done.ExitCode.ShouldBe(1, done.Error);
        var first = done.Json["findings"]![0]!;
        ((string?)first["severity"]).ShouldBe("high");
        first["columns"]!.AsArray().Select(column => (string?)column).ShouldBe(["alive"]);
        first.AsObject().Select(pair => pair.Key).ShouldBe(["check", "severity", "message", "columns", "evidence", "cause", "fix", "verify"]);
        done.Json["findings"]!.AsArray().Count(finding => (string?)finding!["severity"] == "high").ShouldBe(1);
        ((int)XDocument.Load(Path.Combine(folder.Path, "junit.xml")).Root!.Attribute("failures")!).ShouldBe(1);
        File.ReadAllText(Path.Combine(folder.Path, "a", "b.md")).ShouldContain("alive");
        File.ReadAllText(Path.Combine(folder.Path, "report.html")).ShouldContain("<svg xmlns");

        var mended = RouxProcess.Run(folder.Path, "debug", titanic, "--target", "survived", "--drop", "alive", "--fail-on", "high");
        mended.ExitCode.ShouldBe(0, mended.Output + mended.Error);
    }

    [Fact]
    public void What_is_put_up_with_is_quiet_until_its_day()
    {
        folder.Write("t.csv", Leaky());
        folder.Write(".roux-debug.yaml", "suppress:\n  - check: suspected-leak\n    columns: [copy]\n    reason: known at the time, we asked\n    until: 2999-12-31\n");
        var quiet = RouxProcess.Run(folder.Path, "debug", "t.csv", "--target", "y", "--json", "--fail-on", "high", "--time-budget", "20s");
        quiet.ExitCode.ShouldBe(0, quiet.Output + quiet.Error);
        ((string?)quiet.Json["suppressed"]![0]!["reason"]).ShouldBe("known at the time, we asked");

        folder.Write("past.yaml", "suppress:\n  - check: suspected-leak\n    reason: for the moment\n    until: 2020-01-01\n");
        var loud = RouxProcess.Run(folder.Path, "debug", "t.csv", "--target", "y", "--json", "--fail-on", "high", "--suppressions", "past.yaml", "--time-budget", "20s");
        loud.ExitCode.ShouldBe(1, loud.Output + loud.Error);
        loud.Json["findings"]!.AsArray().ShouldContain(finding => (string?)finding!["check"] == "expired-suppression");
    }

    [Fact]
    public void Doubted_labels_are_kept_or_corrected_and_the_corrected_data_written()
    {
        folder.Write("t.csv", Flipped());
        var tracked = RouxProcess.Run(folder.Path, "debug", "t.csv", "--target", "y", "--track", "--labels", "suspects.csv", "--json", "--time-budget", "60s", "--families", "logistic-regression");
        tracked.ExitCode.ShouldBe(0, tracked.Error);
        var run = (string)tracked.Json["run_id"]!;
        File.ReadAllLines(Path.Combine(folder.Path, "suspects.csv"))[0].ShouldStartWith("rank,row,given,suggested,confidence");

        var list = RouxProcess.Run(folder.Path, "labels", run, "--json").Json;
        long[] first = [.. list["rows"]!.AsArray().Take(20).Select(row => (long)row!["row"]!)];
        first.Count(row => row % 20 == 1).ShouldBeGreaterThan(14); // every twentieth label is flipped
        var row = first.First(one => one % 20 == 1);
        var done = RouxProcess.Run(folder.Path, "labels", run, "--fix", $"{row}", "--keep", $"{first.First(one => one != row)}", "--out", "decisions.csv", "--corrected", "mended.csv", "--json");
        done.ExitCode.ShouldBe(0, done.Error);
        ((int)done.Json["corrected"]!).ShouldBe(1);
        File.ReadAllLines(Path.Combine(folder.Path, "decisions.csv")).Length.ShouldBe(3);
        var (before, after) = (File.ReadAllLines(Path.Combine(folder.Path, "t.csv")), File.ReadAllLines(Path.Combine(folder.Path, "mended.csv")));
        Enumerable.Range(0, before.Length).Where(line => before[line] != after[line]).ShouldBe([(int)row]);

        var page = RouxProcess.Run(folder.Path, "labels", run);
        page.Output.ShouldContain("1 corrected, 1 kept");
        page.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
        RouxProcess.Run(folder.Path, "labels", run, "--undo", $"{row}", "--json").Json["decisions"]!.AsArray().Count.ShouldBe(1);
        foreach (var wrong in new string[][] { ["labels", run, "--fix", $"{row}=maybe"], ["labels", run, "--keep", "0"], ["labels", run, "--keep", "x"], ["labels", "nothing"], ["labels", run, "--corrected", "a.xlsx"] })
        {
            var refused = RouxProcess.Run(folder.Path, wrong);
            refused.ExitCode.ShouldBe(2, string.Join(' ', wrong) + refused.Error);
            refused.Error.ShouldStartWith("roux: ");
        }
    }

    [Fact]
    public async Task What_was_accepted_in_the_store_is_put_up_with()
    {
        folder.Write("t.csv", Leaky());
        var first = RouxProcess.Run(folder.Path, "debug", "t.csv", "--target", "y", "--track", "--json", "--time-budget", "20s");
        using (var tracker = Tracking.Tracker.Open(Path.Combine(folder.Path, ".roux")))
        {
            await tracker.FindingDecisions.AcceptAsync((string)first.Json["run_id"]!, "suspected-leak", ["copy"], "known at the time", "ada");
        }

        var again = RouxProcess.Run(folder.Path, "debug", "t.csv", "--target", "y", "--json", "--fail-on", "high", "--time-budget", "20s");
        again.ExitCode.ShouldBe(0, again.Output + again.Error);
        ((string?)again.Json["suppressed"]![0]!["reason"]).ShouldNotBeNull().ShouldContain("accepted by ada");
    }

    [Theory]
    [InlineData("--target", "z")]
    [InlineData("--target", "y", "--set", "suspected-leek.skill=0.5")]
    [InlineData("--target", "y", "--set", "nonsense")]
    [InlineData("--target", "y", "--fail-on", "hihg")]
    [InlineData("--target", "y", "--suppressions", "none.yaml")]
    [InlineData("--target", "y", "--run", "abc")]
    [InlineData("--target", "y", "--time-budget", "soon")]
    [InlineData("--sql", "SELECT 1")]
    public void A_wrong_call_says_what_is_allowed(params string[] arguments)
    {
        folder.Write("t.csv", Leaky());
        var done = RouxProcess.Run(folder.Path, ["debug", "t.csv", .. arguments]);
        done.ExitCode.ShouldBe(2, done.Output + done.Error);
        done.Error.ShouldStartWith("roux: ");
        done.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public void The_recipe_stops_at_the_first_failure_with_its_proof()
    {
        folder.Write("t.csv", Leaky());
        var done = RouxProcess.Run(folder.Path, "debug", "t.csv", "--target", "y", "--recipe", "--json", "--time-budget", "30s");
        done.ExitCode.ShouldBe(1, done.Error);
        var steps = done.Json["steps"]!.AsArray();
        steps.Count.ShouldBe(10);
        ((string?)steps[0]!["outcome"]).ShouldBe("failed");
        ((string?)steps[0]!["proof"]).ShouldNotBeNull().ShouldContain("copy");
        steps.Skip(1).ShouldAllBe(step => (string?)step!["outcome"] == "not_reached");

        var sound = RouxProcess.Run(folder.Path, "debug", "t.csv", "--target", "y", "--drop", "copy", "--recipe", "--families", "logistic-regression", "--json", "--time-budget", "60s");
        sound.ExitCode.ShouldBe(0, sound.Output + sound.Error);
        sound.Json["steps"]!.AsArray().Select(step => (string?)step!["outcome"]).ShouldBe(["passed", "passed", "passed", "passed", "skipped", "skipped", "passed", "passed", "passed", "passed"]);
    }

    [Fact]
    public void A_session_can_be_kept_as_a_run_and_the_run_be_looked_at()
    {
        folder.Write("t.csv", Leaky());
        var kept = RouxProcess.Run(folder.Path, "debug", "t.csv", "--target", "y", "--track", "--json", "--time-budget", "20s");
        kept.ExitCode.ShouldBe(0, kept.Error);
        var run = (string)kept.Json["run_id"]!;
        var shown = RouxProcess.Run(folder.Path, "show", run, "--json");
        shown.Json["findings"]!.AsArray().ShouldContain(finding => (string?)finding!["check"] == "suspected-leak");
        var again = RouxProcess.Run(folder.Path, "debug", "--run", run, "--json", "--fail-on", "high");
        again.ExitCode.ShouldBe(1, again.Error);
        ((string?)again.Json["findings"]![0]!["check"]).ShouldBe("suspected-leak");
    }

    [Fact]
    public void A_program_whose_loss_diverges_is_told_so_by_its_run()
    {
        var lines = new StringBuilder("i=0\nwhile [ $i -lt 60 ]; do\n");
        lines.Append("  echo \"{\\\"step\\\": $i, \\\"metrics\\\": {\\\"loss\\\": $((1 + i * i * i))}}\" >> \"$ROUX_METRICS_FILE\"\n  i=$((i+1))\ndone\n");
        var script = folder.Write("train.sh", lines.ToString());
        var done = RouxProcess.Run(folder.Path, "run", "--json", "--", "sh", script);
        done.ExitCode.ShouldBe(0, done.Error);
        var shown = RouxProcess.Run(folder.Path, "show", (string)done.Json["run_id"]!, "--json");
        shown.Json["findings"]!.AsArray().ShouldContain(finding => (string?)finding!["check"] == "loss-diverging", shown.Output);
    }

    [Fact]
    public void The_guide_lists_every_check_as_it_is()
    {
        var guide = File.ReadAllText(Path.Combine(SharedData.Root, "docs", "debugging.md"));
        const string Begin = "<!-- checks: roux debug --list; kept equal by a test -->", End = "<!-- end of checks -->";
        var written = guide[(guide.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..guide.IndexOf(End, StringComparison.Ordinal)].Trim();
        var wanted = CheckTable.Markdown(CheckCatalog.All).Trim();
        if (Environment.GetEnvironmentVariable("ROUX_WRITE_DOCS") is not null)
        {
            File.WriteAllText(Path.Combine(SharedData.Root, "docs", "debugging.md"), guide.Replace(written.Length == 0 ? Begin : written, written.Length == 0 ? Begin + "\n\n" + wanted + "\n" : wanted, StringComparison.Ordinal));
            return;
        }

        written.ShouldBe(wanted, "docs/debugging.md is out of date: run this test once with ROUX_WRITE_DOCS=1");
    }

    [Fact]
    public void Every_check_has_its_own_name_and_says_when_it_speaks()
    {
        // One cause has one name, also where it is looked for in two places: inputs of a wrong scale, in a table's features and in a network's batches.
        CheckCatalog.All.Select(card => (card.Area, card.Name)).ShouldBeUnique();
        CheckCatalog.All.ShouldAllBe(card => card.Definition.Length > 10 && card.Area.Length > 0);
        CheckCatalog.All.SelectMany(card => card.Thresholds).ShouldAllBe(threshold => threshold.Source.Length > 5 && threshold.Meaning.Length > 5);
    }

    /// <summary>A plane with noise, and a column that is the answer in other words.</summary>
    private static string Flipped()
    {
        var random = new Random(5);
        var text = new StringBuilder("a,b,y\n");
        for (var row = 0; row < 600; row++)
        {
            var (a, b) = (random.NextDouble(), random.NextDouble());
            text.Append(CultureInfo.InvariantCulture, $"{a:0.0000},{b:0.0000},{((a + b > 1) != (row % 20 == 0) ? "yes" : "no")}\n");
        }

        return text.ToString();
    }

    private static string Leaky()
    {
        var random = new Random(3);
        var text = new StringBuilder("a,b,copy,y\n");
        for (var row = 0; row < 300; row++)
        {
            var (a, b) = (random.NextDouble() - 0.5, random.NextDouble() - 0.5);
            var y = a - b + 0.5 * (random.NextDouble() - 0.5) > 0;
            text.Append(CultureInfo.InvariantCulture, $"{a:F4},{b:F4},{(y ? "A" : "B")},{(y ? "yes" : "no")}\n");
        }

        return text.ToString();
    }
}
