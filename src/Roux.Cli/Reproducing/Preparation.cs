using Roux.Tracking.Capture;
using Roux.Tracking.Reproduction;

namespace Roux.Cli.Reproducing;

/// <summary>Makes the program of a run ready to start in a <see cref="Workspace"/>: command with paths moved, interpreter found, packages restored as locked.</summary>
internal sealed class Preparation
{
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(30);
    private readonly RunRecipe _recipe;
    private readonly Workspace _workspace;
    private readonly CancellationToken _stop;

    public Preparation(RunRecipe recipe, Workspace workspace, CancellationToken stop)
    {
        (_recipe, _workspace, _stop) = (recipe, workspace, stop);
        Variables = RecordedVariables.Of(recipe, workspace.RecordedTree, workspace.Tree);
    }

    /// <summary>What is missing to start it.</summary>
    public List<Difference> Missing { get; } = [];

    /// <summary>Variables that it gets.</summary>
    public Dictionary<string, string?> Variables { get; }

    /// <summary>Program and arguments as they are started.</summary>
    public IReadOnlyList<string> Command { get; private set; } = [];

    /// <summary>Program and arguments as they are recorded: <c>roux</c> for Roux itself.</summary>
    public IReadOnlyList<string> Recorded { get; private set; } = [];

    /// <summary>Full path of the program.</summary>
    public string Program { get; private set; } = "";

    /// <summary>Works it out.</summary>
    /// <param name="command">Program and arguments as they were, with secrets.</param>
    /// <param name="moved">Files named by their full path that lie elsewhere now.</param>
    /// <param name="install">Whether Python packages are installed into an environment of their own.</param>
    public void Make(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> moved, bool install)
    {
        // Data that stayed outside the tree is moved by its own path before the tree's path is.
        Command = [.. command.Select(a => CommandRestore.MovePath(moved.Aggregate(a, (text, m) => CommandRestore.MovePath(text, m.Key, m.Value)), _workspace.RecordedTree, _workspace.Tree))];
        Recorded = Command;
        if (_recipe.IsRoux)
        {
            Command = [.. OwnProgram(), .. CommandRestore.WithoutStore(Command).Skip(1)];
            Recorded = ["roux", .. CommandRestore.WithoutStore(Recorded).Skip(1)];
            Program = Command[0];
            return;
        }

        if (BuiltProgram.FromSources(_recipe, _workspace, command, Command) is { } sources)
        {
            Command = Recorded = command = sources;
        }

        FindProgram(command[0]);
        CheckScript();
        if (Missing.Count == 0 && Path.GetFileNameWithoutExtension(Command[0]) == "dotnet")
        {
            RestoreLocked();
        }

        if (Missing.Count == 0 && install && _recipe.Setting("python", "version") is not null)
        {
            InstallPython();
        }
    }

    private static string[] OwnProgram()
    {
        var host = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, Environment.GetCommandLineArgs()[0]] : [host];
    }

    private void FindProgram(string recorded)
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        var found = ProgramSearch.Find(Command[0], path, _workspace.WorkingDirectory);
        if (found is null && recorded.Contains('/', StringComparison.Ordinal))
        {
            // An interpreter of an environment inside the repository (.venv/bin/python) is no code: it is used where it is.
            found = ProgramSearch.Find(recorded, path, _recipe.WorkingDirectory) is { } original && IsPartOfEnvironment(original) ? original : null;
        }

        // PATH may lead to another Python now than it did then.
        if (_recipe.Setting("python", "executable") is { } python && IsPython(recorded) && found != python && File.Exists(python) && !python.StartsWith(_workspace.RecordedTree + "/", StringComparison.Ordinal))
        {
            found = python;
        }

        if (found is null)
        {
            Missing.Add(recorded.Contains('/', StringComparison.Ordinal) && DataSearch.Relative(_workspace.RecordedTree, Path.GetFullPath(Path.Combine(_recipe.WorkingDirectory, recorded))) is { } inside
                ? new Difference(DifferenceKind.Code, $"the program {inside} is not in the commit", recorded, null, "commit it, or run it by what builds it (dotnet run …)")
                : new Difference(DifferenceKind.Environment, $"the program {recorded} is not installed", recorded, null, $"install {recorded}"));
            return;
        }

        Program = found;
        if (found != ProgramSearch.Find(Command[0], path, _workspace.WorkingDirectory))
        {
            Command = [found, .. Command.Skip(1)];
        }
    }

    private static bool IsPython(string program) => Path.GetFileName(program) is var name && name.StartsWith("python", StringComparison.Ordinal) && name["python".Length..].All(c => char.IsAsciiDigit(c) || c == '.');

    private static bool IsPartOfEnvironment(string program) =>
        IsPython(program) || Path.GetDirectoryName(Path.GetDirectoryName(program)) is { } prefix && (File.Exists(Path.Combine(prefix, "pyvenv.cfg")) || Directory.Exists(Path.Combine(prefix, "conda-meta")));

    // The script that an interpreter is to run must be there; whether what it imports is shows only when it runs.
    private void CheckScript()
    {
        var source = _recipe.Run.Tags.GetValueOrDefault("mlflow.source.name");
        if (source is null || !_recipe.Command.Skip(1).Contains(source) || Path.GetExtension(source).Length < 2)
        {
            return;
        }

        var recorded = Path.GetFullPath(Path.Combine(_recipe.WorkingDirectory, source));
        if (DataSearch.Relative(_workspace.RecordedTree, recorded) is { } relative && !File.Exists(Path.Combine(_workspace.Tree, relative)))
        {
            var reason = _recipe.LeftOut.FirstOrDefault(f => f.Path == relative.Replace('\\', '/')).Reason;
            Missing.Add(new Difference(DifferenceKind.Code, $"{relative} is not in the commit and was not recorded{(reason is null ? "" : $" ({reason})")}", relative, null, "commit it, then start the run again"));
        }
    }

    private void RestoreLocked()
    {
        string[] verbs = ["run", "test", "build", "publish"];
        if (Command.Count < 2 || !(verbs.Contains(Command[1]) || Command[1].EndsWith(".cs", StringComparison.Ordinal)))
        {
            return;
        }

        var target = Target();
        var folder = target is null ? _workspace.WorkingDirectory : Directory.Exists(target) ? target : Path.GetDirectoryName(target)!;
        if (!File.Exists(Path.Combine(folder, "packages.lock.json")))
        {
            return;
        }

        // MSBuild takes properties from the environment: the restore that "dotnet run" does itself is locked as well.
        Variables["RestoreLockedMode"] = "true";
        var restored = ChildProgram.Run(Program, target is null ? ["restore"] : ["restore", target], _workspace.WorkingDirectory, RestoreLimit, _stop, Variables);
        if (!restored.Ok)
        {
            var line = (restored.Output + restored.Error).Split('\n').FirstOrDefault(l => l.Contains("error ", StringComparison.Ordinal))?.Trim() ?? restored.LastLine;
            Missing.Add(new Difference(DifferenceKind.Environment, "packages cannot be restored as the lock file has them", "packages.lock.json", line, "look at: dotnet restore --locked-mode"));
        }
    }

    private string? Target()
    {
        for (var i = 1; i < Command.Count && Command[i] != "--"; i++)
        {
            var named = Command[i] is "--project" or "--file" or "-p" && i + 1 < Command.Count ? Command[i + 1]
                : Command[i].StartsWith("--project=", StringComparison.Ordinal) || Command[i].StartsWith("--file=", StringComparison.Ordinal) ? Command[i][(Command[i].IndexOf('=', StringComparison.Ordinal) + 1)..]
                : Command[i].EndsWith(".cs", StringComparison.Ordinal) || Command[i].EndsWith("proj", StringComparison.Ordinal) ? Command[i] : null;
            if (named is not null && Path.Combine(_workspace.WorkingDirectory, named) is var path && Path.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    private void InstallPython()
    {
        var interpreter = _recipe.Setting("python", "executable") is { } recorded && File.Exists(recorded) ? recorded : ProgramSearch.Find("python3", Environment.GetEnvironmentVariable("PATH")) ?? "python3";
        var environment = _workspace.Place(Path.Combine(_workspace.RecordedTree, "..", ".roux-python"));
        var requirements = environment + ".txt";
        var (pinned, odd) = PythonRequirements.Of(_recipe.Environment);
        File.WriteAllText(requirements, string.Join('\n', pinned) + "\n");
        foreach (var package in odd)
        {
            Missing.Add(new Difference(DifferenceKind.Environment, $"Python package {package} did not come from the index", package, null, "install it by hand, and leave out --install"));
        }

        Console.Error.WriteLine($"roux: installing {pinned.Count} Python packages");
        var made = ChildProgram.Run(interpreter, ["-m", "venv", environment], _workspace.WorkingDirectory, InstallLimit, _stop);
        var python = Path.Combine(environment, OperatingSystem.IsWindows() ? "Scripts/python.exe" : "bin/python");
        if (made.Ok && pinned.Count > 0)
        {
            made = ChildProgram.Run(python, ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "-r", requirements], _workspace.WorkingDirectory, InstallLimit, _stop);
        }

        if (!made.Ok)
        {
            Missing.Add(new Difference(DifferenceKind.Environment, "Python packages cannot be installed", $"{pinned.Count} packages", made.LastLine, "install them by hand, and leave out --install"));
            return;
        }

        Variables["VIRTUAL_ENV"] = environment;
        Variables["PATH"] = Path.GetDirectoryName(python) + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        if (IsPython(Command[0]))
        {
            Program = python;
            Command = [python, .. Command.Skip(1)];
            Recorded = Command;
        }
    }
}
