using Roux.Cli.Studies;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Studies;

public sealed class TrialProgramTests
{
    private const string Space = """{"x":{"type":"float","low":0,"high":1}}""";

    [Fact]
    public void The_metric_comes_from_a_file_too_and_a_trial_knows_what_is_its_own()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        const string Script = """
            echo "loss=99"; echo state > "$ROUX_CHECKPOINT_DIR/state"; pwd > where
            printf '{"metric":"loss","value":5,"step":0}\n{"metrics":{"loss":%s},"step":1}' "$ROUX_PARAM_X" >> "$ROUX_METRICS_FILE"
            echo "$CUDA_VISIBLE_DEVICES $OMP_NUM_THREADS $ROUX_TRIAL $MLFLOW_RUN_ID $ROUX_RUN_ID" > mine
            """;
        var result = RouxProcess.Run(folder.Path, "tune", "--space", "space.json", "--metric", "loss", "--metric-from", "file", "--trials", "4", "--gpus", "3,5", "--cores-per-trial", "1", "--own-folder", "--json",
            "--", "sh", "-c", Script);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json["complete"]!.GetValue<int>().ShouldBe(4);
        result.Json["best"]!["value"]!.GetValue<double>().ShouldBe(result.Json["best"]!["params"]!["x"]!.GetValue<double>(), 1e-9);
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var gpus = new List<string>();
        foreach (var trial in Directory.GetDirectories(Path.Combine(folder.Path, ".roux", "studies", result.Json["run_id"]!.GetValue<string>()), "trial-*"))
        {
            var mine = File.ReadAllText(Path.Combine(trial, "mine")).Split(' ', StringSplitOptions.TrimEntries);
            gpus.Add(mine[0]);
            mine[1].ShouldBe("1");
            Path.GetFileName(trial).ShouldBe("trial-" + mine[2]);
            mine[3].ShouldBe(mine[4]);
            tracker.GetMetric(mine[4], "loss").Select(point => point.Step).ShouldBe([0, 1]);
            File.Exists(Path.Combine(trial, "checkpoints", "state")).ShouldBeTrue();
            File.ReadAllText(Path.Combine(trial, "where")).Trim().ShouldEndWith(Path.GetFileName(trial));
        }

        gpus.ShouldBeSubsetOf(["3", "5"]);
        gpus.Count.ShouldBe(4);
    }

    [Fact]
    public void The_metric_comes_from_the_store_when_a_program_logs_by_itself()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        using var roux = RouxProcess.Start(folder.Path, "tune", "--space", "space.json", "--metric", "loss", "--trials", "1", "--json", "--", "sh", "-c", "echo $ROUX_RUN_ID > id.part; mv id.part id; while [ ! -e go ]; do sleep 0.05; done");
        var id = Path.Combine(folder.Path, "id");
        for (var i = 0; i < 2_000 && !File.Exists(id); i++)
        {
            Thread.Sleep(10);
        }

        using (var tracker = Tracker.Open(Path.Combine(folder.Path, ".roux"), new TrackerOptions { HandleProcessEnd = false }))
        {
            tracker.Resume(File.ReadAllText(id).Trim()).LogMetric("loss", 0.5, 3).Flush();
            folder.Write("go", "");
            var result = roux.Wait();
            result.ExitCode.ShouldBe(0, result.Error);
            result.Json["best"]!["value"]!.GetValue<double>().ShouldBe(0.5);
        }
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void A_gigabyte_of_output_and_children_left_behind_stop_nothing()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        var result = RouxProcess.Run(folder.Path, "tune", "--space", "space.json", "--metric", "loss", "--trials", "1", "--json", "--", "sh", "-c", "head -c 1000000000 /dev/zero; echo; echo loss=1; (sleep 60 &) ; setsid sleep 60 &");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json["best"]!["value"]!.GetValue<double>().ShouldBe(1);
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var trial = tracker.SearchRuns(new RunQuery { Filter = "tags.`roux.trial.state` = 'complete'" }).ShouldHaveSingleItem();
        new FileInfo(tracker.ArtifactFile(trial.Id, "output.log")).Length.ShouldBe(16 << 20);
        trial.Warnings.ShouldContain(warning => warning.Message.Contains("the rest was dropped"));
    }

    [Theory]
    [InlineData(null, null, null, 0, 1)]
    [InlineData(4, null, null, 0, 4)]
    [InlineData(null, 3, null, 0, 2)]
    [InlineData(8, 3, null, 0, 2)]
    [InlineData(8, null, 4L, 0, 2)]
    [InlineData(null, null, null, 2, 4)]
    [InlineData(3, 1, 1L, 2, 3)]
    public void No_more_trials_run_than_fit(int? parallel, int? cores, long? memory, int gpus, int places) =>
        TrialPlaces.Of(parallel, cores, memory, [.. Enumerable.Range(0, gpus).Select(gpu => $"{gpu}")], 2, cores: 8, memory: 9).Count.ShouldBe(places);
}
