using System.Runtime.Versioning;
using Roux.Cli.Commands;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

[UnsupportedOSPlatform("windows")]
public class NotebookCommandTests
{
    [Fact]
    public void A_notebook_and_its_script_are_kept_alike()
    {
        using var folder = new TemporaryFolder();
        var notebook = folder.Write("Analyse ü.ipynb", Notebook("x = 1", "x + 1"));
        Run(folder, "notebook", "pair", "Analyse ü.ipynb").Output.Trim().ShouldBe("Analyse ü.ipynb → Analyse ü.py");
        var script = Path.Combine(folder.Path, "Analyse ü.py");
        File.ReadAllText(script).ShouldContain("# %% id=\"c1\"\nx + 1\n");
        Run(folder, "notebook", "pair", "Analyse ü.ipynb", "--sync").Output.ShouldContain("are alike");

        File.WriteAllText(script, File.ReadAllText(script).Replace("x + 1", "x + 2", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(notebook, DateTime.UtcNow.AddHours(-1));
        var refused = Run(folder, "notebook", "pair", "Analyse ü.ipynb");
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("is newer than");
        var json = Run(folder, "notebook", "pair", "Analyse ü.ipynb", "--sync", "--json").Json;
        json["written"]!.ToString().ShouldBe("Analyse ü.ipynb");
        var text = File.ReadAllText(notebook);
        text.ShouldContain("x + 2");
        // The first cell did not change and keeps its result, the second loses it.
        text.ShouldContain("result of 0");
        text.ShouldNotContain("result of 1");
    }

    [Fact]
    public void A_script_alone_becomes_a_notebook()
    {
        using var folder = new TemporaryFolder();
        folder.Write("baseline.cs", "// %% [markdown]\n// # Films\n\n// %%\nvar x = 1;\n");
        Run(folder, "notebook", "pair", "baseline.cs").ExitCode.ShouldBe(0);
        File.ReadAllText(Path.Combine(folder.Path, "baseline.ipynb")).ShouldContain(".net-csharp");
    }

    [Fact]
    public void Cells_are_compared_and_results_taken_out()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.ipynb", Notebook("x = 1", "y"));
        folder.Write("b.ipynb", Notebook("x = 2", "y"));
        var diff = Run(folder, "notebook", "diff", "a.ipynb", "b.ipynb");
        diff.Output.ShouldBe("1 changed\n  cell 1: changed (code)\n    - x = 1\n    + x = 2\n");
        Run(folder, "notebook", "diff", "a.ipynb", "b.ipynb", "--json").Json["changes"]![0]!["lines"]!.AsArray().Count.ShouldBe(2);
        Run(folder, "notebook", "strip", "a.ipynb", "--out", "-").Output.ShouldNotContain("result of");
        File.ReadAllText(Path.Combine(folder.Path, "a.ipynb")).ShouldContain("result of");
        Run(folder, "notebook", "strip", "a.ipynb").Output.Trim().ShouldBe("a.ipynb: results of 2 of 2 cells taken out");
        Run(folder, "notebook", "strip", "a.ipynb").Output.Trim().ShouldBe("a.ipynb: nothing to take out");
    }

    [Theory]
    [InlineData("notebook", "pair", "none.ipynb")]
    [InlineData("notebook", "pair", "text.txt")]
    [InlineData("notebook", "pair", "broken.ipynb")]
    [InlineData("notebook", "diff", "broken.ipynb", "broken.ipynb")]
    [InlineData("notebook", "strip", "broken.ipynb")]
    [InlineData("notebook", "strip", "text.txt")]
    public void A_wrong_call_is_2(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        folder.Write("text.txt", "x");
        folder.Write("broken.ipynb", "{\"cells\": [");
        var result = Run(folder, arguments);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldStartWith("roux: ");
        result.Error.ShouldContain(arguments[2]);
    }

    [Fact]
    public void A_run_of_a_notebook_keeps_it_and_two_are_compared_cell_by_cell()
    {
        using var folder = new TemporaryFolder();
        // Stands in for papermill: the third argument is the notebook that it executes into.
        var papermill = folder.Write("papermill", "#!/bin/sh\ncp executed.ipynb \"$2\"\n");
        File.SetUnixFileMode(papermill, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        folder.Write("x.ipynb", Notebook("random.seed(4)", "y"));
        folder.Write("executed.ipynb", Notebook("random.seed(4)", "y"));
        Run(folder, "run", "--name", "one", "--", "./papermill", "x.ipynb", "out.ipynb", "-p", "alpha", "0.5").ExitCode.ShouldBe(0);
        folder.Write("x.ipynb", Notebook("random.seed(4)", "z", "new"));
        folder.Write("executed.ipynb", Notebook("random.seed(4)", "z", "new").Replace("\"execution_count\": 2", "\"execution_count\": 7", StringComparison.Ordinal));
        Run(folder, "run", "--name", "two", "--", "./papermill", "x.ipynb", "out.ipynb").ExitCode.ShouldBe(0);

        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var one = tracker.FindRun("one")!;
        one.Findings.ShouldBeEmpty();
        one.Tags["roux.program"].ShouldBe("notebook");
        one.Tags["roux.notebook"].ShouldBe("x.ipynb");
        one.Params["alpha"].ShouldBe("0.5");
        one.Tags["roux.seed.source"].ShouldBe("code x.ipynb:1");
        File.ReadAllText(tracker.ArtifactFile(one.Id, "notebook/x.ipynb")).ShouldNotContain("result of");
        File.ReadAllText(tracker.ArtifactFile(one.Id, "notebook/x.cells.json")).ShouldContain("\"execution_count\": 2");
        var finding = tracker.FindRun("two")!.Findings.ShouldHaveSingleItem();
        finding.Check.ShouldBe("notebook-order");
        finding.Message.ShouldContain("cell 3 ran before a cell above");

        Run(folder, "diff", "one", "two").Output.ShouldContain("Notebook: 1 added, 1 changed\n  cell 2: changed (code)\n    - y\n    + z\n  cell 3: added (code)\n    + new\n");
        Run(folder, "diff", "one", "two", "--json").Json["notebook"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public void A_notebook_that_is_no_JSON_does_not_fail_its_run()
    {
        using var folder = new TemporaryFolder();
        var papermill = folder.Write("papermill", "#!/bin/sh\nexit 0\n");
        File.SetUnixFileMode(papermill, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        folder.Write("x.ipynb", "<html>");
        Run(folder, "run", "--name", "one", "--", "./papermill", "x.ipynb").ExitCode.ShouldBe(0);
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        tracker.FindRun("one")!.Findings.ShouldContain(f => f.Check == "notebook-unreadable" && f.Message.Contains("web page"));
    }

    [Fact]
    public void A_run_from_a_kernel_keeps_the_notebook_of_it_and_its_secrets_do_not_go_along()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("Analyse ü.ipynb", Notebook("key = 'ghp_" + new string('k', 36) + "'", "y").Replace("\"execution_count\": 1", "\"execution_count\": 4", StringComparison.Ordinal));
        using var roux = RouxProcess.Start(folder.Path, new Dictionary<string, string> { ["JPY_SESSION_NAME"] = path }, "run", "--name", "one", "--", "true");
        roux.Wait().ExitCode.ShouldBe(0);
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var run = tracker.FindRun("one")!;
        run.Tags["roux.notebook"].ShouldBe("Analyse ü.ipynb");
        run.Findings.ShouldContain(f => f.Check == "notebook-order");
        File.ReadAllText(tracker.ArtifactFile(run.Id, "notebook/Analyse ü.ipynb")).ShouldNotContain("kkkk");
        File.ReadAllText(tracker.ArtifactFile(run.Id, "notebook/Analyse ü.cells.json")).ShouldNotContain("kkkk");
        run.Warnings.ShouldHaveSingleItem().Message.ShouldContain("masked");
    }

    [Theory]
    [InlineData("diff --git a/x y.py b/x y.py", "x y.py")]
    [InlineData("diff --git \"a/\\303\\251 \\303\\274.py\" \"b/\\303\\251 \\303\\274.py\"", "é ü.py")]
    [InlineData("diff --git a/x \"b/q\\\"\\t.py\"", "q\"\t.py")]
    public void Paths_in_diffs_are_read_as_git_quotes_them(string line, string path) => DiffHeader.Path(line).ShouldBe(path);

    private static RouxProcess.Result Run(TemporaryFolder folder, params string[] arguments) => RouxProcess.Run(folder.Path, arguments);

    private static string Notebook(params string[] sources) => "{\"cells\": [" + string.Join(", ", sources.Select((s, i) =>
        $"{{\"cell_type\": \"code\", \"id\": \"c{i}\", \"metadata\": {{}}, \"source\": \"{s}\", \"execution_count\": {i + 1}, \"outputs\": [{{\"name\": \"stdout\", \"output_type\": \"stream\", \"text\": \"result of {i}\"}}]}}"))
        + "], \"metadata\": {\"kernelspec\": {\"display_name\": \"Python 3\", \"language\": \"python\", \"name\": \"python3\"}}, \"nbformat\": 4, \"nbformat_minor\": 5}";
}
