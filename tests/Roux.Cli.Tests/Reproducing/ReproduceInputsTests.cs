using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Reproducing;

/// <summary>Inputs that are fetched or installed, and how paths outside of the repository are met.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ReproduceInputsTests
{
    private const string Script = Project.LogFunction + "log('sum', sum(float(line) for line in open(sys.argv[-1]) if line.strip()))\n";
    private const string Md5 = "c0710d6b4f15dfa88f600b0e6b624077";

    [Fact]
    public void Data_comes_out_of_the_cache_of_DVC_or_is_pulled_when_a_remote_is_set()
    {
        using var project = new Project();
        project.Write("train.py", Script);
        project.Write("data/d.csv", "1\n2\n3\n");
        project.Write("data/d.csv.dvc", $"outs:\n- md5: {Md5}\n  size: 6\n  hash: md5\n  path: d.csv\n");
        project.Write(".dvc/config", "");
        project.Write(".dvc/.gitignore", "cache\n");
        project.Commit();
        project.Run("python3", "train.py", "data/d.csv");
        var cached = project.Write($".dvc/cache/files/md5/{Md5[..2]}/{Md5[2..]}", "1\n2\n3\n");
        File.Delete(Path.Combine(project.Path, "data/d.csv"));
        Verdict(project.Reproduce()).ShouldBe("reproduced");

        File.Delete(cached);
        var gone = project.Reproduce();
        Verdict(gone).ShouldBe("impossible");
        gone["differences"]![0]!["fix"]!.ToString().ShouldContain("dvc pull");

        // A stand-in for dvc: it lists a remote, and pulls the file into the folder that it runs in.
        var tools = Path.Combine(project.Outside, "tools");
        Directory.CreateDirectory(tools);
        var dvc = Path.Combine(tools, "dvc");
        File.WriteAllText(dvc, "#!/bin/sh\ncase \"$1\" in remote) echo origin;; pull) [ \"$3\" = d.csv ] && [ -f d.csv.dvc ] && printf '1\\n2\\n3\\n' > d.csv;; esac\n");
        File.SetUnixFileMode(dvc, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Verdict(project.ReproduceIn(project.Path, new Dictionary<string, string> { ["PATH"] = tools + ":" + Environment.GetEnvironmentVariable("PATH") })).ShouldBe("reproduced");
        File.Exists(Path.Combine(project.Path, "data/d.csv")).ShouldBeFalse("it is pulled into the folder of the repetition");
    }

    [Fact]
    public void Data_outside_of_the_repository_is_met_by_relative_and_by_full_paths()
    {
        using var project = new Project();
        project.Write("sub/train.py", Script);
        project.Commit();
        var data = Path.Combine(project.Outside, "far ä.csv");
        File.WriteAllText(data, "1\n2\n");
        var sub = Path.Combine(project.Path, "sub");
        var store = Path.Combine(project.Path, ".roux");
        foreach (var path in new[] { "../../far ä.csv", data })
        {
            RouxProcess.Run(sub, "run", "--store", store, "--name", path, "--", "python3", "train.py", path).ExitCode.ShouldBe(0);
            Verdict(RouxProcess.Run(sub, "reproduce", path, "--store", store, "--json").Json).ShouldBe("reproduced");
        }
    }

    [Fact]
    public void A_full_path_into_the_repository_leads_to_the_code_of_the_commit()
    {
        using var project = new Project();
        var script = project.Write("train.py", Project.LogFunction + "log('loss', 1)\n");
        project.Commit();
        project.Run("python3", script);
        project.Write("train.py", Project.LogFunction + "log('loss', 2)\n");
        Verdict(project.Reproduce()).ShouldBe("reproduced");
    }

    [Fact]
    public void Variables_of_the_allow_list_are_those_of_the_first_run()
    {
        using var project = new Project();
        project.Write("train.py", Project.LogFunction + "log('hash', hash('x'))\nlog('threads', float(os.environ.get('OMP_NUM_THREADS', -1)))\n");
        project.Commit();
        using (var run = RouxProcess.Start(project.Path, new Dictionary<string, string> { ["PYTHONHASHSEED"] = "3" }, "run", "--name", "first", "--", "python3", "train.py"))
        {
            run.Wait().ExitCode.ShouldBe(0);
        }

        Verdict(project.ReproduceIn(project.Path, new Dictionary<string, string> { ["PYTHONHASHSEED"] = "4", ["OMP_NUM_THREADS"] = "7" })).ShouldBe("reproduced");
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void Python_packages_are_installed_as_recorded_when_asked_for()
    {
        using var project = new Project();
        project.Write("train.py", Project.LogFunction + "import forecast\nlog('loss', forecast.value)\n");
        project.Commit();
        var wheels = Path.Combine(project.Outside, "wheels");
        Directory.CreateDirectory(wheels);
        Wheel(wheels, "1.0.0", 1);
        Wheel(wheels, "2.0.0", 2);
        var offline = new Dictionary<string, string> { ["PIP_NO_INDEX"] = "1", ["PIP_FIND_LINKS"] = wheels };
        var environment = Path.Combine(project.Outside, "environment");
        if (!Tool(project.Outside, offline, "python3", "-m", "venv", environment) || !Tool(project.Outside, offline, environment + "/bin/python", "-m", "pip", "install", "-q", "forecast==1.0.0"))
        {
            Assert.Skip("[needs] python3-venv");
        }

        project.Run(environment + "/bin/python", "train.py");
        Tool(project.Outside, offline, environment + "/bin/python", "-m", "pip", "install", "-q", "forecast==2.0.0").ShouldBeTrue();
        var plain = project.Reproduce();
        Verdict(plain).ShouldBe("differs");
        plain["differences"]!.AsArray().Select(d => d!["kind"]!.ToString()).ShouldBe(["environment", "metric"]);
        plain["differences"]![0]!["fix"]!.ToString().ShouldContain("forecast==1.0.0");
        var installed = project.ReproduceIn(project.Path, offline, "--install");
        Verdict(installed).ShouldBe("reproduced", installed.ToJsonString());
        Tool(project.Outside, offline, environment + "/bin/python", "-c", "import forecast; assert forecast.value == 2").ShouldBeTrue("the user's environment stays as it is");
    }

    private static void Wheel(string folder, string version, int value)
    {
        using var zip = ZipFile.Open(Path.Combine(folder, $"forecast-{version}-py3-none-any.whl"), ZipArchiveMode.Create);
        Add("forecast.py", $"value = {value}\n");
        Add($"forecast-{version}.dist-info/METADATA", $"Metadata-Version: 2.1\nName: forecast\nVersion: {version}\n");
        Add($"forecast-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
        Add($"forecast-{version}.dist-info/RECORD", "");

        void Add(string name, string text)
        {
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(text);
        }
    }

    private static bool Tool(string folder, Dictionary<string, string> variables, string program, params string[] arguments)
    {
        try
        {
            var start = new System.Diagnostics.ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var (name, value) in variables)
            {
                start.Environment[name] = value;
            }

            using var process = System.Diagnostics.Process.Start(start)!;
            _ = process.StandardOutput.ReadToEndAsync();
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string Verdict(JsonNode result) => result["verdict"]!.ToString();
}
