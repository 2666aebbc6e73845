using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Roux.Tracking.Capture;
using Roux.Tracking.Reproduction;

namespace Roux.Cli.Scaffolding;

/// <summary>Writes a Dockerfile, and the files beside it, that rebuild what a run ran in. Text only; secrets were never recorded.</summary>
/// <remarks>What a run recorded may hold anything: commands stand in the exec form (a JSON array, which no shell reads), comments on one line, and names must be of a known form.</remarks>
internal sealed partial class RunDockerfile
{
    private const string Home = "/work";
    private const int LongestValue = 4096;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Default) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly RunRecipe _recipe;
    private readonly Func<string, string?> _committed;
    private readonly StringBuilder _text = new();
    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

    private RunDockerfile(RunRecipe recipe, Func<string, string?> committed) => (_recipe, _committed) = (recipe, committed);

    /// <summary>The files by name; <c>Dockerfile</c> is one.</summary>
    /// <param name="recipe">What the run recorded.</param>
    /// <param name="committed">The text of a file of the run's commit, by its path from the top of the repository; null where it is not to be had.</param>
    public static IReadOnlyDictionary<string, string> Of(RunRecipe recipe, Func<string, string?> committed)
    {
        var dockerfile = new RunDockerfile(recipe, committed);
        dockerfile.Write();
        return dockerfile._files;
    }

    private void Write()
    {
        Comment($"Environment of the run {_recipe.Run.Name} ({_recipe.Run.Id})");
        Comment($"started {_recipe.Run.Started.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC on {_recipe.Setting("os", "name") ?? "an unknown system"}");
        Comment("docker build -t run . && docker run --rm run");
        Line($"FROM {BaseImage()}");
        Code();
        Packages();
        Variables();
        Data();
        Command();
        _files["Dockerfile"] = _text.ToString();
    }

    private string BaseImage()
    {
        if (_recipe.Setting("python", "version") is { } python && VersionPattern().IsMatch(python))
        {
            return $"python:{python}-slim";
        }

        if (_recipe.IsRoux || Path.GetFileNameWithoutExtension(_recipe.Command.Count > 0 ? _recipe.Command[0] : "") == "dotnet" || _recipe.Setting("program", "kind") is "file-based" or "project")
        {
            var sdk = _recipe.Setting("program", "sdk_version");
            var runtime = (_recipe.Setting("dotnet", "runtime") ?? "").Replace(".NET ", "", StringComparison.Ordinal);
            return "mcr.microsoft.com/dotnet/sdk:" + (sdk is not null && VersionPattern().IsMatch(sdk) ? sdk : VersionPattern().IsMatch(runtime) ? string.Join('.', runtime.Split('.').Take(2)) : "10.0");
        }

        var system = SystemPattern().Match(_recipe.Setting("os", "name") ?? "");
        return system.Success ? $"{system.Groups["name"].Value.ToLowerInvariant()}:{system.Groups["version"].Value}" : "debian:stable-slim";
    }

    private void Code()
    {
        Line($"WORKDIR {Home}");
        if (_recipe.IsRoux)
        {
            Comment($"Roux {_recipe.Setting("roux")}: copy a published one beside this file (dotnet publish src/Roux.Cli -o roux)");
            Line("COPY roux /opt/roux");
            Line("RUN printf '#!/bin/sh\\nexec dotnet /opt/roux/roux.dll \"$@\"\\n' > /usr/local/bin/roux && chmod +x /usr/local/bin/roux");
        }

        if (_recipe.Commit is { } commit && CommitPattern().IsMatch(commit))
        {
            if (_recipe.Remote is { Length: > 0 } remote && !remote.StartsWith('-'))
            {
                Line("RUN command -v git >/dev/null || (apt-get update && apt-get install -y --no-install-recommends git ca-certificates && rm -rf /var/lib/apt/lists/*)");
                Exec("RUN", "git", "clone", "--recurse-submodules", "--", remote, Home);
                Exec("RUN", "git", "checkout", "--detach", commit);
            }
            else
            {
                Comment($"The repository had no remote: build this in a checkout of commit {commit}.");
                Line($"COPY . {Home}");
                Line("RUN command -v git >/dev/null || (apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*)");
            }
        }
        else if (!_recipe.IsRoux)
        {
            Comment("The run names no commit: build this in the folder of its code.");
            Line($"COPY . {Home}");
        }

        if (_recipe.DiffFile is { } diff && File.ReadAllText(diff) is var patch && patch.Contains("\ndiff --git ", StringComparison.Ordinal))
        {
            _files["git.diff"] = patch;
            Line("COPY git.diff /tmp/git.diff");
            Exec("RUN", "git", "apply", "--whitespace=nowarn", "/tmp/git.diff");
        }
    }

    private void Packages()
    {
        var (pinned, other) = PythonRequirements.Of(_recipe.Environment);
        if (pinned.Count > 0)
        {
            _files["requirements.txt"] = string.Join('\n', pinned) + "\n";
            Line("COPY requirements.txt /tmp/requirements.txt");
            Exec("RUN", "python3", "-m", "pip", "install", "--no-cache-dir", "--no-deps", "-r", "/tmp/requirements.txt");
        }

        foreach (var package in other)
        {
            Comment($"not from the index, to be installed by hand: {package}");
        }

        foreach (var name in new[] { "global.json", "packages.lock.json", "Directory.Packages.props", "nuget.config" })
        {
            if (Kept(name) is { } text)
            {
                _files[name] = text;
            }
        }

        if (_files.ContainsKey("packages.lock.json"))
        {
            Comment("packages are restored as the lock file has them, or not at all");
            Line("ENV RestoreLockedMode=\"true\"");
        }
        else if (_recipe.Environment["python"] is null && DotnetPins() is { Length: > 0 } pins)
        {
            _files["packages.pins.props"] = pins;
            Comment("The run kept no packages.lock.json: packages.pins.props holds the versions that it used, for Directory.Packages.props.");
        }
    }

    // By its place beside the program first, then at the top.
    private string? Kept(string name)
    {
        var below = _recipe.Root is null || _recipe.WorkingDirectory.Length == 0 ? "." : Path.GetRelativePath(_recipe.Root, _recipe.WorkingDirectory);
        var entry = Path.GetDirectoryName(_recipe.Setting("program", "entry") ?? "") ?? "";
        foreach (var place in new[] { entry, below, "" }.Select(f => Path.Combine(f is "." ? "" : f, name)).Distinct(StringComparer.Ordinal).Where(p => !p.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(p)))
        {
            if (_recipe.CodeFolder is { } code && File.Exists(Path.Combine(code, place)))
            {
                return File.ReadAllText(Path.Combine(code, place));
            }

            if (_committed(place.Replace('\\', '/')) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    private string DotnetPins()
    {
        var lines = new List<string>();
        foreach (var package in _recipe.Environment["packages"] is System.Text.Json.Nodes.JsonArray packages ? packages.OfType<System.Text.Json.Nodes.JsonObject>() : [])
        {
            var (name, version) = (package["name"]?.ToString() ?? "", package["version"]?.ToString() ?? "");
            if (NamePattern().IsMatch(name) && VersionPattern().IsMatch(version))
            {
                lines.Add($"    <PackageVersion Include=\"{name}\" Version=\"{version}\" />\n");
            }
        }

        return lines.Count == 0 ? "" : $"<Project>\n  <ItemGroup>\n{string.Concat(lines)}  </ItemGroup>\n</Project>\n";
    }

    private void Variables()
    {
        foreach (var (name, value) in _recipe.Variables.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (!VariablePattern().IsMatch(name) || name is "VIRTUAL_ENV" or "CONDA_PREFIX" or "LD_PRELOAD")
            {
                continue;
            }

            if (value.Length > LongestValue || value.Any(char.IsControl) || value.Contains(CommandLineText.Secret, StringComparison.Ordinal))
            {
                Comment($"the variable {name} was set to something that cannot stand here");
                continue;
            }

            var moved = Moved(value);
            Line($"ENV {name}=\"{moved.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal)}\"");
        }
    }

    private void Data()
    {
        if (_recipe.Data.Count == 0)
        {
            return;
        }

        var sums = new StringBuilder();
        Comment("Data goes in when it runs, as: docker run -v /path/to/FILE:PLACE:ro; then sha256sum --check data.sha256");
        foreach (var need in _recipe.Data)
        {
            var place = Moved(need.Path);
            Comment($"{need.Name}: {place}, sha256 {need.Sha256}");
            // The form of sha256sum: a line with such a name begins with a backslash.
            var odd = place.Any(c => c is '\\' or '\n' or '\r');
            var escaped = place.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
            sums.Append(odd ? "\\" : "").Append(need.Sha256).Append("  ").Append(escaped).Append('\n');
        }

        _files["data.sha256"] = sums.ToString();
    }

    private void Command()
    {
        if (_recipe.Root is { } root && _recipe.WorkingDirectory.Length > 0 && Path.GetRelativePath(root, _recipe.WorkingDirectory) is var below && below is not "." && !below.StartsWith("..", StringComparison.Ordinal))
        {
            // WORKDIR knows no exec form: a folder of an odd name is gone to by the command instead.
            if (FolderPattern().IsMatch(below))
            {
                Line($"WORKDIR {Home}/{below}");
            }
            else
            {
                Comment($"the run was started in {below}; start the container with: -w {Home}/…");
            }
        }

        var command = _recipe.Command.Select(Moved).ToArray();
        if (command.Length == 0)
        {
            return;
        }

        if (command.Any(a => a.Contains(CommandLineText.Secret, StringComparison.Ordinal)))
        {
            Comment($"{CommandLineText.Secret} stands for a secret that was not recorded: give the command again, with it, to docker run");
        }

        if (_recipe.Setting("python", "executable") is not null && Path.GetFileName(command[0]).StartsWith("python", StringComparison.Ordinal))
        {
            command[0] = "python3";
        }

        Exec("CMD", FromSources(command));
    }

    // What a build left (of a file-based program under the user's home, of a project under bin/) is started from its sources.
    private string[] FromSources(string[] command)
    {
        var at = command.Length > 1 && Path.GetFileNameWithoutExtension(command[0]) == "dotnet" && command[1].EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        if (_recipe.Setting("program", "entry") is not { } entry || Path.IsPathRooted(entry))
        {
            return command;
        }

        return _recipe.Setting("program", "kind") switch
        {
            "file-based" when command[at].Contains("/runfile/", StringComparison.Ordinal) => ["dotnet", "run", "--file", $"{Home}/{entry}", "--", .. command[(at + 1)..]],
            "project" when command[at].Contains("bin/", StringComparison.Ordinal) => ["dotnet", "run", "--project", $"{Home}/{entry}", "--", .. command[(at + 1)..]],
            _ => command,
        };
    }

    private string Moved(string text) => string.IsNullOrEmpty(_recipe.Root) ? text : CommandRestore.MovePath(text, _recipe.Root, Home);

    private void Exec(string instruction, params string[] command) => Line($"{instruction} {JsonSerializer.Serialize(command, Json)}");

    private void Comment(string text) => Line("# " + Terminal.OneLine(text).Replace('\n', ' '));

    private void Line(string text) => _text.Append(text).Append('\n');

    [GeneratedRegex(@"\A[0-9]+(\.[0-9A-Za-z_+-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,150}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariablePattern();

    [GeneratedRegex(@"\A[0-9a-f]{40,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CommitPattern();

    [GeneratedRegex(@"\A[\p{L}0-9][\p{L}0-9._/-]{0,300}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FolderPattern();

    [GeneratedRegex(@"\A(?<name>Debian|Ubuntu|Fedora|Alpine)[^0-9]{0,30}(?<version>[0-9]+(\.[0-9]+)?)", RegexOptions.CultureInvariant)]
    private static partial Regex SystemPattern();
}
