using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

/// <summary>What a run carries of programs that the real tools start.</summary>
[UnsupportedOSPlatform("windows")]
public class RunCaptureDepthTests
{
    [Fact]
    [Trait("Speed", "slow")]
    public void A_file_based_program_is_kept_with_its_resolved_packages()
    {
        using var folder = new TemporaryFolder();
        // A package that the tests themselves restore, so that it is in the cache of this machine.
        folder.Write("erste ü.cs", "#:package Shouldly@4.3.0\n#:property PublishAot=false\nConsole.WriteLine($\"seed {args[1]}\");\n");
        var result = RouxProcess.Run(folder.Path, "run", "--name", "one", "--", "dotnet", "run", "erste ü.cs", "--", "--seed", "9");
        result.ExitCode.ShouldBe(0, result.Error + result.Output);
        result.Output.ShouldContain("seed 9");
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var run = tracker.FindRun("one")!;
        run.Warnings.ShouldBeEmpty();
        run.Tags["roux.program"].ShouldBe("file-based");
        run.Tags["roux.seed"].ShouldBe("9");
        run.Tags["mlflow.source.name"].ShouldBe("erste ü.cs");
        File.ReadAllText(tracker.ArtifactFile(run.Id, "code/erste ü.cs")).ShouldContain("#:package Shouldly@4.3.0");
        var environment = JsonNode.Parse(File.ReadAllText(tracker.ArtifactFile(run.Id, "environment.json")))!;
        environment["packages"]!.AsArray().Select(p => $"{p!["name"]} {p["version"]}").ShouldContain("Shouldly 4.3.0");
        environment["program"]!["sdk_version"]!.ToString().ShouldStartWith("10.");
        environment["program"]!["directives"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task A_file_based_program_that_tracks_itself_is_kept_too()
    {
        using var folder = new TemporaryFolder();
        // The command line's own build stands in for the package.
        folder.Write("Daten ü.csv", "a\n1\n");
        var dll = Path.Combine(AppContext.BaseDirectory, "Roux.Tracking.dll");
        folder.Write("Directory.Build.targets", $"<Project><ItemGroup><Reference Include=\"Roux.Tracking\"><HintPath>{dll}</HintPath></Reference></ItemGroup></Project>");
        folder.Write("self.cs", """
            #:property PublishAot=false
            #:package LibGit2Sharp@0.32.0
            #:package Microsoft.Data.Sqlite@10.0.15
            #:package ZstdSharp.Port@0.8.8
            #:package DuckDB.NET.Data.Full@1.5.6.1
            using Roux.Tracking;
            using Roux.Tracking.Capture;
            using var tracker = Tracker.Open("store");
            using var run = tracker.Experiment("e").StartRun("self");
            using (RunCapture.Begin(run)) { run.Seed(3); Console.WriteLine("hello"); }
            """);
        var start = new ProcessStartInfo("dotnet", ["run", "self.cs", "--", "--data", "Daten ü.csv", "--seed", "4"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        using (var process = Process.Start(start)!)
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(0, output + await error);
        }

        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, "store"));
        var run = tracker.FindRun("self")!;
        run.Warnings.ShouldBeEmpty();
        run.Tags["roux.program"].ShouldBe("file-based");
        run.Tags["roux.seed"].ShouldBe("3");
        run.Tags["roux.seed.source"].ShouldBe("program");
        run.Datasets.ShouldHaveSingleItem().Dataset.Rows.ShouldBe(1);
        var environment = JsonNode.Parse(File.ReadAllText(tracker.ArtifactFile(run.Id, "environment.json")))!;
        environment["program"]!["entry"]!.ToString().ShouldBe("self.cs");
        environment["packages"]!.AsArray().Select(p => $"{p!["name"]} {p["version"]}").ShouldContain("ZstdSharp.Port 0.8.8");
        tracker.ListArtifacts(run.Id, "code").Select(a => a.Path).ShouldBe(["code/Directory.Build.targets", "code/self.cs"], ignoreOrder: true);
    }

    [Fact]
    public void Data_that_DVC_names_and_that_is_missing_is_told()
    {
        using var folder = new TemporaryFolder();
        folder.Write("Daten ü.csv.dvc", $"outs:\n- md5: {new string('0', 32)}\n  hash: md5\n  path: Daten ü.csv\n");
        var refused = RouxProcess.Run(folder.Path, "run", "--input", "Daten ü.csv", "--", "true");
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("dvc pull");
        RouxProcess.Run(folder.Path, "run", "--name", "one", "--", "true", "Daten ü.csv").ExitCode.ShouldBe(0);
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var run = tracker.FindRun("one")!;
        run.Findings.ShouldHaveSingleItem().Check.ShouldBe("dvc-missing");
        run.Datasets.ShouldBeEmpty();
        run.Tags["roux.dvc.Daten ü.csv"].ShouldContain("md5:0000");
    }

    [Fact]
    public void Variables_are_kept_by_name_and_never_secret_ones_and_the_seed_is_passed_on()
    {
        using var folder = new TemporaryFolder();
        var variables = new Dictionary<string, string> { ["MY_MODE"] = "fast", ["MY_TOKEN"] = "hidden-1", ["OTHER"] = "hidden-2" };
        using var roux = RouxProcess.Start(folder.Path, variables, "run", "--name", "one", "--seed", "5", "--keep-variable", "MY_MODE", "--keep-variable", "MY_TOKEN", "--", "sh", "-c", "echo seed $ROUX_SEED");
        roux.Wait().Output.ShouldBe("seed 5\n");
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var run = tracker.FindRun("one")!;
        run.Tags["roux.seed"].ShouldBe("5");
        run.Tags["roux.seed.source"].ShouldBe("roux");
        var text = File.ReadAllText(tracker.ArtifactFile(run.Id, "environment.json"));
        text.ShouldContain("\"MY_MODE\": \"fast\"");
        text.ShouldNotContain("hidden");
    }
}
