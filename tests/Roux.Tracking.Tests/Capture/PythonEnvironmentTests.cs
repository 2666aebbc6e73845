using System.Runtime.Versioning;
using Roux.Tracking.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

[UnsupportedOSPlatform("windows")]
public class PythonEnvironmentTests
{
    [Fact]
    public void A_virtual_environment_is_read_from_its_files()
    {
        using var folder = new TemporaryFolder();
        Executable(folder, "venv/bin/python", "");
        folder.Write("venv/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.2\n");
        Package(folder, "venv/lib/python3.11/site-packages", "scikit_learn-1.5.0", "scikit-learn", "1.5.0");
        Package(folder, "venv/lib/python3.11/site-packages", "NumPy-2.0.1", "numpy", "2.0.1");
        var mine = Package(folder, "venv/lib/python3.11/site-packages", "mine-0.1", "mine", "0.1");
        File.WriteAllText(Path.Combine(mine, "direct_url.json"), """{"url": "https://ada:pw@example.org/mine.git", "vcs_info": {"vcs": "git", "commit_id": "abc123"}}""");
        folder.Write("venv/lib/python3.11/site-packages/old.egg-info/PKG-INFO", "Metadata-Version: 1.0\nName: old\nVersion: 7\n");

        var record = Capture(folder, [folder.At("venv/bin/python"), "train.py"], []);

        record.ShouldNotBeNull();
        record.Kind.ShouldBe("venv");
        record.Version.ShouldBe("3.11.2");
        record.Packages.ShouldBe([
            new PackageRecord("mine", "0.1", "https://example.org/mine.git@abc123"), new PackageRecord("numpy", "2.0.1"), new PackageRecord("old", "7"), new PackageRecord("scikit-learn", "1.5.0")]);
    }

    [Fact]
    public void The_interpreter_is_found_on_the_path_behind_wrappers_and_in_scripts()
    {
        using var folder = new TemporaryFolder();
        Executable(folder, "venv/bin/python", "");
        Executable(folder, "venv/bin/python3", "");
        folder.Write("venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.12.0\n");
        Executable(folder, "venv/bin/torchrun", $"#!{folder.At("venv/bin/python3")}\nimport sys\n");
        Executable(folder, "venv/bin/long", $"#!/bin/sh\n'''exec' {folder.At("venv/bin/python3")} \"$0\" \"$@\"\n' '''\n");
        Executable(folder, "script.py", "#!/usr/bin/env python3\n");
        Executable(folder, "plain", "#!/bin/sh\necho\n");
        Dictionary<string, string> variables = new() { ["PATH"] = folder.At("venv/bin") };
        foreach (string[] command in new string[][] { ["python", "a.py"], ["python3"], ["env", "A=1", "python", "a.py"], ["torchrun", "a.py"], ["long"], ["./script.py"] })
        {
            Capture(folder, command, variables).ShouldNotBeNull(string.Join(' ', command)).Version.ShouldBe("3.12.0");
        }

        foreach (string[] command in new string[][] { ["./plain"], ["ls"], ["pythonic"], [] })
        {
            Capture(folder, command, variables).ShouldBeNull(string.Join(' ', command));
        }
    }

    [Fact]
    public void What_conda_installed_is_read_from_its_records()
    {
        using var folder = new TemporaryFolder();
        Executable(folder, "conda/bin/conda", "#!/bin/sh\n");
        Executable(folder, "conda/bin/python", "");
        folder.Write("conda/condabin/conda", "");
        folder.Write("conda/conda-meta/python-3.12.1-hab00c5b_0.json", "{}");
        Executable(folder, "conda/envs/films/bin/python", "");
        folder.Write("conda/envs/films/conda-meta/python-3.11.4-hab00c5b_0.json", """{"build": "hab00c5b_0", "channel": "https://ada:pw@conda.example.org/conda-forge/linux-64", "files": []}""");
        folder.Write("conda/envs/films/conda-meta/scikit-learn-1.5.0-py311_1.json", """{"channel" : "conda-forge"}""");
        folder.Write("conda/envs/films/conda-meta/history", "");
        Dictionary<string, string> variables = new() { ["PATH"] = folder.At("conda/bin") };
        foreach (string[] command in new string[][] { [folder.At("conda/envs/films/bin/python"), "a.py"], ["conda", "run", "-n", "films", "python", "a.py"], ["conda", "run", "--prefix", "conda/envs/films", "python", "a.py"] })
        {
            var record = Capture(folder, command, variables).ShouldNotBeNull(string.Join(' ', command));
            record.Kind.ShouldBe("conda");
            record.Version.ShouldBe("3.11.4");
            record.Conda!.Name.ShouldBe("films");
            record.Conda.Packages.ShouldBe([new CondaPackage("python", "3.11.4", "hab00c5b_0", "https://conda.example.org/conda-forge/linux-64"), new CondaPackage("scikit-learn", "1.5.0", "py311_1", "conda-forge")]);
        }

        Capture(folder, ["conda", "run", "python", "a.py"], variables)!.Conda!.Name.ShouldBe("base");
        Capture(folder, ["conda", "run", "-n", "none", "python", "a.py"], variables).ShouldBeNull();
    }

    [Fact]
    public void Project_runners_use_the_environment_of_the_project()
    {
        using var folder = new TemporaryFolder();
        Executable(folder, ".venv/bin/python", "");
        folder.Write(".venv/pyvenv.cfg", "version_info = 3.13.1\n");
        Capture(folder, ["uv", "run", "train.py"], [])!.Version.ShouldBe("3.13.1");
    }

    [Fact]
    public void Pyenv_shims_lead_to_the_version_of_the_project()
    {
        using var folder = new TemporaryFolder();
        Executable(folder, "pyenv/shims/python3", "#!/usr/bin/env bash\nexec pyenv\n");
        foreach (var version in new[] { "3.10.4", "3.12.1" })
        {
            Executable(folder, $"pyenv/versions/{version}/bin/python3", "");
            folder.Write($"pyenv/versions/{version}/include/python{version[..4]}/patchlevel.h", $"#define PY_VERSION \"{version}\"\n");
            Package(folder, $"pyenv/versions/{version}/lib/python{version[..4]}/site-packages", "x-1", "x", version);
        }

        folder.Write("pyenv/version", "3.10.4\n");
        Dictionary<string, string> variables = new() { ["PATH"] = folder.At("pyenv/shims") };
        Capture(folder, ["python3"], variables)!.Version.ShouldBe("3.10.4");
        folder.Write(".python-version", "3.12\n");
        var record = Capture(folder, ["python3"], variables)!;
        record.Version.ShouldBe("3.12.1");
        record.Packages.ShouldBe([new PackageRecord("x", "3.12.1")]);
        Capture(folder, ["python3"], new(variables) { ["PYENV_VERSION"] = "3.10.4" })!.Version.ShouldBe("3.10.4");
    }

    [Fact]
    public void Conda_environments_are_recognised()
    {
        using var folder = new TemporaryFolder();
        Executable(folder, "env/bin/python3.11", "");
        File.CreateSymbolicLink(folder.At("env/bin/python"), "python3.11");
        folder.Write("env/conda-meta/python-3.11.9-h955ad1f_0.json", "{}");
        Package(folder, "env/lib/python3.11/site-packages", "x-1", "x", "1");
        var record = Capture(folder, [folder.At("env/bin/python")], [])!;
        record.Kind.ShouldBe("conda");
        record.Version.ShouldBe("3.11.9");
        record.Packages.Count.ShouldBe(1);
    }

    private static PythonRecord? Capture(TemporaryFolder folder, string[] command, Dictionary<string, string> variables)
    {
        var warnings = new List<string>();
        var record = PythonEnvironment.Capture(command, folder.Path, variables, warnings);
        warnings.ShouldBeEmpty();
        return record;
    }

    private static void Executable(TemporaryFolder folder, string relative, string text) =>
        File.SetUnixFileMode(folder.Write(relative, text), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static string Package(TemporaryFolder folder, string site, string stem, string name, string version) =>
        Path.GetDirectoryName(folder.Write($"{site}/{stem}.dist-info/METADATA", $"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: not this\n"))!;
}
