using System.Diagnostics;
using System.Text.Json;
using Roux.Tracking.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

[Collection("console")]
public class RunCaptureTests
{
    [Fact]
    public void A_run_gets_code_environment_output_and_resources()
    {
        using var repository = new GitRepository();
        repository.Write("train.py", "x = 1\n");
        var commit = repository.Commit();
        repository.Write("train.py", "x = 2\n");
        using var folder = new TemporaryFolder();
        using var tracker = Tracker.Open(folder.At("store"));
        string id;
        using (var run = tracker.Experiment("e").StartRun("r"))
        {
            id = run.Id;
            using var capture = RunCapture.Begin(run, new CaptureOptions { WorkingDirectory = repository.Path });
            Console.WriteLine("epoch 1: loss 0.5");
            capture.WaitForRepository(TimeSpan.FromSeconds(20)).ShouldBeTrue();
        }

        var record = tracker.GetRun(id);
        record.Warnings.ShouldBeEmpty();
        record.Status.ShouldBe(RunStatus.Finished);
        record.Tags["mlflow.source.git.commit"].ShouldBe(commit);
        record.Tags["mlflow.source.git.branch"].ShouldBe("main");
        record.Tags["roux.git.dirty"].ShouldBe("true");
        record.Tags["mlflow.user"].ShouldBe(Environment.UserName);
        record.Tags["mlflow.source.type"].ShouldBe("LOCAL");
        record.Tags["roux.command"].ShouldContain("Roux.Tracking.Tests");
        record.Tags["roux.pid"].ShouldBe(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        File.ReadAllText(tracker.ArtifactFile(id, "output.log")).ShouldBe("epoch 1: loss 0.5" + Environment.NewLine);
        File.ReadAllText(tracker.ArtifactFile(id, "git.diff")).ShouldContain("+x = 2");
        using var json = JsonDocument.Parse(File.ReadAllText(tracker.ArtifactFile(id, "environment.json")));
        json.RootElement.GetProperty("git").GetProperty("commit").GetString().ShouldBe(commit);
        json.RootElement.GetProperty("packages").EnumerateArray().ShouldContain(p => p.GetProperty("name").GetString() == "Shouldly");
        if (OperatingSystem.IsLinux())
        {
            record.Metric("system/memory_mb")!.Value.ShouldBeGreaterThan(1);
            record.Metric("system/cpu_percent").ShouldNotBeNull();
            tracker.GetMetric(id, "system/memory_mb").Count.ShouldBe(2);
        }
    }

    [Fact]
    public void Data_named_by_a_command_is_identified_with_rows_columns_and_dvc_lineage()
    {
        using var folder = new TemporaryFolder();
        var csv = folder.Write("movies.csv", "a,b\n1,x\n2,y\n3,z\n");
#pragma warning disable CA5351 // DVC's files hold MD5: it names content there, it protects nothing.
        var md5 = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(File.ReadAllBytes(csv)));
#pragma warning restore CA5351
        folder.Write("movies.csv.dvc", $"outs:\n- md5: {md5}\n  size: 16\n  path: movies.csv\n");
        folder.Write("stale.csv", "a\n1\n");
        folder.Write("stale.csv.dvc", "outs:\n- md5: 00000000000000000000000000000000\n  path: stale.csv\n");
        folder.Write("out.csv", "from before\n");
        using var tracker = Tracker.Open(folder.At("store"));
        using var run = tracker.Experiment("e").StartRun();
        RunCapture.Begin(run, new CaptureOptions
        {
            Command = ["python", "train.py", "movies.csv", "--data=stale.csv", "--out", "out.csv", "--missing", "none.csv"], WorkingDirectory = folder.Path, Output = false, Resources = false,
        }).Dispose();

        var record = tracker.GetRun(run.Id);
        record.Datasets.Select(d => d.Dataset.Name).ShouldBe(["movies.csv", "stale.csv"], ignoreOrder: true);
        var data = record.Datasets.Single(d => d.Dataset.Name == "movies.csv");
        data.Context.ShouldBe("input");
        data.Dataset.Digest.ShouldBe("sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(csv))));
        data.Dataset.Rows.ShouldBe(3);
        data.Dataset.Bytes.ShouldBe(16);
        data.Dataset.Schema.ShouldBe("""[{"name":"a","type":"BIGINT"},{"name":"b","type":"VARCHAR"}]""");
        record.Tags["roux.dvc.movies.csv"].ShouldBe($"md5:{md5} {csv}.dvc");
        record.Warnings.ShouldBeEmpty();
        record.Findings.Where(f => f.Check == "dvc-changed").ShouldHaveSingleItem().Message.ShouldContain("stale.csv' has changed since DVC recorded it");
        record.Tags["mlflow.source.name"].ShouldBe("train.py");
        using var json = JsonDocument.Parse(File.ReadAllText(tracker.ArtifactFile(run.Id, "environment.json")));
        json.RootElement.GetProperty("dvc").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public void Findings_of_capture_stay_when_others_go_and_are_not_doubled_when_a_run_is_taken_up_again()
    {
        using var repository = new GitRepository();
        using var folder = new TemporaryFolder();
        using var tracker = Tracker.Open(folder.At("store"));
        using var run = tracker.Experiment("e").StartRun();
        run.LogFinding(new Finding("leak", Severity.High, "x"));
        for (var i = 0; i < 2; i++)
        {
            RunCapture.Begin(run, new CaptureOptions { WorkingDirectory = repository.Path, Output = false, Resources = false, Environment = false }).Dispose();
            run.Flush();
            tracker.GetRun(run.Id).Findings.Select(f => f.Check).ShouldBe(["leak", "git-no-commit"]);
        }

        run.ForgetFindings().Flush();
        tracker.GetRun(run.Id).Findings.ShouldHaveSingleItem().Check.ShouldBe("git-no-commit");
    }

    [Fact]
    public void Parts_of_a_captured_run_only_name_it()
    {
        using var folder = new TemporaryFolder();
        using var tracker = Tracker.Open(folder.At("store"));
        using var run = tracker.Experiment("e").StartRun();
        using var capture = RunCapture.Begin(run, new CaptureOptions { Output = false });
        using var part = run.StartChild();
        using (RunCapture.Begin(part))
        {
            using var inner = part.StartChild();
            using (RunCapture.Begin(inner))
            {
            }

            inner.Finish();
            tracker.GetRun(inner.Id).Tags.ShouldBe(new Dictionary<string, string> { ["roux.captured_by"] = run.Id });
        }

        part.Finish();
        var record = tracker.GetRun(part.Id);
        record.Tags.ShouldBe(new Dictionary<string, string> { ["roux.captured_by"] = run.Id });
        record.Metrics.ShouldBeEmpty();
        tracker.ListArtifacts(part.Id).ShouldBeEmpty();
    }

    [Fact]
    public void What_cannot_be_recorded_is_a_warning_and_the_run_goes_on()
    {
        using var folder = new TemporaryFolder();
        using var tracker = Tracker.Open(folder.At("store"));
        using var run = tracker.Experiment("e").StartRun();
        using (RunCapture.Begin(run, new CaptureOptions { WorkingDirectory = folder.At("is/not/there\0"), Output = false, Inputs = [folder.At("none.csv")] }))
        {
        }

        run.LogMetric("loss", 1);
        run.Finish();
        var record = tracker.GetRun(run.Id);
        record.Status.ShouldBe(RunStatus.Finished);
        record.Warnings.Count.ShouldBeGreaterThan(1);
        record.Warnings.ShouldContain(w => w.Message.Contains("none.csv"));
    }

    [Fact]
    public void A_run_that_has_ended_before_its_capture_loses_only_the_rest()
    {
        using var folder = new TemporaryFolder();
        using var tracker = Tracker.Open(folder.At("store"));
        var run = tracker.Experiment("e").StartRun();
        var capture = RunCapture.Begin(run, new CaptureOptions { Output = false });
        run.Fail(new InvalidOperationException("diverged"));
        capture.Dispose();
        tracker.GetRun(run.Id).Status.ShouldBe(RunStatus.Failed);
        tracker.GetRun(run.Id).Error.ShouldNotBeNull().ShouldContain("diverged");
    }

    [Fact]
    public void A_reason_goes_with_the_end()
    {
        using var folder = new TemporaryFolder();
        using var tracker = Tracker.Open(folder.At("store"));
        var run = tracker.Experiment("e").StartRun();
        RunCapture.Begin(run, new CaptureOptions { Output = false }).Finish(RunStatus.Killed, "ended by SIGTERM");
        tracker.GetRun(run.Id).Status.ShouldBe(RunStatus.Killed);
        tracker.GetRun(run.Id).Error.ShouldBe("ended by SIGTERM");
    }
}
