namespace Roux.Tracking.Capture;

/// <summary>Finds the Python interpreter that a command will use and what is installed in it, by reading files only: nothing is run.</summary>
internal sealed class PythonEnvironment
{
    private const int MostShimLines = 4;
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly string _workingDirectory;

    private PythonEnvironment(string workingDirectory, IReadOnlyDictionary<string, string> variables)
    {
        _workingDirectory = workingDirectory;
        _variables = variables;
    }

    /// <summary>The Python environment of a command.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="workingDirectory">Where it will run.</param>
    /// <param name="variables">Environment variables it will see (PATH, HOME, PYENV_VERSION, VIRTUAL_ENV, …).</param>
    /// <param name="warnings">Gets one line for each thing that could not be read.</param>
    /// <returns>Null where the command is no Python program, or the interpreter is not to be found.</returns>
    public static PythonRecord? Capture(IReadOnlyList<string> command, string workingDirectory, IReadOnlyDictionary<string, string> variables, List<string> warnings)
    {
        try
        {
            var finder = new PythonEnvironment(workingDirectory, variables);
            return finder.Interpreter(command) is { } interpreter ? Describe(interpreter, warnings) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warnings.Add($"python: the environment is not recorded: {error.Message}");
            return null;
        }
    }

    /// <summary>Whether a program's file name is that of a Python interpreter.</summary>
    internal static bool IsPython(string program)
    {
        var name = Path.GetFileName(program);
        if (name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase))
        {
            name = name[..^4];
        }

        var rest = name.StartsWith("python", StringComparison.Ordinal) ? name["python".Length..] : name.StartsWith("pypy", StringComparison.Ordinal) ? name["pypy".Length..] : "no";
        return rest.All(c => char.IsAsciiDigit(c) || c == '.');
    }

    private string? Interpreter(IReadOnlyList<string> command)
    {
        if (command.Count == 0)
        {
            return null;
        }

        var program = command[0];
        var name = Path.GetFileName(program);
        if (IsPython(program))
        {
            return Resolve(program);
        }

        // Wrappers: "env A=1 python x.py", "nice -n 5 python …", "uv run x.py", "poetry run python x.py".
        if (name is "uv" or "poetry" or "pdm" or "hatch" or "pipenv" or "rye" && command.Count > 1 && command[1] == "run")
        {
            return ProjectInterpreter();
        }

        if (name is "conda" or "mamba" or "micromamba" && command.Count > 1 && command[1] == "run")
        {
            return CondaInterpreter(program, command);
        }

        if (name is "env" or "nice" or "time" or "nohup" or "taskset" or "numactl" or "stdbuf" or "xvfb-run")
        {
            return command.Skip(1).Take(6).FirstOrDefault(IsPython) is { } inner ? Resolve(inner) : null;
        }

        return ProgramSearch.Find(program, Variable("PATH"), _workingDirectory) is { } path ? ScriptInterpreter(path) : null;
    }

    private string? Resolve(string program)
    {
        var path = ProgramSearch.Find(program, Variable("PATH"), _workingDirectory);
        return path is null ? null : PyenvInterpreter(path) ?? path;
    }

    // A console script such as torchrun or pytest names its interpreter in the first line.
    private string? ScriptInterpreter(string path)
    {
        using var reader = new StreamReader(path);
        var buffer = new char[512];
        var text = new string(buffer, 0, reader.ReadBlock(buffer));
        if (!text.StartsWith("#!", StringComparison.Ordinal))
        {
            return null;
        }

        var lines = text.Split('\n').Take(MostShimLines).ToArray();
        var words = lines[0][2..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.FirstOrDefault(IsPython) is { } python)
        {
            return Resolve(python);
        }

        // Long paths do not fit a shebang line: pip then writes a shell line "'''exec' /long/path/python "$0" …".
        var exec = lines.FirstOrDefault(l => l.StartsWith("'''exec' ", StringComparison.Ordinal))?["'''exec' ".Length..].TrimStart();
        return exec?.Split(' ')[0].Trim('"') is { Length: > 0 } quoted && IsPython(quoted) ? Resolve(quoted) : null;
    }

    // "conda run -n NAME python x.py", "conda run -p PREFIX …": environments lie beside conda, or where CONDA_PREFIX points.
    private string? CondaInterpreter(string program, IReadOnlyList<string> command)
    {
        string? Value(params string[] options) => Enumerable.Range(2, Math.Max(0, command.Count - 3)).Where(i => options.Contains(command[i])).Select(i => command[i + 1]).FirstOrDefault();

        var name = Value("-n", "--name");
        var prefixes = new List<string>();
        if (Value("-p", "--prefix") is { } prefix)
        {
            prefixes.Add(Path.GetFullPath(Path.Combine(_workingDirectory, prefix)));
        }
        else
        {
            var found = ProgramSearch.Find(program, Variable("PATH"), _workingDirectory);
            var roots = new[] { found is null ? null : Path.GetDirectoryName(Path.GetDirectoryName(found)), Variable("MAMBA_ROOT_PREFIX"), Variable("CONDA_ROOT"), Variable("CONDA_PREFIX") is { } active && name is null ? active : null };
            prefixes.AddRange(roots.OfType<string>().Select(r => name is null or "base" ? r : Path.Combine(r, "envs", name)));
            if (name is not null && Variable("HOME") is { } home)
            {
                prefixes.Add(Path.Combine(home, ".conda", "envs", name));
            }
        }

        return prefixes.Select(p => Path.Combine(p, "bin", "python")).FirstOrDefault(File.Exists);
    }

    private string? ProjectInterpreter()
    {
        for (var folder = new DirectoryInfo(_workingDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (var relative in new[] { ".venv/bin/python", ".venv/Scripts/python.exe" })
            {
                var path = Path.Combine(folder.FullName, relative);
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        return Variable("VIRTUAL_ENV") is { } active && File.Exists(Path.Combine(active, "bin", "python")) ? Path.Combine(active, "bin", "python") : Resolve("python3");
    }

    // pyenv puts a shell script in the place of the interpreter; the version comes from a variable, a file in the project, or the global file.
    private string? PyenvInterpreter(string path)
    {
        var shims = Path.GetDirectoryName(path)!;
        if (Path.GetFileName(shims) != "shims" || Path.GetDirectoryName(shims) is not { } pyenv || !Directory.Exists(Path.Combine(pyenv, "versions")))
        {
            return null;
        }

        var wanted = Variable("PYENV_VERSION") is { Length: > 0 } fromVariable ? fromVariable.Split(':') : PyenvVersions(pyenv);
        foreach (var version in wanted)
        {
            var folder = Path.Combine(pyenv, "versions");
            var match = Directory.Exists(Path.Combine(folder, version))
                ? version
                : Directory.EnumerateDirectories(folder, version + ".*").Select(Path.GetFileName).OrderByDescending(v => v, StringComparer.Ordinal).FirstOrDefault();
            if (match is not null && Path.Combine(folder, match, "bin", Path.GetFileName(path)) is var found && File.Exists(found))
            {
                return found;
            }
        }

        return (Variable("PATH") ?? "").Split(Path.PathSeparator).Where(p => p.TrimEnd('/') != shims)
            .Select(p => Path.Combine(p, Path.GetFileName(path))).FirstOrDefault(File.Exists);
    }

    private IEnumerable<string> PyenvVersions(string pyenv)
    {
        for (var folder = new DirectoryInfo(_workingDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, ".python-version");
            if (File.Exists(file))
            {
                return ReadVersions(file);
            }
        }

        var global = Path.Combine(pyenv, "version");
        return File.Exists(global) ? ReadVersions(global) : [];

        static IEnumerable<string> ReadVersions(string file) =>
            File.ReadAllText(file).Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(v => v.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_'));
    }

    private string? Variable(string name) => _variables.TryGetValue(name, out var value) ? value : null;

    private static PythonRecord Describe(string interpreter, List<string> warnings)
    {
        var bin = Path.GetDirectoryName(interpreter)!;
        var prefix = Path.GetDirectoryName(bin)!;
        var config = new[] { Path.Combine(prefix, "pyvenv.cfg"), Path.Combine(bin, "pyvenv.cfg") }.FirstOrDefault(File.Exists);
        if (config is not null)
        {
            prefix = Path.GetDirectoryName(config)!;
            var settings = ReadConfig(config);
            var version = settings.GetValueOrDefault("version") ?? settings.GetValueOrDefault("version_info");
            var folders = PythonPackages.SiteFolders(prefix).ToList();
            if (settings.GetValueOrDefault("include-system-site-packages") == "true" && settings.GetValueOrDefault("home") is { } home && Path.GetDirectoryName(home) is { } basePrefix)
            {
                folders.AddRange(PythonPackages.SiteFolders(basePrefix));
            }

            return new PythonRecord(interpreter, version, prefix, "venv", PythonPackages.Read(folders, warnings));
        }

        var target = new FileInfo(interpreter).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? interpreter;
        prefix = Path.GetDirectoryName(Path.GetDirectoryName(target)!)!;
        var conda = Directory.Exists(Path.Combine(prefix, "conda-meta"));
        var short_ = ShortVersion(target, prefix);
        var full = (conda ? PythonPackages.CondaPythonVersion(prefix) : null) ?? HeaderVersion(prefix, short_) ?? short_;
        return new PythonRecord(interpreter, full, prefix, conda ? "conda" : "system", PythonPackages.Read(PythonPackages.SiteFolders(prefix, short_), warnings)) { Conda = PythonPackages.Conda(prefix) };
    }

    private static string? ShortVersion(string target, string prefix)
    {
        var name = Path.GetFileNameWithoutExtension(target) == "python3" || !Path.GetFileName(target).Contains('.', StringComparison.Ordinal) ? "" : Path.GetFileName(target);
        if (name.StartsWith("python", StringComparison.Ordinal) && name["python".Length..].TrimEnd('t', 'd') is { Length: > 2 } version)
        {
            return version;
        }

        var library = Path.Combine(prefix, "lib");
        return Directory.Exists(library)
            ? Directory.EnumerateDirectories(library, "python3.*").Select(d => Path.GetFileName(d)["python".Length..]).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
    }

    private static string? HeaderVersion(string prefix, string? version)
    {
        var header = Path.Combine(prefix, "include", "python" + version, "patchlevel.h");
        return version is not null && File.Exists(header)
            ? File.ReadLines(header).Where(l => l.StartsWith("#define PY_VERSION ", StringComparison.Ordinal)).Select(l => l.Split('"').ElementAtOrDefault(1)).FirstOrDefault()
            : null;
    }

    private static Dictionary<string, string> ReadConfig(string file)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                settings[line[..equals].Trim().ToLowerInvariant()] = line[(equals + 1)..].Trim();
            }
        }

        return settings;
    }
}
