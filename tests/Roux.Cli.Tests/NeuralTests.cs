using System.Globalization;
using System.Text;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests;

/// <summary>The neural learner through the command line, in processes of their own.</summary>
public sealed class NeuralTests
{
    [Fact]
    [Trait("Speed", "slow")]
    public void A_network_is_developed_registered_and_predicts_in_another_process_and_is_left_out_unless_asked_for()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("rings.csv", Rings(200));
        var result = RouxProcess.Run(folder.Path, "develop", data, "--target", "place", "--trials", "1", "--families", "mlp", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var names = result.Json["candidates"]!.AsArray().Select(candidate => candidate!["name"]!.GetValue<string>()).ToList();
        names.ShouldContain("mlp");
        names.ShouldNotContain("lightgbm");
        result.Json["test"]!["accuracy"]!.GetValue<double>().ShouldBeGreaterThan(0.8);

        var predicted = RouxProcess.Run(folder.Path, "predict", "rings-place", data, "--out", "out.csv");
        predicted.ExitCode.ShouldBe(0, predicted.Error);
        File.ReadLines(Path.Combine(folder.Path, "out.csv")).Count().ShouldBe(201);

        var plain = RouxProcess.Run(folder.Path, "baseline", data, "--target", "place", "--json");
        plain.ExitCode.ShouldBe(0, plain.Error);
        plain.Output.ShouldNotContain("\"mlp\"");
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void The_recipe_looks_into_a_network()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("rings.csv", Rings(300));
        var result = RouxProcess.Run(folder.Path, "debug", data, "--target", "place", "--recipe", "--families", "mlp", "--time-budget", "60s", "--json");
        result.ExitCode.ShouldBe(0, result.Output + result.Error);
        var steps = result.Json["steps"]!.AsArray();
        steps.Select(step => (string?)step!["outcome"]).ShouldNotContain("skipped");
        ((string?)steps[4]!["proof"]).ShouldNotBeNull().ShouldStartWith("27 checks of the network");
    }

    private static string Rings(int rows)
    {
        var random = new Random(1);
        var text = new StringBuilder("x,y,kind,place\n");
        for (var row = 0; row < rows; row++)
        {
            var (x, y, kind) = (random.NextDouble() * 4 - 2, random.NextDouble() * 4 - 2, random.Next(2));
            text.Append(CultureInfo.InvariantCulture, $"{x:F4},{y:F4},{(kind == 0 ? "a" : "b")},{(Math.Sqrt(x * x + y * y) + 0.5 * kind < 1.7 ? "inside" : "outside")}\n");
        }

        return text.ToString();
    }
}
