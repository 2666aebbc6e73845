using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests;

/// <summary><c>roux learning-curve</c>, and the learning curve of <c>develop</c>.</summary>
public sealed class LearningCurveTests
{
    [Fact]
    public void Curves_are_measured_recorded_and_drawn()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flats.csv", Flats(300, seed: 1));
        var result = RouxProcess.Run(folder.Path, "learning-curve", data, "--target", "price", "--families", "ridge,decision-tree", "--repeats", "3", "--time-budget", "none", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var json = result.Json;
        json["metric"]!.GetValue<string>().ShouldBe("rmse");
        json["present_rows"]!.GetValue<int>().ShouldBe(300);
        var curves = json["curves"]!.AsArray();
        curves.Count.ShouldBe(2);
        var sizes = curves[0]!["sizes"]!.AsArray();
        sizes.Count.ShouldBeGreaterThanOrEqualTo(4);
        curves[0]!["twice"]!["low"]!.GetValue<double>().ShouldBeLessThan(curves[0]!["twice"]!["high"]!.GetValue<double>());
        json["crossing"]!["probability"]!.GetValue<double>().ShouldBeInRange(0, 1);
        json["advice"]!["step"]!.GetValue<string>().ShouldBeOneOf("stop", "more_data", "bigger_model", "better_labels");
        json["sentences"]!.AsArray().Count.ShouldBe(3);
        File.ReadAllText(json["plot"]!.GetValue<string>()).ShouldStartWith("<svg");

        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var run = tracker.GetRun(json["run_id"]!.GetValue<string>());
        run.Status.ShouldBe(RunStatus.Finished);
        run.Datasets.Count.ShouldBe(1);
        var child = tracker.SearchRuns(new RunQuery { Filter = $"tags.`mlflow.parentRunId` = '{run.Id}' AND attributes.run_name = '{curves[0]!["name"]}'" }).Single();
        var series = tracker.GetMetric(child.Id, "validation_rmse");
        series.Select(point => (double)point.Step).ShouldBe(sizes.Select(size => Math.Round(size!["rows"]!.GetValue<double>())));
        series[^1].Value.ShouldBe(sizes[^1]!["validation"]!.GetValue<double>());
    }

    [Fact]
    public void The_same_seed_gives_the_same_document_and_people_get_eighty_columns()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flats.csv", Flats(150, seed: 2));
        string[] call = ["learning-curve", data, "--target", "price", "--families", "ridge", "--repeats", "2", "--sizes", "30,60,90,120", "--time-budget", "none", "--seed", "5"];
        JsonNode Once()
        {
            var json = RouxProcess.Run(folder.Path, [.. call, "--json"]).Json;
            json.AsObject().Remove("run_id");
            json.AsObject().Remove("plot");
            return json;
        }

        Once().ToJsonString().ShouldBe(Once().ToJsonString());
        var text = RouxProcess.Run(folder.Path, call);
        text.ExitCode.ShouldBe(0, text.Error);
        text.Output.ShouldContain("ten times");
        text.Output.ShouldContain("With twice the rows ridge is expected to score");
        text.Output.Split('\n').ShouldAllBe(line => line.Length <= 80 || line.StartsWith("Plot", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--sizes '5k'", "--sizes", "5k")]
    [InlineData("rows to learn from", "--sizes", "5000")]
    [InlineData("--repeats 1", "--repeats", "1")]
    [InlineData("--human-error", "--human-error", "-1")]
    [InlineData("lightgbm", "--families", "lightgmb")]
    [InlineData("rmse", "--metric", "rsme")]
    public void A_wrong_call_says_what_is_wrong(string told, string option, string value)
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flats.csv", Flats(60, seed: 3));
        var result = RouxProcess.Run(folder.Path, "learning-curve", data, "--target", "price", option, value);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldContain(told);
    }

    [Fact]
    public void Develop_tells_of_the_future_and_repeats_it_when_trials_are_counted()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flats.csv", Flats(200, seed: 4));
        JsonNode Once(string store) => RouxProcess.Run(folder.Path, "develop", data, "--target", "price", "--families", "ridge,decision-tree", "--trials", "1", "--no-ensemble", "--store", store, "--json").Json;
        var first = Once("one");
        var curve = first["evidence"]!["learning_curve"].ShouldNotBeNull();
        curve["curves"]!.AsArray().Count.ShouldBeGreaterThanOrEqualTo(1);
        curve["curves"]![0]!["name"]!.GetValue<string>().ShouldBe(first["winner"]!.GetValue<string>());
        File.ReadAllText(first["report"]!.GetValue<string>()).ShouldContain("Good now or better later");
        Once("two")["evidence"]!["learning_curve"]!.ToJsonString().ShouldBe(curve.ToJsonString());
    }

    private static string Flats(int rows, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("size,district,age,price\n");
        for (var i = 0; i < rows; i++)
        {
            var (size, district, age) = (random.Next(20, 200), random.Next(4), random.Next(80));
            text.Append(CultureInfo.InvariantCulture, $"{size},{"abcd"[district]},{age},{1000 * size + 20000 * district - 300 * age + random.Next(20000)}\n");
        }

        return text.ToString();
    }
}
