using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Reproducing;

/// <summary><c>roux reproduce</c> on scripts in Python, as people start them with <c>roux run</c>.</summary>
public sealed class ReproduceTests
{
    private const string Script = Project.LogFunction + """
        import random
        random.seed(7)
        rows = [float(line) for line in open(sys.argv[1]) if line.strip()]
        for step in range(5):
            log("loss", sum(rows) / len(rows) / (step + 1) + random.random(), step)
        """;

    [Fact]
    public void A_script_with_uncommitted_changes_and_untracked_files_gives_the_same_again()
    {
        using var project = Trained(p =>
        {
            p.Write("train.py", "import extra\n" + Script);
            p.Write("extra.py", "x = 1\n");
        });
        var before = project.Snapshot();
        var result = project.Reproduce();
        Verdict(result).ShouldBe("reproduced");
        result["differences"]!.AsArray().ShouldBeEmpty();
        result["metrics"]!.AsArray().Single()!["points"]!.GetValue<int>().ShouldBe(5);
        project.Snapshot().ShouldBe(before);

        using var store = project.Store();
        var first = store.FindRun("first")!;
        var again = store.GetRun(result["run_id"]!.ToString());
        again.Tags["roux.reproduces"].ShouldBe(first.Id);
        again.ParentId.ShouldBe(first.Id);
        again.Experiment.ShouldBe(first.Experiment);
        again.Tags["mlflow.source.git.commit"].ShouldBe(first.Tags["mlflow.source.git.commit"]);
        Directory.Exists(again.Tags["roux.working_directory"]).ShouldBeFalse("the folder is removed at the end");
    }

    [Fact]
    public void What_was_changed_since_does_not_count()
    {
        using var project = Trained();
        project.Write("train.py", "raise SystemExit(3)");
        project.Commit();
        Verdict(project.Reproduce()).ShouldBe("reproduced");
    }

    [Fact]
    public void A_changed_data_file_is_told_with_both_digests_and_its_effect()
    {
        using var project = Trained();
        project.Write("data/d ä.csv", "1\n2\n30\n");
        var result = project.Reproduce();
        Verdict(result).ShouldBe("differs");
        var data = result["differences"]!.AsArray().First(d => d!["kind"]!.ToString() == "data")!;
        data["expected"]!.ToString().ShouldStartWith("sha256:14c5e74c");
        data["found"]!.ToString().ShouldStartWith("sha256:");
        data["found"]!.ToString().ShouldNotBe(data["expected"]!.ToString());
        result["metrics"]![0]!["equal"]!.GetValue<bool>().ShouldBeFalse();
        result["second_run_id"].ShouldBeNull("the cause is known");
    }

    [Fact]
    public void Data_that_moved_within_the_repository_is_found_by_its_digest()
    {
        using var project = Trained();
        Directory.CreateDirectory(Path.Combine(project.Path, "archive"));
        File.Move(Path.Combine(project.Path, "data/d ä.csv"), Path.Combine(project.Path, "archive/d ä.csv"));
        Verdict(project.Reproduce()).ShouldBe("reproduced");
        File.Delete(Path.Combine(project.Path, "archive/d ä.csv"));
        var gone = project.Reproduce();
        Verdict(gone).ShouldBe("impossible");
        gone["run_id"].ShouldBeNull();
        Kinds(gone).ShouldBe(["data"]);
    }

    [Fact]
    public void An_unseeded_script_is_told_from_a_cause_that_was_not_recorded()
    {
        using var project = new Project();
        project.Write("chance.py", Project.LogFunction + "import random\nlog('loss', random.random())\n");
        project.Write("hidden.py", Project.LogFunction + "log('loss', float(open(os.environ['HIDDEN']).read()))\n");
        project.Commit();
        project.Run("python3", "chance.py");
        var chance = project.Reproduce();
        Verdict(chance).ShouldBe("differs");
        Kinds(chance).ShouldBe(["seed", "metric"]);
        chance["second_run_id"].ShouldNotBeNull();

        var hidden = Path.Combine(project.Outside, "hidden");
        var variables = new Dictionary<string, string> { ["HIDDEN"] = hidden };
        File.WriteAllText(hidden, "1");
        using (var run = RouxProcess.Start(project.Path, variables, "run", "--name", "other", "--", "python3", "hidden.py"))
        {
            run.Wait().ExitCode.ShouldBe(0);
        }

        File.WriteAllText(hidden, "2");
        using var reproduce = RouxProcess.Start(project.Path, variables, "reproduce", "other", "--json");
        Kinds(reproduce.Wait().Json).ShouldBe(["unknown", "metric"]);
    }

    [Fact]
    public void A_tolerance_that_the_run_states_or_the_call_gives_holds()
    {
        using var project = new Project();
        project.Write("near.py", Project.LogFunction + "import time\nlog('loss', 1 + (time.time_ns() % 1000) * 1e-6)\n");
        project.Commit();
        project.Run("python3", "near.py");
        Verdict(project.Reproduce()).ShouldBe("differs");
        Verdict(project.Reproduce("--tolerance", "loss=1%")).ShouldBe("reproduced");
        project.Roux("run", "--name", "stated", "-t", "roux.tolerance.loss=0.01", "--", "python3", "near.py").ExitCode.ShouldBe(0);
        var stated = project.Roux("reproduce", "stated", "--json").Json;
        Verdict(stated).ShouldBe("reproduced");
        stated["metrics"]![0]!["tolerance_source"]!.ToString().ShouldBe("stated by the run");
        project.Roux("reproduce", "stated", "--tolerance", "loss=much").ExitCode.ShouldBe(2);
    }

    [Fact]
    public void A_changed_package_is_told_by_name_and_versions()
    {
        using var project = new Project();
        project.Write("train.py", Project.LogFunction + "log('loss', 1)\n");
        project.Commit();
        var environment = MakePython(project, "1.2.3");
        project.Run(environment, "train.py");
        Verdict(project.Reproduce()).ShouldBe("reproduced");
        MakePython(project, "1.3.0");
        var result = project.Reproduce();
        Verdict(result).ShouldBe("differs");
        var difference = result["differences"]!.AsArray().ShouldHaveSingleItem()!;
        difference["kind"]!.ToString().ShouldBe("environment");
        difference["what"]!.ToString().ShouldBe("Python package forecast");
        difference["expected"]!.ToString().ShouldBe("1.2.3");
        difference["found"]!.ToString().ShouldBe("1.3.0");
        result["metrics"]![0]!["equal"]!.GetValue<bool>().ShouldBeTrue();
        Verdict(project.Reproduce("--accept", "environment")).ShouldBe("reproduced");
    }

    [Fact]
    public void A_missing_commit_says_how_to_get_it()
    {
        using var project = Trained(p => p.Write("note.txt", "x"));
        var commit = project.Git("rev-parse", "HEAD").Trim();
        project.Git("checkout", "-q", "--orphan", "new");
        project.Commit();
        project.Git("branch", "-q", "-D", "main");
        project.Git("reflog", "expire", "--expire=now", "--all");
        project.Git("gc", "-q", "--prune=now");
        var result = project.Reproduce();
        Verdict(result).ShouldBe("impossible");
        var missing = result["differences"]!.AsArray().ShouldHaveSingleItem()!;
        missing["kind"]!.ToString().ShouldBe("code");
        missing["what"]!.ToString().ShouldContain($"commit {commit[..10]} is missing");
        missing["fix"]!.ToString().ShouldNotBeEmpty();
    }

    [Fact]
    public void A_shallow_clone_works_where_it_reaches_and_fetches_or_says_so_where_not()
    {
        using var project = new Project();
        project.Write("train.py", Project.LogFunction + "log('loss', 1)\n");
        project.Commit();
        project.Run("python3", "train.py");
        project.Write("later.txt", "x");
        project.Commit();
        var clone = Path.Combine(project.Outside, "shallow clone");
        Project.GitIn(project.Outside, "clone", "-q", "--depth", "1", "file://" + project.Path, clone);
        Directory.Move(Path.Combine(project.Path, ".git"), Path.Combine(project.Outside, "away"));
        // The remote has gone too: it cannot be fetched.
        var without = project.ReproduceIn(clone, null);
        Verdict(without).ShouldBe("impossible");
        without["differences"]![0]!["what"]!.ToString().ShouldContain("shallow clone");
        without["differences"]![0]!["fix"]!.ToString().ShouldContain("--unshallow");
        Project.GitIn(clone, "remote", "set-url", "origin", "file://" + Path.Combine(project.Outside, "away"));
        Verdict(project.ReproduceIn(clone, null)).ShouldBe("reproduced");
    }

    [Fact]
    public void A_linked_worktree_serves_and_when_it_is_gone_the_clone_that_it_belonged_to()
    {
        using var project = new Project();
        project.Write("train.py", Project.LogFunction + "log('loss', 1)\n");
        project.Commit();
        var linked = Path.Combine(project.Outside, "linked tree");
        project.Git("worktree", "add", "-q", "--detach", linked);
        var store = Path.Combine(project.Path, ".roux");
        RouxProcess.Run(linked, "run", "--store", store, "--name", "first", "--", "python3", "train.py").ExitCode.ShouldBe(0);
        Verdict(project.ReproduceIn(linked, null)).ShouldBe("reproduced");
        project.Git("worktree", "remove", "--force", linked);
        Verdict(project.Reproduce()).ShouldBe("reproduced");
        Verdict(project.ReproduceIn(project.Outside, null)).ShouldBe("impossible", "from a folder outside of the clone nothing says where it is");
    }

    [Fact]
    public void A_run_that_recorded_nothing_or_garbage_says_what_to_do()
    {
        using var project = new Project();
        using (var tracker = Tracker.Open(Path.Combine(project.Path, ".roux")))
        {
            using (var bare = tracker.Experiment("e").StartRun("first"))
            {
                bare.LogMetric("loss", 1);
            }

            using var odd = tracker.Experiment("e").StartRun("odd");
            odd.LogText("environment.json", """{"command": {"arguments": [1, null, {"a": []}]}, "git": {"root": 7, "submodules": [{}, 3], "left_out": {}}, "packages": "x"}""");
            odd.LogText("git.diff", "garbage");
            odd.Tag("mlflow.source.git.commit", "--upload-pack=evil");
        }

        var result = project.Reproduce();
        Verdict(result).ShouldBe("impossible");
        result["differences"]![0]!["fix"]!.ToString().ShouldContain("roux run -- CMD");
        var garbage = project.Roux("reproduce", "odd", "--json");
        garbage.ExitCode.ShouldBe(1, garbage.Error);
        Verdict(garbage.Json).ShouldBe("impossible");
    }

    [Fact]
    public void Submodules_are_checked_out_as_they_were()
    {
        using var library = new Project();
        library.Write("value.py", "value = 5\n");
        library.Commit();
        using var project = new Project();
        project.Write("train.py", Project.LogFunction + "sys.path.insert(0, 'lib ü')\nfrom value import value\nlog('loss', value)\n");
        project.Git("submodule", "add", "-q", library.Path, "lib ü");
        project.Commit();
        project.Run("python3", "train.py");
        File.WriteAllText(Path.Combine(project.Path, "lib ü", "value.py"), "value = 6\n");
        Project.GitIn(Path.Combine(project.Path, "lib ü"), "commit", "-q", "-am", "six");
        var before = project.Snapshot();
        Verdict(project.Reproduce()).ShouldBe("reproduced");
        project.Snapshot().ShouldBe(before);
    }

    [Fact]
    public void A_repository_without_a_commit_is_repeated_from_what_was_recorded()
    {
        using var project = new Project();
        project.Write("train.py", Project.LogFunction + "log('loss', 2)\n");
        project.Run("python3", "train.py");
        File.Delete(Path.Combine(project.Path, "train.py"));
        Verdict(project.Reproduce()).ShouldBe("reproduced");
    }

    [Fact]
    public void Outside_a_repository_it_is_impossible_or_works_from_the_copies_kept()
    {
        using var project = new Project(git: false);
        project.Write("train.sh", "cat train.sh | wc -l\n");
        project.Run("sh", "train.sh");
        var result = project.Reproduce();
        if (Verdict(result) != "reproduced")
        {
            Verdict(result).ShouldBe("impossible");
            Kinds(result).ShouldBe(["code"]);
        }
    }

    [Fact]
    public void A_masked_secret_must_be_given_again()
    {
        using var project = new Project();
        project.Write("train.py", Project.LogFunction + "log('loss', len(sys.argv[2]))\n");
        project.Commit();
        project.Run("python3", "train.py", "--api-key", "hunter22");
        var result = project.Reproduce();
        Verdict(result).ShouldBe("impossible");
        Kinds(result).ShouldBe(["command"]);
        result["differences"]![0]!["fix"]!.ToString().ShouldContain("--arg api-key=VALUE");
        var given = project.Reproduce("--arg", "api-key=hunter33");
        Verdict(given).ShouldBe("reproduced");
        Verdict(project.ReproduceIn(project.Path, new Dictionary<string, string> { ["ROUX_ARG_API_KEY"] = "hunter44" })).ShouldBe("reproduced");
        using var store = project.Store();
        store.GetRun(given["run_id"]!.ToString()).Tags["roux.command"].ShouldNotContain("hunter");
    }

    [Fact]
    public void Without_metrics_what_it_printed_is_compared()
    {
        using var project = new Project();
        project.Write("say.py", "import os\nprint('in', os.getcwd())\nprint(42)\n");
        project.Write("clock.py", "import time\nprint(time.time_ns())\n");
        project.Commit();
        project.Run("python3", "say.py");
        var same = project.Reproduce();
        Verdict(same).ShouldBe("reproduced");
        same["compared"]!.ToString().ShouldBe("2 lines of output, for it logged no metrics");
        project.Write("file.py", "import json, os, time\nopen('/dev/stdout', 'w').write('x')\nopen('m.bin', 'w').write(str(time.time_ns()))\nopen(os.environ['ROUX_METRICS_FILE'], 'a').write(json.dumps({'artifact': 'm.bin'}))\n");
        project.Commit();
        project.Roux("run", "--name", "file", "--", "python3", "file.py").ExitCode.ShouldBe(0);
        var file = project.Roux("reproduce", "file", "--json").Json;
        Kinds(file).ShouldBe(["seed", "output"]);
        file["differences"]![1]!["what"]!.ToString().ShouldBe("artifact m.bin");
        project.Roux("run", "--name", "clock", "--", "python3", "clock.py").ExitCode.ShouldBe(0);
        Kinds(project.Roux("reproduce", "clock", "--json").Json).ShouldBe(["seed", "output"]);
    }

    [Fact]
    public void A_file_that_nobody_recorded_makes_it_impossible()
    {
        using var project = new Project();
        project.Write("train.py", Project.LogFunction + "log('loss', len(open('hidden.csv').read()))\n");
        project.Write("hidden.csv", "x");
        project.Commit();
        project.Run("python3", "train.py");
        var result = project.Reproduce();
        Verdict(result).ShouldBe("impossible");
        result["differences"]![0]!["found"]!.ToString().ShouldContain("hidden.csv");
    }

    [Fact]
    public void Ctrl_C_removes_the_folder_and_marks_the_run()
    {
        using var project = new Project();
        project.Write("slow.sh", "echo done > \"$MARK\"; if [ -n \"$SLOW\" ]; then exec sleep 60; fi\n");
        project.Commit();
        using (var run = RouxProcess.Start(project.Path, new Dictionary<string, string> { ["MARK"] = Path.Combine(project.Outside, "one") }, "run", "--name", "first", "--", "sh", "slow.sh"))
        {
            run.Wait().ExitCode.ShouldBe(0);
        }

        var mark = Path.Combine(project.Outside, "two");
        var temporary = Directory.CreateDirectory(Path.Combine(project.Outside, "tmp")).FullName;
        using var roux = RouxProcess.Start(project.Path, new Dictionary<string, string> { ["MARK"] = mark, ["SLOW"] = "1", ["TMPDIR"] = temporary }, "reproduce", "first");
        SpinWait.SpinUntil(() => File.Exists(mark), TimeSpan.FromSeconds(60)).ShouldBeTrue();
        Directory.EnumerateDirectories(temporary, "roux-reproduce-*").ShouldHaveSingleItem();
        roux.Signal(2);
        roux.Wait().ExitCode.ShouldBe(130);
        Directory.EnumerateFileSystemEntries(temporary).ShouldBeEmpty();
        using var store = project.Store();
        store.SearchRuns(new RunQuery { Filter = "tags.`roux.repetition` = '1'" }).ShouldHaveSingleItem().Status.ShouldBe(RunStatus.Killed);
    }

    [Fact]
    public void A_program_that_takes_too_long_is_ended()
    {
        using var project = new Project();
        project.Write("slow.sh", "if [ -n \"$SLOW\" ]; then sleep 60; fi\n");
        project.Commit();
        project.Run("sh", "slow.sh");
        var late = project.ReproduceIn(project.Path, new Dictionary<string, string> { ["SLOW"] = "1" }, "--timeout", "1s");
        Verdict(late).ShouldBe("differs");
        late["differences"]![0]!["found"]!.ToString().ShouldContain("longer than 1 s");
    }

    [Fact]
    public void Keep_leaves_the_folder()
    {
        using var project = Trained();
        var folder = project.Reproduce("--keep")["folder"]!.ToString();
        File.Exists(Path.Combine(folder, "train.py")).ShouldBeTrue();
        Directory.Delete(folder[..(folder.IndexOf("roux-reproduce-", StringComparison.Ordinal) + "roux-reproduce-xxxxxx".Length)], recursive: true);
    }

    [Fact]
    public void A_run_that_is_not_there_is_a_wrong_call()
    {
        using var project = Trained();
        project.Roux("reproduce", "frist").ExitCode.ShouldBe(2);
        project.Roux("reproduce", "frist").Error.ShouldContain("first");
        RouxProcess.Run(project.Outside, "reproduce", "x").ExitCode.ShouldBe(2);
        Directory.Exists(Path.Combine(project.Outside, ".roux")).ShouldBeFalse();
    }

    private static Project Trained(Action<Project>? change = null)
    {
        var project = new Project();
        project.Write("train.py", Script);
        project.Write("data/d ä.csv", "1\n2\n3\n");
        project.Commit();
        change?.Invoke(project);
        project.Run("python3", "train.py", "data/d ä.csv");
        return project;
    }

    // An environment in the form of a venv whose interpreter is the system's, with one package.
    private static string MakePython(Project project, string version)
    {
        var system = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, "python3")).FirstOrDefault(File.Exists);
        if (system is null)
        {
            Assert.Skip("[needs] python3");
        }

        var environment = Path.Combine(project.Outside, "environment");
        var site = Path.Combine(environment, "lib", "python3.11", "site-packages");
        if (Directory.Exists(environment))
        {
            Directory.Delete(environment, recursive: true);
        }

        Directory.CreateDirectory(Path.Combine(environment, "bin"));
        Directory.CreateDirectory(Path.Combine(site, $"forecast-{version}.dist-info"));
        File.WriteAllText(Path.Combine(site, $"forecast-{version}.dist-info", "METADATA"), $"Metadata-Version: 2.1\nName: forecast\nVersion: {version}\n");
        File.WriteAllText(Path.Combine(environment, "pyvenv.cfg"), $"home = {Path.GetDirectoryName(system)}\nversion = 3.11.2\n");
        File.CreateSymbolicLink(Path.Combine(environment, "bin", "python3"), system!);
        return Path.Combine(environment, "bin", "python3");
    }

    private static string Verdict(JsonNode result) => result["verdict"]!.ToString();

    private static List<string> Kinds(JsonNode result) => [.. result["differences"]!.AsArray().Select(d => d!["kind"]!.ToString())];
}
