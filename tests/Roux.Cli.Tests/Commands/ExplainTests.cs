using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

/// <summary>Explanations and assumptions through the real command line.</summary>
public sealed class ExplainTests
{
    [Fact]
    public void A_model_and_a_row_are_explained_and_assumptions_told()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("loans.csv", Loans(220));
        var developed = RouxProcess.Run(folder.Path, "develop", data, "--target", "paid", "--trials", "1", "--families", "logistic-regression,lightgbm", "--no-ensemble", "--json");
        developed.ExitCode.ShouldBe(0, developed.Error);
        var evidence = developed.Json["evidence"]!;
        evidence["explanations"]!["additivity_gap"]!.GetValue<double>().ShouldBeLessThan(1e-5);
        evidence["explanations"]!["importance"]![0]!["column"]!.GetValue<string>().ShouldBeOneOf("income", "debt");
        evidence["assumptions"]!["checks"]!.AsArray().Count.ShouldBeGreaterThan(5);
        var report = File.ReadAllText(developed.Json["report"]!.GetValue<string>());
        report.ShouldContain("Contributions, row by row");
        report.ShouldContain("What the learners take for granted");

        var whole = RouxProcess.Run(folder.Path, "explain", "loans-paid", data, "--target", "paid", "--rows", "40", "--out", "why", "--json");
        whole.ExitCode.ShouldBe(0, whole.Error);
        whole.Json["rows"]!.GetValue<int>().ShouldBe(40);
        whole.Json["permutation"]!.AsArray().Count.ShouldBe(4);
        foreach (var name in new[] { "importance", "contributions", "permutation", "dependence_1" })
        {
            File.ReadAllText(Path.Combine(folder.Path, "why", name + ".svg")).ShouldStartWith("<svg");
        }

        JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "why", "explanation.json")))!["importance"].ShouldNotBeNull();

        var row = RouxProcess.Run(folder.Path, "explain", "loans-paid", data, "--row", "3", "--target", "paid", "--keep", "region", "--column", "debt", "--json");
        row.ExitCode.ShouldBe(0, row.Error);
        var contributions = row.Json["explanation"]!["contributions"]!.AsArray().Sum(column => column!["values"]!["yes"]!.GetValue<double>());
        (row.Json["explanation"]!["expectation"]!["yes"]!.GetValue<double>() + contributions).ShouldBe(row.Json["explanation"]!["score"]!["yes"]!.GetValue<double>(), 1e-9);
        var found = row.Json["counterfactuals"]!["found"]!.AsArray();
        found.Count.ShouldBeGreaterThan(0);
        found.SelectMany(counterfactual => counterfactual!["changes"]!.AsArray()).Select(change => change!["column"]!.GetValue<string>()).ShouldNotContain("region");
        row.Json["contrary_examples"]!.AsArray().Count.ShouldBe(3);
        row.Json["dependence"]!.AsArray().Count.ShouldBe(1);

        var text = RouxProcess.Run(folder.Path, "explain", "loans-paid", data, "--row", "3");
        text.Output.ShouldContain("What would have to be different");
        text.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);

        foreach (var (arguments, message) in new (string[], string)[]
        {
            (["--row", "900"], "has rows 1 to 220"), (["--column", "incom"], "'income'"), (["--to", "yes"], "give it with --row"), (["--row", "1", "--to", "maybe"], "--to 'maybe'"),
            (["--row", "1", "--keep", "regoin"], "'region'"), (["--rows", "0"], "from 1 up"), (["--target", "pait"], "'paid'"),
        })
        {
            var wrong = RouxProcess.Run(folder.Path, ["explain", "loans-paid", data, .. arguments]);
            wrong.ExitCode.ShouldBe(2, wrong.Error);
            wrong.Error.ShouldContain(message);
        }
    }

    [Fact]
    public void Assumptions_are_checked_without_a_search()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("loans.csv", Loans(150));
        var result = RouxProcess.Run(folder.Path, "assumptions", data, "--target", "paid", "--families", "logistic-regression", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var checks = result.Json["checks"]!.AsArray();
        checks.ShouldAllBe(check => check!["learners"]!.AsArray().All(learner => learner!.GetValue<string>() == "logistic-regression"));
        checks.Select(check => check!["status"]!.GetValue<string>()).ShouldAllBe(status => status == "holds" || status == "doubtful" || status == "violated" || status == "not_checked");
        var text = RouxProcess.Run(folder.Path, "assumptions", data, "--target", "paid");
        text.Output.ShouldContain("rows are independent");
        text.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
        var wrong = RouxProcess.Run(folder.Path, "assumptions", data, "--target", "pait");
        wrong.ExitCode.ShouldBe(2);
        wrong.Error.ShouldContain("'paid'");
    }

    private static string Loans(int rows)
    {
        var random = new Random(9);
        var csv = new StringBuilder("income,debt,region,age,paid\n");
        for (var row = 0; row < rows; row++)
        {
            var (income, debt) = (random.NextDouble() * 100, random.NextDouble() * 50);
            var paid = income - 1.2 * debt + 20 * random.NextDouble() > 30;
            csv.Append(CultureInfo.InvariantCulture, $"{income:0.00},{debt:0.00},{new[] { "north", "south", "west" }[random.Next(3)]},{random.Next(18, 80)},{(paid ? "yes" : "no")}\n");
        }

        return csv.ToString();
    }
}
