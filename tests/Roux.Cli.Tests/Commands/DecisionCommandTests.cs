using System.Globalization;
using System.Text;
using Roux.Tests;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

/// <summary>Calibration and thresholds through the real command line.</summary>
public sealed class DecisionCommandTests
{
    [Fact]
    public void A_threshold_is_chosen_stored_and_used_by_predict()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("alarms.csv", Alarms(600, seed: 1));
        var result = RouxProcess.Run(folder.Path, "develop", data, "--target", "alarm", "--trials", "0", "--families", "naive-bayes", "--threshold-for", "recall>=0.9", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var decision = result.Json["evidence"]!["decision"]!;
        decision["event"]!.GetValue<string>().ShouldBe("yes");
        var threshold = decision["rule"]!["thresholds"]![0]!.GetValue<double>();
        threshold.ShouldBeInRange(0.01, 0.5);
        decision["points"]!.AsArray().Single(point => point!["kind"]!.GetValue<string>() == "chosen")!["recall"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(0.9);
        result.Json["evidence"]!["calibration"]!["before"]!["ece"]!.GetValue<double>().ShouldBeInRange(0, 1);
        File.ReadAllText(result.Json["report"]!.GetValue<string>()).ShouldContain("From probabilities to decisions");

        RouxProcess.Run(folder.Path, "predict", "alarms-alarm", data, "--out", "p.csv").ExitCode.ShouldBe(0);
        foreach (var line in File.ReadLines(Path.Combine(folder.Path, "p.csv")).Skip(1))
        {
            var cells = line.Split(',');
            cells[0].ShouldBe(double.Parse(cells[2], CultureInfo.InvariantCulture) >= threshold ? "yes" : "no");
        }

        var table = RouxProcess.Run(folder.Path, "threshold", "alarms-alarm", data, "--target", "alarm", "--for", "precision>=0.7", "--save", "other.roux", "--json");
        table.ExitCode.ShouldBe(0, table.Error);
        table.Json["model_threshold"]!.GetValue<double>().ShouldBe(threshold);
        var saved = RouxProcess.Run(folder.Path, "threshold", "other.roux", data, "--target", "alarm");
        saved.Output.ShouldContain("← in use");
        saved.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
    }

    [Fact]
    public void Costs_decide_among_several_classes()
    {
        using var folder = new TemporaryFolder();
        var text = new StringBuilder("x,kind\n");
        var random = new Random(2);
        for (var row = 0; row < 450; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row % 3 + 1.6 * (random.NextDouble() + random.NextDouble() - 1):0.000},{"abc"[row % 3]}\n");
        }

        var data = folder.Write("kinds.csv", text.ToString());
        folder.Write("costs.json", """{"a": {"b": 1, "c": 1}, "b": {"a": 1, "c": 1}, "c": {"a": 20, "b": 20}}""");
        var result = RouxProcess.Run(folder.Path, "develop", data, "--target", "kind", "--trials", "0", "--families", "logistic-regression", "--cost-matrix", "costs.json", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var decision = result.Json["evidence"]!["decision"]!;
        decision["measure"]!.GetValue<string>().ShouldBe("cost_per_1000");
        decision["final"]!["chosen"]!.GetValue<double>().ShouldBeLessThan(decision["final"]!["usual"]!.GetValue<double>());
    }

    [Theory]
    [InlineData("--threshold-for", "f11", "did you mean 'f1'")]
    [InlineData("--threshold-for", "recall", "recall>=0.9")]
    [InlineData("--cost-matrix", "absent.json", "cannot be read")]
    [InlineData("--calibration", "beat", "did you mean 'beta'")]
    public void Wrong_goals_are_told_at_once(string option, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("alarms.csv", Alarms(60, seed: 1));
        var result = RouxProcess.Run(folder.Path, "develop", data, "--target", "alarm", "--trials", "0", option, value);
        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(expected);
    }

    [Theory]
    [InlineData("penguins", "species", null)]
    [InlineData("sonar", "label", null)]
    [InlineData("titanic", "survived", "alive")]
    [InlineData("digits", "target", null)]
    [InlineData("adult", "income", null)]
    [InlineData("movie-plots", "genre", "genres")]
    [Trait("Speed", "slow")]
    public void On_rows_never_seen_the_calibration_error_is_no_worse_than_before(string set, string target, string? drop)
    {
        using var folder = new TemporaryFolder();
        foreach (var learner in new[] { "naive-bayes", "logistic-regression" })
        {
            var result = RouxProcess.Run(folder.Path, ["develop", SharedData.Path($"data/{set}/train.csv"), "--test", SharedData.Path($"data/{set}/test.csv"), "--target", target,
                "--trials", "0", "--no-ensemble", "--families", learner, "--json", .. drop is null ? Array.Empty<string>() : ["--drop", drop]]);
            result.ExitCode.ShouldBe(0, result.Error);
            var calibration = result.Json["evidence"]!["calibration"]!;
            calibration["after"]!["ece"]!.GetValue<double>().ShouldBeLessThanOrEqualTo(calibration["before"]!["ece"]!.GetValue<double>() + 1e-9, $"{learner}: {calibration["method"]}");
        }
    }

    private static string Alarms(int rows, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("heat,smoke,noise,alarm\n");
        for (var row = 0; row < rows; row++)
        {
            var alarm = random.NextDouble() < 0.2;
            text.Append(CultureInfo.InvariantCulture, $"{(alarm ? 1.2 : 0) + 2 * random.NextDouble():0.000},{(alarm ? 0.8 : 0) + 2 * random.NextDouble():0.000},{random.NextDouble():0.000},{(alarm ? "yes" : "no")}\n");
        }

        return text.ToString();
    }
}
