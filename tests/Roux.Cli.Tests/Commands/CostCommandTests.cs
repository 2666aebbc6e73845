using System.Globalization;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

/// <summary>Models measured through the real command line, in processes of their own.</summary>
public sealed class CostCommandTests
{
    [Fact]
    public void A_model_is_measured_in_a_process_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var data = Develop(folder, "--rates", folder.Write("rates.json", """{"currency": "EUR", "cpu_hour": 0.04, "memory_gb_hour": 0.005, "predictions_per_month": 1e6}"""), out var developed);

        var costs = developed["evidence"]!["costs"]!;
        costs["within_limits"]!.GetValue<bool>().ShouldBeTrue();
        costs["candidates"]!.AsArray().Count.ShouldBe(developed["candidates"]!.AsArray().Select(candidate => candidate!["learner"]!.ToString()).Distinct().Count());
        var winner = costs["candidates"]!.AsArray().Single(candidate => candidate!["name"]!.ToString() == costs["winner"]!.ToString())!;
        winner["fit"]!["measured"]!.GetValue<bool>().ShouldBeTrue();
        winner["fit"]!["energy_source"]!.ToString().ShouldBeOneOf("estimate", "rapl");
        winner["measured"]!["own_process"]!.GetValue<bool>().ShouldBeTrue();
        winner["file_bytes"]!.GetValue<long>().ShouldBeGreaterThan(0);
        winner["monthly_serving_cost"]!.GetValue<double>().ShouldBeGreaterThan(0);
        winner["misses"]!.AsArray().ShouldBeEmpty();
        costs["fronts"]!["latency_us"]!.AsArray().Single(point => point!["name"]!.ToString() == winner["name"]!.ToString())!["cost"]!.GetValue<double>().ShouldBe(winner["measured"]!["latency_us"]!["p50"]!.GetValue<double>());
        File.ReadAllText(developed["report"]!.ToString()).ShouldContain("What it costs");

        var json = RouxProcess.Run(folder.Path, "cost", "flowers-kind", data, "--seconds", "0.2", "--rows", "50", "--json").Json;
        json["latency_us"]!["p50"]!.GetValue<double>().ShouldBeGreaterThan(0);
        json["latency_us"]!["p99"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(json["latency_us"]!["p50"]!.GetValue<double>());
        json["rows"]!.GetValue<int>().ShouldBe(50);
        json["own_process"]!.GetValue<bool>().ShouldBeTrue();
        json["rows_per_second"]!.GetValue<double>().ShouldBeGreaterThan(0);
        json["cold_start_seconds"]!.GetValue<double>().ShouldBeGreaterThan(json["load_seconds"]!.GetValue<double>());
        json["size_bytes"]!.GetValue<double>().ShouldBe(winner["file_bytes"]!.GetValue<double>(), 1_000); // the registered file also says where it comes from

        var text = RouxProcess.Run(folder.Path, "cost", "flowers-kind", data, "--seconds", "0.2");
        text.ExitCode.ShouldBe(0, text.Error);
        text.Output.ShouldContain("Single row  p50");
        text.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
    }

    [Fact]
    public void Wrong_calls_are_told()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", DevelopTests.Flowers(20, seed: 1));
        var broken = folder.Write("broken.roux", "not a model");
        Refused("not a usable model file", "cost", broken, data);
        Refused("--seconds", "cost", broken, data, "--seconds", "0");
        Refused("--rows", "cost", broken, data, "--rows", "0");
        Refused("--rates", "cost", broken, data, "--rates", "none.json");
        Refused("a time with its unit", "develop", data, "--target", "kind", "--max-latency", "5");
        Refused("a size with its unit", "develop", data, "--target", "kind", "--max-size", "5ms");
        Refused("give --rates FILE", "develop", data, "--target", "kind", "--max-cost", "5");

        // The worker itself: a file that is no model is an answer, not a crash.
        var worker = RouxProcess.Run(folder.Path, "measure-model", broken);
        worker.ExitCode.ShouldBe(2);
        worker.Json["error"]!.ToString().ShouldContain("not a model file");

        void Refused(string expected, params string[] call)
        {
            var result = RouxProcess.Run(folder.Path, call);
            result.ExitCode.ShouldBe(2, result.Error);
            result.Error.ShouldContain(expected);
        }
    }

    [Fact]
    public void A_worker_that_is_killed_is_an_error_that_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "looks for the worker in /proc");
        using var folder = new TemporaryFolder();
        var data = Develop(folder, "--max-fit-time", "1h", out _);
        using var roux = RouxProcess.Start(folder.Path, "cost", "flowers-kind", data, "--seconds", "120");
        Kill(Child(roux.Id));
        var result = roux.Wait();
        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("the process that measures the model did not finish: ended by SIGKILL");
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public void Where_nothing_keeps_to_the_limits_nothing_is_registered()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", DevelopTests.Flowers(150, seed: 3));
        var result = RouxProcess.Run(folder.Path, "develop", data, "--target", "kind", "--trials", "0", "--families", "logistic-regression", "--max-size", "200B", "--json");
        result.ExitCode.ShouldBe(1, result.Error);
        var json = result.Json;
        json["model_version"].ShouldBeNull();
        json["evidence"]!["costs"]!["within_limits"]!.GetValue<bool>().ShouldBeFalse();
        json["findings"]!.AsArray().Select(finding => finding!["check"]!.ToString()).ShouldContain("no-candidate-within-limits");
        json["verdict"]!.ToString().ShouldContain("No candidate keeps to the limits (file up to 200 B)");
        File.ReadAllText(json["report"]!.ToString()).ShouldContain("Not registered.");
    }

    [Theory]
    [InlineData("2ms", 0.002)]
    [InlineData("500us", 0.0005)]
    [InlineData("1.5 s", 1.5)]
    [InlineData("2m", 120)]
    public void Times_have_units(string text, double seconds) => Amounts.Seconds("--max-latency", text)!.Value.ShouldBe(seconds, 1e-12);

    [Theory]
    [InlineData("5MB", 5e6)]
    [InlineData("1.5gb", 1.5e9)]
    [InlineData("2KiB", 2048)]
    [InlineData("100B", 100)]
    public void Sizes_have_units(string text, double bytes) => Amounts.Bytes("--max-size", text)!.Value.ShouldBe(bytes);

    [Theory]
    [InlineData("5")]
    [InlineData("0MB")]
    [InlineData("-1MB")]
    [InlineData("MB")]
    [InlineData("1e3MB")]
    [InlineData("")]
    [InlineData("5 parsecs")]
    public void What_is_no_size_is_refused(string text) => Should.Throw<UsageException>(() => Amounts.Bytes("--max-size", text)).Message.ShouldContain("5MB");

    private static string Develop(TemporaryFolder folder, string option, string value, out System.Text.Json.Nodes.JsonNode json)
    {
        var data = folder.Write("flowers.csv", DevelopTests.Flowers(120, seed: 2));
        var result = RouxProcess.Run(folder.Path, "develop", data, "--target", "kind", "--trials", "0", "--families", "logistic-regression", "--no-ensemble", option, value, "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        json = result.Json;
        return data;
    }

    /// <summary>The process that measures, once it is there.</summary>
    private static int Child(int parent)
    {
        for (var i = 0; i < 600; i++)
        {
            foreach (var task in Directory.EnumerateDirectories($"/proc/{parent}/task"))
            {
                foreach (var child in File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (File.ReadAllText($"/proc/{child}/cmdline").Contains("measure-model", StringComparison.Ordinal))
                    {
                        return int.Parse(child, CultureInfo.InvariantCulture);
                    }
                }
            }

            Thread.Sleep(50);
        }

        throw new TimeoutException("no worker was started");
    }

    private static void Kill(int process)
    {
        using var worker = System.Diagnostics.Process.GetProcessById(process);
        worker.Kill();
    }
}
