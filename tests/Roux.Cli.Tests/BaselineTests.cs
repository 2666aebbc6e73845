using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests;

/// <summary>What was there before a model: <c>roux baseline</c>, and an existing system within <c>roux develop</c>.</summary>
public sealed class BaselineTests
{
    [Fact]
    public void Baselines_are_scored_and_suggested_rules_run_unchanged()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", DevelopTests.Flowers(300, seed: 1));
        var result = RouxProcess.Run(folder.Path, "baseline", data, "--target", "kind", "--suggest-rules", "--out", "rules.json", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var json = result.Json;
        var names = json["baselines"]!.AsArray().Select(baseline => baseline!["name"]!.GetValue<string>()).ToList();
        names[0].ShouldBe("suggested-rules");
        names.ShouldBe(["suggested-rules", "one-rule", "random", "zero-rule"], ignoreOrder: true);
        json["baselines"]![0]!["cv_mean"]!.GetValue<double>().ShouldBeGreaterThan(0.7);
        json["baselines"]![0]!["test"]!["accuracy"]!.GetValue<double>().ShouldBeGreaterThan(0.6);
        json["baselines"]![0]!["ci95"]!.AsArray().Count.ShouldBe(2);
        json["suggestion"]!["held_out"]!["rows"]!.GetValue<int>().ShouldBe(json["rows"]!["test"]!.GetValue<int>());

        var again = RouxProcess.Run(folder.Path, "baseline", data, "--target", "kind", "--rules", "rules.json", "--json").Json;
        var rules = again["baselines"]!.AsArray().Single(baseline => baseline!["name"]!.GetValue<string>() == "rules")!;
        rules["test"]!["accuracy"]!.GetValue<double>().ShouldBe(json["baselines"]![0]!["test"]!["accuracy"]!.GetValue<double>(), 1e-12);
        again["rules"]!["rules"]!.AsArray().Sum(rule => rule!["decides"]!.GetValue<int>()).ShouldBe(again["rules"]!["rows"]!.GetValue<int>());

        var runs = RouxProcess.Run(folder.Path, "runs", "--all", "--json").Json["runs"]!.AsArray().Select(run => run!["name"]!.GetValue<string>()).ToList();
        runs.Count(name => name == "baseline").ShouldBe(2);
        runs.ShouldContain("suggested-rules");
        runs.ShouldContain("rules");
    }

    [Fact]
    public void A_person_sees_it_within_80_columns()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", DevelopTests.Flowers(200, seed: 4));
        folder.Write("rules.json", """[{"if": "\"length\" > 7", "then": "violet"}, {"if": "colour = 'blue'", "then": "violet"}, {"if": "\"length\" > 8", "then": "rose"}, {"else": "rose"}]""");
        var result = RouxProcess.Run(folder.Path, "baseline", data, "--target", "kind", "--rules", "rules.json", "--suggest-rules");
        result.ExitCode.ShouldBe(0, result.Error);
        foreach (var text in new[] { "suggested-rules", "zero-rule", "Your rules", "taken by rule 1", "Suggested rules", "held out", "Rules 2, 3 decide" })
        {
            result.Output.ShouldContain(text);
        }

        result.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
    }

    [Fact]
    public void An_existing_system_competes_fold_by_fold_and_the_verdict_says_by_how_much_it_is_beaten()
    {
        using var folder = new TemporaryFolder();
        var (data, predictions) = Keyed(folder, 300, right: 0.5);
        var json = Develop(folder, data, "--existing", predictions, "--key", "id");
        var candidate = json["candidates"]!.AsArray().Single(candidate => candidate!["name"]!.GetValue<string>() == "existing")!;
        candidate["family"]!.GetValue<string>().ShouldBe("existing");
        candidate["folds"]!.GetValue<int>().ShouldBe(json["data"]!["folds"]!.GetValue<int>());
        candidate["p_against_best"]!.GetValue<double>().ShouldBeLessThan(0.05);
        json["winner"]!.GetValue<string>().ShouldNotBe("existing");
        json["verdict"]!.GetValue<string>().ShouldContain("beats the existing system by");
        var existing = json["evidence"]!["existing"]!;
        existing["gain"]!["ci95"]![0]!.GetValue<double>().ShouldBeGreaterThan(0);
        var gain = json["test"]!["macro_f1"]!.GetValue<double>() - existing["test"]!["macro_f1"]!.GetValue<double>();
        existing["gain"]!["estimate"]!.GetValue<double>().ShouldBe(gain, 1e-9);
        existing["run_id"]!.GetValue<string>().ShouldBe(candidate["run_id"]!.GetValue<string>());
        File.ReadAllText(json["report"]!.GetValue<string>()).ShouldContain("What was there before");
    }

    [Fact]
    public void A_better_existing_system_is_kept_and_is_never_the_model_to_register()
    {
        using var folder = new TemporaryFolder();
        var (data, predictions) = Keyed(folder, 300, right: 1);
        var json = Develop(folder, data, "--existing", predictions, "--key", "id", "--prefer", "simple", "--drop", "length", "--drop", "width");
        json["candidates"]![0]!["name"]!.GetValue<string>().ShouldBe("existing");
        json["winner"]!.GetValue<string>().ShouldNotBe("existing");
        json["verdict"]!.GetValue<string>().ShouldContain("keep it");
        json["verdict"]!.GetValue<string>().ShouldNotContain("little signal");
        json["findings"]!.AsArray().ShouldContain(finding => finding!["check"]!.GetValue<string>() == "existing-system-not-beaten");
    }

    [Fact]
    public void Predictions_for_the_test_file_alone_are_compared_there()
    {
        using var folder = new TemporaryFolder();
        var (data, predictions) = Keyed(folder, 300, right: 0.6);
        var lines = File.ReadAllLines(data);
        var train = folder.Write("train.csv", string.Join('\n', lines.Take(201)));
        var test = folder.Write("test.csv", string.Join('\n', lines.Take(1).Concat(lines.Skip(201))));
        var answers = File.ReadAllLines(predictions);
        File.WriteAllLines(predictions, answers.Take(1).Concat(answers.Skip(201)));
        var json = Develop(folder, train, "--test", test, "--existing", predictions, "--key", "id");
        json["candidates"]!.AsArray().ShouldNotContain(candidate => candidate!["name"]!.GetValue<string>() == "existing");
        json["evidence"]!["existing"]!["cross_validated"].ShouldBeNull();
        json["evidence"]!["existing"]!["gain"]!["estimate"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("no key", "--key COL")]
    [InlineData("key is no column", "did you mean 'id'")]
    [InlineData("key is the target", "that is the target")]
    [InlineData("predictions missing", "no such file")]
    [InlineData("rows without prediction", "--existing-default CLASS")]
    [InlineData("unknown label", "unknown labels 'daisy'")]
    [InlineData("option without system", "belongs to --existing SOURCE")]
    [InlineData("secret as header", "--existing-header-env: give NAME=ENVVAR")]
    [InlineData("nobody listens", "cannot be reached")]
    [InlineData("not an address", "not an http:// or https:// address")]
    [InlineData("no onnx", "not a usable ONNX model")]
    [InlineData("rules are no json", "not valid JSON")]
    [InlineData("rule file missing", "Could not find file")]
    [InlineData("rule with unknown column", "lenght")]
    [InlineData("rule with unknown class", "'daisy', which is not a class")]
    [InlineData("out without suggestion", "--suggest-rules")]
    [InlineData("suggestion for several labels", "one answer a row")]
    public void What_is_wrong_is_told_in_one_line(string what, string says)
    {
        using var folder = new TemporaryFolder();
        var (data, predictions) = Keyed(folder, 60, right: 0.7);
        var target = "kind";
        string[] extra = [];
        switch (what)
        {
            case "no key": extra = ["--existing", predictions]; break;
            case "key is no column": extra = ["--existing", predictions, "--key", "idd"]; break;
            case "key is the target": extra = ["--existing", predictions, "--key", "kind"]; break;
            case "predictions missing": extra = ["--existing", "nothing.csv", "--key", "id"]; break;
            case "rows without prediction": File.WriteAllLines(predictions, File.ReadAllLines(predictions).Take(30)); extra = ["--existing", predictions, "--key", "id"]; break;
            case "unknown label": File.WriteAllText(predictions, File.ReadAllText(predictions).Replace("tulip", "daisy")); extra = ["--existing", predictions, "--key", "id"]; break;
            case "option without system": extra = ["--key", "id"]; break;
            case "secret as header": extra = ["--existing", "http://127.0.0.1:9/score", "--existing-header-env", "Authorization=Bearer s3cret"]; break;
            case "nobody listens": extra = ["--existing", "http://127.0.0.1:9/score"]; break;
            case "not an address": extra = ["--existing", "ftp://127.0.0.1/score"]; break;
            case "no onnx": extra = ["--existing", folder.Write("m.onnx", "no model")]; break;
            case "rules are no json": extra = ["--rules", folder.Write("r.json", "if x then y")]; break;
            case "rule file missing": extra = ["--rules", "nothing.json"]; break;
            case "rule with unknown column": extra = ["--rules", folder.Write("r.json", """[{"if": "lenght > 3", "then": "rose"}, {"else": "rose"}]""")]; break;
            case "rule with unknown class": extra = ["--rules", folder.Write("r.json", """[{"if": "\"length\" > 3", "then": "daisy"}, {"else": "rose"}]""")]; break;
            case "out without suggestion": extra = ["--out", "r.json"]; break;
            case "suggestion for several labels":
                folder.Write("keyed.csv", "x,labels\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7},{(i % 2 == 0 ? "a|b" : "b|c")}\n")));
                (target, extra) = ("labels", ["--task", "multilabel", "--separator", "|", "--suggest-rules"]);
                break;
            default: throw new ArgumentException(what);
        }

        var result = RouxProcess.Run(folder.Path, ["baseline", data, "--target", target, "--json", .. extra]);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Output.ShouldBe("");
        var last = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Last();
        last.ShouldStartWith("roux: ");
        last.ShouldContain(says);
        result.Error.ShouldNotContain("   at ");
        result.Error.ShouldNotContain("s3cret");
    }

    private static JsonNode Develop(TemporaryFolder folder, string data, params string[] extra)
    {
        var result = RouxProcess.Run(folder.Path, ["develop", data, "--target", "kind", "--trials", "0", "--families", "logistic-regression", "--no-ensemble", "--json", .. extra]);
        result.ExitCode.ShouldBe(0, result.Error);
        return result.Json;
    }

    /// <summary>Flowers with a key, and answers of a system that is right for a share of them.</summary>
    private static (string Data, string Predictions) Keyed(TemporaryFolder folder, int rows, double right)
    {
        var lines = DevelopTests.Flowers(rows, seed: 3).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var random = new Random(5);
        string[] kinds = ["rose", "tulip", "violet"];
        var data = new StringBuilder($"id,{lines[0]}\n");
        var predictions = new StringBuilder("id,prediction\n");
        for (var i = 1; i < lines.Length; i++)
        {
            data.Append(CultureInfo.InvariantCulture, $"{i * 7},{lines[i]}\n");
            predictions.Append(CultureInfo.InvariantCulture, $"{i * 7},{(random.NextDouble() < right ? lines[i].Split(',')[^1] : kinds[random.Next(3)])}\n");
        }

        return (folder.Write("keyed.csv", data.ToString()), folder.Write("predictions.csv", predictions.ToString()));
    }
}
