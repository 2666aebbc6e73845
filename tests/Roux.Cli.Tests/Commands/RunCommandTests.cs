using System.Runtime.Versioning;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

[UnsupportedOSPlatform("windows")]
public class RunCommandTests
{
    [Fact]
    public void Output_passes_through_unchanged_and_is_kept()
    {
        using var folder = new TemporaryFolder();
        var result = Run(folder, "run", "--name", "hello", "-e", "films", "-t", "team=a", "--", "sh", "-c", "printf 'a\\001b\\n'; printf 'err' >&2; printf '@x --json'", "--lr=0.1", "--api-key", "abc123");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldBe("a\u0001b\n@x --json");
        result.Error.ShouldBe("err");
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var run = tracker.FindRun("hello")!;
        run.Status.ShouldBe(RunStatus.Finished);
        run.Experiment.ShouldBe("films");
        run.Tags["team"].ShouldBe("a");
        run.Tags["roux.exit_code"].ShouldBe("0");
        run.Tags["roux.command"].ShouldContain("--api-key ***");
        run.Params["lr"].ShouldBe("0.1");
        run.Params.ShouldNotContainKey("api-key");
        var log = File.ReadAllText(tracker.ArtifactFile(run.Id, "output.log"));
        log.ShouldContain("a\u0001b");
        log.ShouldContain("err");
        File.Exists(tracker.ArtifactFile(run.Id, "environment.json")).ShouldBeTrue();
        run.Metrics.Keys.ShouldContain("system/cpu_percent");
    }

    [Fact]
    public void The_arguments_arrive_as_they_were_given()
    {
        using var folder = new TemporaryFolder();
        Run(folder, "run", "--", "printf", "[%s]", "@file", "--json", "", "two words", "--", "*", "-n", "é").Output.ShouldBe("[@file][--json][][two words][--][*][-n][é]");
    }

    [Theory]
    [InlineData("exit 0", 0, RunStatus.Finished)]
    [InlineData("exit 3", 3, RunStatus.Failed)]
    [InlineData("kill -KILL $$", 137, RunStatus.Killed)]
    [InlineData("kill -TERM $$", 143, RunStatus.Killed)]
    [InlineData("kill -SEGV $$", 139, RunStatus.Failed)]
    public void The_exit_code_is_that_of_the_program(string script, int code, RunStatus status)
    {
        using var folder = new TemporaryFolder();
        Run(folder, "run", "--", "sh", "-c", script).ExitCode.ShouldBe(code);
        TheRun(folder).Status.ShouldBe(status);
    }

    [Fact]
    public void A_failed_program_leaves_its_last_words()
    {
        using var folder = new TemporaryFolder();
        Run(folder, "run", "--", "sh", "-c", "echo starting >&2; printf 'Traceback (most recent call last):\\n  File \"t.py\"\\nValueError: loss is NaN\\n' >&2; exit 1").ExitCode.ShouldBe(1);
        TheRun(folder).Error.ShouldBe("exit code 1\nTraceback (most recent call last):\n  File \"t.py\"\nValueError: loss is NaN");
    }

    [Fact]
    public void A_program_that_is_not_there_is_127_and_leaves_no_run()
    {
        using var folder = new TemporaryFolder();
        var result = Run(folder, "run", "--", "no-such-program-here", "x");
        result.ExitCode.ShouldBe(127);
        result.Output.ShouldBeEmpty();
        result.Error.Trim().ShouldBe("roux: 'no-such-program-here': no such program on PATH; check the name, or write ./no-such-program-here for one in this folder");
        folder.Write("plain.py", "print(1)");
        Run(folder, "run", "--", "./plain.py").ExitCode.ShouldBe(126);
        Directory.Exists(Path.Combine(folder.Path, ".roux")).ShouldBeFalse();
    }

    [Fact]
    public void The_document_is_alone_on_stdout_with_json()
    {
        using var folder = new TemporaryFolder();
        var result = Run(folder, "run", "--json", "--", "sh", "-c", "echo out; exit 5");
        result.ExitCode.ShouldBe(5);
        result.Error.ShouldBe("out\n");
        result.Json["exit_code"]!.GetValue<int>().ShouldBe(5);
        result.Json["status"]!.GetValue<string>().ShouldBe("failed");
        result.Json["run_id"]!.GetValue<string>().ShouldBe(TheRun(folder).Id);
    }

    [Fact]
    public void The_program_learns_of_its_run()
    {
        using var folder = new TemporaryFolder();
        var result = Run(folder, "run", "--", "sh", "-c", "echo $ROUX_RUN_ID; echo $ROUX_STORE");
        result.Output.Split('\n')[0].ShouldBe(TheRun(folder).Id);
        result.Output.Split('\n')[1].ShouldEndWith("/.roux");
    }

    [Fact]
    public void Data_that_the_command_names_is_recorded()
    {
        using var folder = new TemporaryFolder();
        folder.Write("d.csv", "a,b\n1,2\n3,4\n");
        folder.Write("extra.bin", "x");
        Run(folder, "run", "-i", "extra.bin", "--", "cat", "d.csv").Output.ShouldBe("a,b\n1,2\n3,4\n");
        var data = TheRun(folder).Datasets.Select(d => d.Dataset).ToList();
        data.Select(d => d.Name).ShouldBe(["d.csv", "extra.bin"], ignoreOrder: true);
        data.Single(d => d.Name == "d.csv").Rows.ShouldBe(2);
        Run(folder, "run", "-i", "missing.bin", "--", "true").ExitCode.ShouldBe(2);
    }

    [Theory]
    [InlineData(2, "INT")]
    [InlineData(15, "TERM")]
    public void Signals_go_to_the_program_which_decides(int signal, string name)
    {
        using var folder = new TemporaryFolder();
        using var roux = RouxProcess.Start(folder.Path, "run", "--", "sh", "-c", $"trap 'echo got {name}; exit 7' {name}; : > ready; while :; do sleep 0.05; done");
        WaitFor(Path.Combine(folder.Path, "ready"));
        roux.Signal(signal);
        var result = roux.Wait();
        result.ExitCode.ShouldBe(7);
        result.Output.ShouldBe($"got {name}\n");
        TheRun(folder).Status.ShouldBe(RunStatus.Failed);
    }

    [Fact]
    public void A_program_ended_by_an_interrupt_is_killed_with_code_130()
    {
        using var folder = new TemporaryFolder();
        using var roux = RouxProcess.Start(folder.Path, "run", "--", "sh", "-c", "echo before; : > ready; exec sleep 60");
        WaitFor(Path.Combine(folder.Path, "ready"));
        Thread.Sleep(100);
        roux.Signal(2);
        roux.Wait().ExitCode.ShouldBe(130);
        var run = TheRun(folder);
        run.Status.ShouldBe(RunStatus.Killed);
        run.Error.ShouldBe("ended by SIGINT");
    }

    [Fact]
    public void A_killed_recorder_leaves_what_was_printed_and_a_killed_run()
    {
        using var folder = new TemporaryFolder();
        using (var roux = RouxProcess.Start(folder.Path, "run", "--", "sh", "-c", "echo precious; : > ready; sleep 3"))
        {
            WaitFor(Path.Combine(folder.Path, "ready"));
            Thread.Sleep(300);
            roux.Signal(9);
            roux.Wait().ExitCode.ShouldBe(137);
        }

        using var tracker = Tracker.Open(Path.Combine(folder.Path, ".roux"));
        var run = tracker.FindRun(TheRun(folder).Id)!;
        run.Status.ShouldBe(RunStatus.Killed);
        File.ReadAllText(tracker.ArtifactFile(run.Id, "output.log")).ShouldBe("precious\n");
    }

    [Fact]
    public void A_reader_that_goes_away_ends_the_program_as_it_would_without_roux()
    {
        using var folder = new TemporaryFolder();
        var shell = new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"dotnet '{Path.Combine(AppContext.BaseDirectory, "roux.dll")}' run -- yes | head -n 2"])
        {
            WorkingDirectory = folder.Path, RedirectStandardOutput = true,
        };
        using var process = System.Diagnostics.Process.Start(shell)!;
        process.StandardOutput.ReadToEnd().ShouldBe("y\ny\n");
        process.WaitForExit(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        TheRun(folder).Error.ShouldNotBeNull().ShouldStartWith("ended by SIGPIPE");
    }

    [Fact]
    public void A_daemon_left_behind_does_not_hold_the_run_open()
    {
        using var folder = new TemporaryFolder();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var roux = RouxProcess.Start(folder.Path, "run", "--", "sh", "-c", "sleep 90 & echo done");
        var code = roux.WaitForExitOnly();
        code.ShouldBe(0);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        TheRun(folder).Status.ShouldBe(RunStatus.Finished);
    }

    [Fact]
    public void A_wrong_call_is_one_line_and_code_2()
    {
        using var folder = new TemporaryFolder();
        foreach (string[] call in new string[][] { ["run"], ["run", "--tag", "novalue", "--", "true"], ["run", "--frobnicate", "--", "true"] })
        {
            var result = Run(folder, call);
            result.ExitCode.ShouldBe(2, string.Join(' ', call));
            result.Error.Trim().Split('\n').Length.ShouldBe(1);
        }
    }

    private static RouxProcess.Result Run(TemporaryFolder folder, params string[] arguments) => RouxProcess.Run(folder.Path, arguments);

    private static RunRecord TheRun(TemporaryFolder folder)
    {
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        return tracker.SearchRuns(new RunQuery()).ShouldHaveSingleItem();
    }

    private static void WaitFor(string file) => SpinWait.SpinUntil(() => File.Exists(file), TimeSpan.FromSeconds(60)).ShouldBeTrue();
}
