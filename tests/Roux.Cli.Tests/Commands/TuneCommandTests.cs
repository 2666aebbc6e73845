using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

public sealed class TuneCommandTests
{
    private const string Space = """{"x":{"type":"float","low":-2,"high":2},"kind":{"type":"categorical","choices":["a","b"]},"depth":{"type":"int","low":1,"high":9,"when":{"kind":["a"]}}}""";

    [Fact]
    public void Any_program_is_tuned_and_every_trial_is_a_run()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        var result = RouxProcess.Run(folder.Path, ["tune", "--space", "space.json", "--metric", "loss", "--trials", "8", "-j", "2", "--json", "--",
            "sh", "-c", "echo starting; echo step 0 loss=9; echo '{\"step\": 1, \"loss\": '$0'}'", "{x}", "--depth", "{depth}"]);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json["complete"]!.GetValue<int>().ShouldBe(8);
        var best = result.Json["best"]!;
        best["value"]!.GetValue<double>().ShouldBe(best["params"]!["x"]!.GetValue<double>(), 1e-9);
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var trials = tracker.SearchRuns(new RunQuery { Filter = $"attributes.parent_run_id = '{result.Json["run_id"]!.GetValue<string>()}'" });
        trials.Count.ShouldBe(8);
        foreach (var trial in trials)
        {
            tracker.GetMetric(trial.Id, "loss").Select(point => point.Step).ShouldBe([0, 1]);
            trial.Metric("objective")!.Value.ShouldBe(double.Parse(trial.Params["x"], System.Globalization.CultureInfo.InvariantCulture), 1e-9);
            File.ReadAllText(tracker.ArtifactFile(trial.Id, "output.log")).ShouldStartWith("starting");
        }
    }

    [Fact]
    public void What_goes_wrong_with_a_program_is_told_and_nothing_hangs()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", """{"x":{"type":"float","low":0,"high":1}}""");
        RouxProcess Tune(params string[] rest) => RouxProcess.Start(folder.Path, ["tune", "--space", "space.json", "--metric", "loss", "--trials", "1", .. rest]);
        void Fails(string said, int code, params string[] rest)
        {
            using var roux = Tune(rest);
            var result = roux.Wait();
            result.ExitCode.ShouldBe(code, result.Error);
            (result.Error + result.Output).ShouldContain(said);
        }

        Fails("printed no 'loss=NUMBER'", 1, "--", "true");
        Fails("exit code 3", 1, "--", "sh", "-c", "echo loss=1; exit 3");
        Fails("loss is NaN", 1, "--", "sh", "-c", "echo loss=nan");
        Fails("took longer than 1 s", 1, "--trial-timeout", "1s", "--", "sh", "-c", "sleep 300 & sleep 300");
        Fails("no such program", 2, "--", "no-such-program-here");
        Fails("'{y}': no such parameter. Parameters: x", 2, "--", "echo", "{y}");
        folder.Write("space.json", """{"x":{"type":"float","low":1,"high":0}}""");
        Fails("'x': [1, 0] is not a range", 2, "--", "echo", "{x}");
        folder.Write("space.json", "x: {type: float, low: 0, high: [}");
        Fails("--space 'space.json'", 2, "--", "echo", "{x}");
    }

    [Fact]
    public void Yaml_pruning_and_a_target_work()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.yaml", "x: {type: float, low: 0, high: 1}\nkind:\n  type: categorical\n  choices: [a, b]\n");
        using var roux = RouxProcess.Start(folder.Path, "tune", "--space", "space.yaml", "--metric", "acc", "--direction", "maximize", "--trials", "60", "--target", "0.9", "--pruner", "median", "--sampler", "random", "--json",
            "--", "sh", "-c", "echo acc={x}; sleep 0.05; echo acc={x}");
        var result = roux.Wait();
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json["end"]!.GetValue<string>().ShouldBe("target");
        result.Json["best"]!["value"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(0.9);
        result.Json["trials"]!.GetValue<int>().ShouldBeLessThan(60);
    }
}
