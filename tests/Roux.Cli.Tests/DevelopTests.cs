using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests;

/// <summary>The main job through the real command line, on small tables.</summary>
public sealed class DevelopTests
{
    [Fact]
    public void From_a_table_to_a_registered_model_and_its_predictions()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", Flowers(240, seed: 1));
        var result = RouxProcess.Run(folder.Path, "develop", data, "--target", "kind", "--trials", "2", "--families", "logistic-regression,random-forest", "--json");
        result.ExitCode.ShouldBe(0, result.Error);

        var json = result.Json;
        json["task"]!.GetValue<string>().ShouldBe("multiclass");
        json["metric"]!.GetValue<string>().ShouldBe("macro_f1");
        json["test"]!["macro_f1"]!.GetValue<double>().ShouldBeGreaterThan(0.8);
        json["model_version"]!["name"]!.GetValue<string>().ShouldBe("flowers-kind");
        json["model_version"]!["version"]!.GetValue<int>().ShouldBe(1);
        File.ReadAllText(json["report"]!.GetValue<string>()).ShouldContain("flowers.csv");
        var plots = Path.Combine(Path.GetDirectoryName(json["report"]!.GetValue<string>())!, "plots");
        foreach (var plot in new[] { "leaderboard", "confusion_matrix", "roc", "precision_recall", "calibration", "importance" })
        {
            File.ReadAllText(Path.Combine(plots, $"{plot}.svg")).ShouldStartWith("<svg");
            JsonNode.Parse(File.ReadAllText(Path.Combine(plots, $"{plot}.json"))).ShouldNotBeNull();
        }

        var names = json["candidates"]!.AsArray().Select(candidate => candidate!["name"]!.GetValue<string>()).ToList();
        names.ShouldContain("zero-rule");
        names.ShouldContain("logistic-regression");
        foreach (var candidate in json["candidates"]!.AsArray())
        {
            candidate!["fit_seconds"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(0);
        }

        var predicted = RouxProcess.Run(folder.Path, "predict", "flowers-kind", data, "--out", "out.csv");
        predicted.ExitCode.ShouldBe(0, predicted.Error);
        var lines = File.ReadAllLines(Path.Combine(folder.Path, "out.csv"));
        lines[0].ShouldBe("prediction,p_rose,p_tulip,p_violet");
        lines.Length.ShouldBe(241);
        var truth = File.ReadAllLines(data).Skip(1).Select(line => line.Split(',')[^1]).ToArray();
        lines.Skip(1).Zip(truth).Count(pair => pair.First.Split(',')[0] == pair.Second).ShouldBeGreaterThan(200);
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void The_same_seed_and_a_budget_of_trials_give_the_same_leaderboard_to_the_last_digit()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", Flowers(150, seed: 2));
        string[] Leaderboard(string store) =>
            [.. RouxProcess.Run(folder.Path, "develop", data, "--target", "kind", "--trials", "4", "--seed", "7", "--store", store, "--json")
                .Json["candidates"]!.AsArray().Select(candidate => $"{candidate!["name"]} {candidate["settings"]?.ToJsonString()} {candidate["cv_mean"]} {candidate["cv_std"]} {candidate["ci95"]?.ToJsonString()}")];
        var first = Leaderboard("one");
        first.Length.ShouldBeGreaterThan(8);
        Leaderboard("two").ShouldBe(first);
    }

    [Fact]
    public void A_regression_is_told_by_its_numbers()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(3);
        var text = new StringBuilder("size,district,price\n");
        for (var i = 0; i < 200; i++)
        {
            var (size, district) = (random.Next(20, 200), "abc"[random.Next(3)]);
            text.Append(CultureInfo.InvariantCulture, $"{size},{district},{1000 * size + 20000 * (district - 'a') + random.Next(5000)}\n");
        }

        var data = folder.Write("flats.csv", text.ToString());
        var json = RouxProcess.Run(folder.Path, "develop", data, "--target", "price", "--trials", "1", "--families", "linear,lightgbm", "--json").Json;
        json["task"]!.GetValue<string>().ShouldBe("regression");
        json["metric"]!.GetValue<string>().ShouldBe("rmse");
        json["test"]!["r2"]!.GetValue<double>().ShouldBeGreaterThan(0.98);
        json["test"]!["rmse"]!.GetValue<double>().ShouldBeLessThan(6000);
    }

    [Fact]
    public void Several_labels_per_row_are_learned_label_by_label()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(4);
        var text = new StringBuilder("x,y,labels\n");
        for (var i = 0; i < 200; i++)
        {
            var (x, y) = (random.NextDouble(), random.NextDouble());
            var labels = string.Join('|', new[] { x > 0.5 ? "east" : "west", y > 0.5 ? "north" : null }.OfType<string>());
            text.Append(CultureInfo.InvariantCulture, $"{x:F3},{y:F3},{labels}\n");
        }

        var data = folder.Write("places.csv", text.ToString());
        var json = RouxProcess.Run(folder.Path, "develop", data, "--target", "labels", "--separator", "|", "--trials", "1", "--families", "logistic-regression,random-forest", "--json").Json;
        json["task"]!.GetValue<string>().ShouldBe("multilabel");
        json["test"]!["micro_f1"]!.GetValue<double>().ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void A_human_sees_leaderboard_and_verdict_within_80_columns()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", Flowers(120, seed: 5));
        var result = RouxProcess.Run(folder.Path, "develop", data, "--target", "kind", "--trials", "1", "--families", "logistic-regression");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("Verdict");
        result.Output.ShouldContain("flowers-kind/1");
        result.Output.ShouldNotContain("\u001b");
        result.Output.Split('\n').Where(line => !line.Contains("Report") && !line.Contains('/')).ShouldAllBe(line => line.Length <= 80);
    }

    [Fact]
    public void Ctrl_C_ends_the_search_and_finishes_with_what_there_is()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", Flowers(400, seed: 6));
        using var roux = RouxProcess.Start(folder.Path, "develop", data, "--target", "kind", "--time-budget", "10m", "--json");
        WaitForRuns(folder, 5);
        roux.Signal(2);
        var result = roux.Wait();
        result.ExitCode.ShouldBe(130, result.Error);
        result.Json["interrupted"]!.GetValue<bool>().ShouldBeTrue();
        result.Json["model_version"]!["version"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void A_job_stopped_by_Ctrl_C_is_taken_up_and_ends_as_if_it_had_not_been_stopped()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", Flowers(300, seed: 9));
        string[] arguments = ["develop", data, "--target", "kind", "--trials", "6", "--json"];
        using (var roux = RouxProcess.Start(folder.Path, arguments))
        {
            WaitForRuns(folder, 6);
            roux.Signal(2);
            roux.Wait().ExitCode.ShouldBe(130);
        }

        var resumed = RouxProcess.Run(folder.Path, [.. arguments, "--resume"]);
        resumed.ExitCode.ShouldBe(0, resumed.Error);
        var whole = RouxProcess.Run(folder.Path, [.. arguments, "--store", "other"]);
        Scores(resumed.Json).ShouldBe(Scores(whole.Json));
        string[] stored = [.. RouxProcess.Run(folder.Path, "show", resumed.Json["run_id"]!.GetValue<string>(), "--json").Json["findings"]!.AsArray().Select(finding => finding!["message"]!.GetValue<string>())];
        stored.Order().ShouldBe(resumed.Json["findings"]!.AsArray().Select(finding => finding!["message"]!.GetValue<string>()).Order());
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void A_killed_job_is_taken_up_where_it_was()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", Flowers(300, seed: 8));
        string[] arguments = ["develop", data, "--target", "kind", "--trials", "6", "--json"];
        using (var roux = RouxProcess.Start(folder.Path, arguments))
        {
            WaitForRuns(folder, 6);
            roux.Signal(9);
        }

        var resumed = RouxProcess.Run(folder.Path, [.. arguments, "--resume"]);
        resumed.ExitCode.ShouldBe(0, resumed.Error);
        var whole = RouxProcess.Run(folder.Path, [.. arguments, "--store", "other"]);
        Scores(resumed.Json).ShouldBe(Scores(whole.Json));

        var again = RouxProcess.Run(folder.Path, [.. arguments, "--resume"]);
        again.ExitCode.ShouldBe(2);
        again.Error.ShouldContain("--resume");
    }

    private static string[] Scores(JsonNode json) => [.. json["candidates"]!.AsArray().Select(candidate => $"{candidate!["name"]} {candidate["cv_mean"]}")];

    /// <summary>Three kinds of flowers that two measures and a colour tell apart, mostly.</summary>
    internal static string Flowers(int rows, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("length,width,colour,kind\n");
        string[] kinds = ["rose", "tulip", "violet"];
        for (var i = 0; i < rows; i++)
        {
            var kind = random.Next(3);
            var length = 3 + 2 * kind + random.NextDouble() * 2.2;
            var width = 4 - kind + random.NextDouble() * 1.5;
            var colour = random.NextDouble() < 0.7 ? new[] { "red", "yellow", "blue" }[kind] : "white";
            text.Append(CultureInfo.InvariantCulture, $"{length:F2},{(random.Next(20) == 0 ? "" : width.ToString("F2", CultureInfo.InvariantCulture))},{colour},{kinds[kind]}\n");
        }

        return text.ToString();
    }

    private static void WaitForRuns(TemporaryFolder folder, int count)
    {
        var store = Path.Combine(folder.Path, ".roux");
        for (var i = 0; i < 600; i++)
        {
            if (Directory.Exists(store) && Directory.EnumerateFiles(store, "fold_predictions.f64", SearchOption.AllDirectories).Count() >= count)
            {
                return;
            }

            Thread.Sleep(100);
        }

        throw new TimeoutException($"no {count} candidates were scored within a minute");
    }
}
