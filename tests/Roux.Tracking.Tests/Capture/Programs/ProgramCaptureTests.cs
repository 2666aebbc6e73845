using System.Text.Json;
using Roux.Tracking.Capture;
using Roux.Tracking.Capture.Programs;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture.Programs;

public class ProgramCaptureTests
{
    [Fact]
    public void The_lines_of_a_file_based_program_are_read()
    {
        FileBasedProgram.Directives([
            "#!/usr/bin/env dotnet", "// a comment", "/* more", "#:package NotThis@1", "*/", "#:sdk Microsoft.NET.Sdk.Web", "#:package Spectre.Console@0.57.2", "#:package Floating@*", "#:package Central",
            "#:property LangVersion=preview", "#:property Old style", "#:project ../lib", "", "using System;", "#:package TooLate@1",
        ]).ShouldBe([
            new Directive("sdk", "Microsoft.NET.Sdk.Web", null), new Directive("package", "Spectre.Console", "0.57.2"), new Directive("package", "Floating", "*"), new Directive("package", "Central", null),
            new Directive("property", "LangVersion", "preview"), new Directive("property", "Old", "style"), new Directive("project", "../lib", null),
        ]);
    }

    [Theory]
    [InlineData("dotnet run app.cs -- x", ProgramKind.FileBased, "app.cs")]
    [InlineData("dotnet run -c Release --file app.cs", ProgramKind.FileBased, "app.cs")]
    [InlineData("dotnet app.cs --lr 1", ProgramKind.FileBased, "app.cs")]
    [InlineData("./app.cs", ProgramKind.FileBased, "app.cs")]
    [InlineData("dotnet run --project lib/Lib.csproj", ProgramKind.Project, "lib/Lib.csproj")]
    [InlineData("dotnet run --project=lib -c Release", ProgramKind.Project, "lib/Lib.csproj")]
    [InlineData("dotnet lib/bin/Release/net10.0/Lib.dll", ProgramKind.Project, "lib/Lib.csproj")]
    [InlineData("python3 -u sub/train.py data.csv", ProgramKind.Python, "sub/train.py")]
    [InlineData("python3 -m sub.train", ProgramKind.Python, "sub/train.py")]
    [InlineData("uv run sub/train.py", ProgramKind.Python, "sub/train.py")]
    [InlineData("jupyter nbconvert --execute x.ipynb", ProgramKind.Notebook, "x.ipynb")]
    [InlineData("python3 -m papermill x.ipynb out.ipynb", ProgramKind.Notebook, "x.ipynb")]
    [InlineData("dotnet repl --run y.dib", ProgramKind.Notebook, "y.dib")]
    [InlineData("sh go.sh", ProgramKind.Script, "go.sh")]
    public void The_source_of_a_command_is_found(string command, object kind, string path)
    {
        using var folder = Program();
        ProgramSource.Of(command.Split(' '), folder.Path).ShouldBe(((ProgramKind)kind, folder.At(path)));
    }

    [Theory]
    [InlineData("dotnet run missing.cs")]
    [InlineData("dotnet --info")]
    [InlineData("sh -c true")]
    [InlineData("python3 -c pass")]
    public void What_has_no_source_has_none(string command)
    {
        using var folder = Program();
        ProgramSource.Of(command.Split(' '), folder.Path).ShouldBeNull();
    }

    [Fact]
    public void In_a_folder_with_a_project_the_SDK_runs_that()
    {
        using var folder = Program();
        folder.Write("Main.csproj", "<Project/>");
        ProgramSource.Of(["dotnet", "run", "app.cs"], folder.Path).ShouldBe((ProgramKind.Project, folder.At("Main.csproj")));
    }

    [Fact]
    public void What_restores_a_file_based_program_is_kept()
    {
        using var folder = Program();
        folder.Write("Directory.Packages.props", "<Project/>");
        folder.Write("nuget.config", "<configuration><packageSources><add key='a' value='https://x' /></packageSources><packageSourceCredentials><a><add key='ClearTextPassword' value='HIDDEN' /></a></packageSourceCredentials></configuration>");
        folder.Write("app.cs", "#:package Floating@*\n#:project lib\nvar seed = 5;\n");
        using var tracker = Tracker.Open(folder.At("store"));
        using var run = tracker.Experiment("e").StartRun();
        RunCapture.Begin(run, new CaptureOptions { Command = ["dotnet", "run", "app.cs", "--", "--seed", "3"], WorkingDirectory = folder.Path, Output = false, Resources = false, SearchPath = "" }).Dispose();
        var record = tracker.GetRun(run.Id);
        record.Tags["roux.program"].ShouldBe("file-based");
        record.Tags["roux.seed"].ShouldBe("3");
        record.Tags["roux.seed.source"].ShouldBe("--seed");
        record.Findings.ShouldBeEmpty();
        using var json = JsonDocument.Parse(File.ReadAllText(tracker.ArtifactFile(run.Id, "environment.json")));
        var program = json.RootElement.GetProperty("program");
        program.GetProperty("kind").GetString().ShouldBe("file-based");
        program.GetProperty("directives")[0].GetProperty("name").GetString().ShouldBe("Floating");
        program.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("artifact").GetString()).ShouldBe(["code/Directory.Packages.props", "code/app.cs", "code/lib/Lib.csproj", "code/lib/packages.lock.json", "code/nuget.config"]);
        File.ReadAllText(tracker.ArtifactFile(run.Id, "code/nuget.config")).ShouldNotContain("HIDDEN");
        record.Warnings.ShouldHaveSingleItem().Message.ShouldContain("masked");
    }

    [Fact]
    public void A_script_without_a_seed_is_told_and_a_project_is_not()
    {
        using var folder = Program();
        using var tracker = Tracker.Open(folder.At("store"));
        using var script = tracker.Experiment("e").StartRun();
        RunCapture.Begin(script, new CaptureOptions { Command = ["python3", "sub/train.py"], WorkingDirectory = folder.Path, Output = false, Resources = false, Environment = false }).Dispose();
        tracker.GetRun(script.Id).Findings.ShouldHaveSingleItem().Check.ShouldBe("no-seed");
        tracker.GetRun(script.Id).Tags["roux.seed.source"].ShouldBe("none");
        tracker.GetRun(script.Id).Tags.ShouldNotContainKey("roux.seed");
        using var project = tracker.Experiment("e").StartRun();
        RunCapture.Begin(project, new CaptureOptions { Command = ["dotnet", "run", "--project", "lib"], WorkingDirectory = folder.Path, Output = false, Resources = false, Environment = false }).Dispose();
        tracker.GetRun(project.Id).Findings.ShouldBeEmpty();
    }

    [Fact]
    public void A_program_names_its_own_seed()
    {
        using var folder = new TemporaryFolder();
        using var tracker = Tracker.Open(folder.At("store"));
        using var run = tracker.Experiment("e").StartRun();
        using (RunCapture.Begin(run, new CaptureOptions { WorkingDirectory = folder.Path, Output = false, Resources = false }))
        {
            run.Seed(17);
        }

        tracker.GetRun(run.Id).Tags["roux.seed"].ShouldBe("17");
        tracker.GetRun(run.Id).Tags["roux.seed.source"].ShouldBe("program");
        // This test program is built from a project, which is kept.
        tracker.GetRun(run.Id).Tags["roux.program"].ShouldBe("project");
        tracker.ListArtifacts(run.Id, "code").ShouldNotBeEmpty();
    }

    [Fact]
    public void Resolved_versions_come_from_what_the_restore_wrote()
    {
        using var folder = Program();
        const string Assets = """
            {"version": 4, "libraries": {"Sep/0.11.4": {"type": "package"}, "Lib/1.0.0": {"type": "project"}, "Apple/1.0.0": {"type": "package"}},
             "project": {"restore": {"projectPath": "PATH"}, "frameworks": {"net10.0": {"runtimeIdentifierGraphPath": "/usr/share/dotnet/sdk/10.0.401/PortableRuntimeIdentifierGraph.json"}}}}
            """;
        folder.Write("builds/app-000/obj/project.assets.json", Assets.Replace("PATH", "/elsewhere/app.cs.csproj", StringComparison.Ordinal));
        folder.Write("builds/app-111/obj/project.assets.json", Assets.Replace("PATH", folder.At("app.cs.csproj"), StringComparison.Ordinal));
        var file = new ProgramRecord(ProgramKind.FileBased, "app.cs", folder.Path);
        var resolved = ResolvedPackages.Find(file, folder.At("builds"))!;
        resolved.Packages.ShouldBe([new PackageRecord("Apple", "1.0.0"), new PackageRecord("Sep", "0.11.4")]);
        resolved.SdkVersion.ShouldBe("10.0.401");
        resolved.File.ShouldBe(folder.At("builds/app-111/obj/project.assets.json"));
        folder.Write("builds/app-111/obj/project.assets.json", "{broken");
        ResolvedPackages.Find(file, folder.At("builds")).ShouldBeNull();
        var project = new ProgramRecord(ProgramKind.Project, "lib/Lib.csproj", folder.Path);
        ResolvedPackages.Find(project).ShouldBeNull();
        folder.Write("lib/packages.lock.json", """{"version": 2, "dependencies": {"net10.0": {"Sep": {"type": "Direct", "requested": "[0.11.0, )", "resolved": "0.11.4"}, "other": {"type": "Project"}}}}""");
        ResolvedPackages.Find(project)!.Packages.ShouldBe([new PackageRecord("Sep", "0.11.4")]);
        folder.Write("lib/obj/project.assets.json", Assets);
        ResolvedPackages.Find(project)!.Packages.Count.ShouldBe(2);
    }

    private static TemporaryFolder Program()
    {
        var folder = new TemporaryFolder();
        folder.Write("app.cs", "Console.WriteLine(1);\n");
        folder.Write("lib/Lib.csproj", "<Project/>");
        folder.Write("lib/packages.lock.json", "{}");
        folder.Write("lib/bin/Release/net10.0/Lib.dll", "");
        folder.Write("sub/train.py", "print(1)\n");
        folder.Write("x.ipynb", "{}");
        folder.Write("y.dib", "1");
        folder.Write("go.sh", "true\n");
        return folder;
    }
}
