using Roux.Cli.Programs;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

/// <summary>The file through which programs of any language log.</summary>
public sealed class MetricsFileTests
{
    [Fact]
    public void Lines_become_metrics_params_tags_and_artifacts()
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.bin", "m");
        var run = Logged(folder,
            """{"metric": "loss", "value": 0.5, "step": 1}""",
            """{"metrics": {"loss": 0.25, "acc": 1}, "step": 2}""",
            """{"param": "lr", "value": 0.1}""",
            """{"param": "net", "value": [1, 2]}""",
            """{"tag": "team", "value": "a"}""",
            """{"tolerance": "loss", "value": 0.001}""",
            """{"seed": 7}""",
            """{"artifact": "model.bin"}""",
            """{"metric": "bad NaN", "value": NaN}""",
            """{"metric": "inf", "value": -Infinity, "step": null}""");
        run.Metric("loss").ShouldBe(0.25);
        run.Metric("acc").ShouldBe(1);
        run.Metric("bad NaN").ShouldBe(double.NaN);
        run.Metric("inf").ShouldBe(double.NegativeInfinity);
        run.Params["lr"].ShouldBe("0.1");
        run.Params["net"].ShouldBe("[1, 2]");
        run.Tags["team"].ShouldBe("a");
        run.Tags["roux.tolerance.loss"].ShouldBe("0.001");
        run.Tags["roux.seed"].ShouldBe("7");
        run.Warnings.ShouldBeEmpty();
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        File.ReadAllText(tracker.ArtifactFile(run.Id, "model.bin")).ShouldBe("m");
    }

    [Fact]
    public void Lines_that_say_nothing_of_use_are_warnings_few_and_short()
    {
        using var folder = new TemporaryFolder();
        string[] wrong =
        [
            "loss 0.5", "[1]", """{"metric": "loss"}""", """{"metric": "loss", "value": "high"}""", """{"metric": "loss", "value": 1, "step": 1.5}""", """{"metric": "", "value": 1}""",
            """{"artifact": "no such file"}""", """{"a": {"b": {"c": {"d": {"e": 1}}}}}""", new string('x', 100_000),
        ];
        var run = Logged(folder, [.. wrong, """{"metric": "ok", "value": 1}"""]);
        run.Metrics.Keys.Where(k => !k.StartsWith("system/", StringComparison.Ordinal)).ShouldBe(["ok"]);
        run.Warnings.Count.ShouldBe(5 + 1 + 1, "five told, one says how many more, one of the long line");
        run.Warnings.ShouldAllBe(w => w.Message.Length < 400);
    }

    [Fact]
    public void A_line_without_an_end_counts_and_a_program_may_begin_the_file_anew()
    {
        using var folder = new TemporaryFolder();
        RouxProcess.Run(folder.Path, "run", "--name", "r", "--", "sh", "-c",
            "printf '{\"metric\": \"a\", \"value\": 1, \"step\": 12345}\\n{\"metric\": \"a\", \"value\": 1, \"step\": 12346}\\n' > \"$ROUX_METRICS_FILE\"; sleep 1; printf '{\"metric\": \"b\", \"value\": 2}' > \"$ROUX_METRICS_FILE\"").ExitCode.ShouldBe(0);
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var run = tracker.FindRun("r")!;
        run.Metric("a").ShouldBe(1);
        run.Metric("b").ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"value": NaN}""", """{"value": "NaN"}""")]
    [InlineData("""{"a NaN \" NaN": -Infinity, "b": [Infinity]}""", """{"a NaN \" NaN": "-Infinity", "b": ["Infinity"]}""")]
    [InlineData("""{"open \""", """{"open \""")]
    public void Bare_words_are_quoted_outside_of_strings_only(string line, string quoted) => MetricLines.QuoteNumbers(line).ShouldBe(quoted);

    private static RunRecord Logged(TemporaryFolder folder, params string[] lines)
    {
        var file = folder.Write("lines.jsonl", string.Join('\n', lines) + "\n");
        var result = RouxProcess.Run(folder.Path, "run", "--name", "r", "--", "sh", "-c", $"cat '{file}' >> \"$ROUX_METRICS_FILE\"");
        result.ExitCode.ShouldBe(0, result.Error);
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        return tracker.FindRun("r")!;
    }
}
