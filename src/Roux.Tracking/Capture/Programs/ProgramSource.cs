namespace Roux.Tracking.Capture.Programs;

/// <summary>Finds the source that a command, or this process, was started from.</summary>
internal static class ProgramSource
{
    private const int MostFoldersUp = 7;

    // Options of "dotnet run" that take a value.
    private static readonly HashSet<string> ValueOptions = new(StringComparer.Ordinal)
    {
        "-c", "--configuration", "-f", "--framework", "-r", "--runtime", "-v", "--verbosity", "-lp", "--launch-profile", "-a", "--arch", "--os", "-e", "--environment", "--artifacts-path",
    };

    private static readonly string[] ScriptExtensions = [".py", ".r", ".jl", ".sh", ".bash", ".js", ".mjs", ".rb", ".pl", ".lua", ".ps1", ".csx", ".fsx", ".sql", ".m"];

    /// <summary>The source of a command.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <returns>Kind and full path; null where it names none that is there.</returns>
    public static (ProgramKind Kind, string Path)? Of(IReadOnlyList<string> command, string workingDirectory)
    {
        if (command.Count == 0)
        {
            return null;
        }

        if (Path.GetFileNameWithoutExtension(command[0]) == "dotnet")
        {
            return Dotnet([.. command.Skip(1)], workingDirectory);
        }

        if (Existing(command[0], workingDirectory, ".cs") is { } executable)
        {
            return (ProgramKind.FileBased, executable);
        }

        if (command.Skip(1).Select(a => Existing(a, workingDirectory, ".ipynb") ?? Existing(a, workingDirectory, ".dib")).FirstOrDefault(p => p is not null) is { } notebook && RunsNotebooks(command))
        {
            return (ProgramKind.Notebook, notebook);
        }

        foreach (var argument in command)
        {
            if (ScriptExtensions.Select(e => Existing(argument, workingDirectory, e)).FirstOrDefault(p => p is not null) is { } script)
            {
                return (script.EndsWith(".py", StringComparison.OrdinalIgnoreCase) ? ProgramKind.Python : ProgramKind.Script, script);
            }
        }

        return Module(command, workingDirectory) is { } module ? (ProgramKind.Python, module) : Project(command[0], workingDirectory);
    }

    /// <summary>The source of this process: a file-based program, or the project beside whose output it runs; null for the command line of Roux.</summary>
    public static (ProgramKind Kind, string Path)? OfThisProcess()
    {
        if (FileBasedProgram.OwnEntry() is { } entry)
        {
            return (ProgramKind.FileBased, entry);
        }

        return System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name is { } name && name != "roux" ? ProjectAbove(AppContext.BaseDirectory, name) : null;
    }

    /// <summary>The notebook whose kernel started this, as Jupyter's server tells it to kernels; null outside one.</summary>
    public static string? KernelNotebook(Func<string, string?> variable, string workingDirectory) =>
        variable("JPY_SESSION_NAME") is { Length: > 0 } name ? Existing(name, workingDirectory, ".ipynb") ?? Existing(Path.GetFileName(name), workingDirectory, ".ipynb") : null;

    private static bool RunsNotebooks(IReadOnlyList<string> command) =>
        command.Take(4).Any(a => Path.GetFileNameWithoutExtension(a) is "jupyter" or "papermill" or "nbconvert" or "jupyter-nbconvert" or "jupyter-execute" or "nbclient" or "dotnet-repl" or "ploomber-engine" or "runipy");

    private static (ProgramKind Kind, string Path)? Dotnet(List<string> arguments, string workingDirectory)
    {
        if (arguments.Count == 0)
        {
            return null;
        }

        if (arguments[0] is "repl" or "interactive")
        {
            return arguments.Select(a => Existing(a, workingDirectory, ".ipynb") ?? Existing(a, workingDirectory, ".dib")).FirstOrDefault(p => p is not null) is { } notebook ? (ProgramKind.Notebook, notebook) : null;
        }

        if (arguments[0] is not "run")
        {
            var target = arguments[0] == "exec" ? arguments.Skip(1).FirstOrDefault(a => a.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)) : arguments[0];
            return Existing(target, workingDirectory, ".cs") is { } direct ? (ProgramKind.FileBased, direct)
                : Existing(target, workingDirectory, ".dll") is { } assembly ? ProjectAbove(Path.GetDirectoryName(assembly)!, Path.GetFileNameWithoutExtension(assembly)) : null;
        }

        string? project = null;
        for (var i = 1; i < arguments.Count && arguments[i] != "--"; i++)
        {
            var (name, value) = arguments[i].IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && arguments[i][0] == '-' ? (arguments[i][..equals], arguments[i][(equals + 1)..]) : (arguments[i], arguments.ElementAtOrDefault(i + 1));
            if (name == "--file")
            {
                return Existing(value, workingDirectory, ".cs") is { } file ? (ProgramKind.FileBased, file) : null;
            }

            if (name is "--project" or "-p")
            {
                project = value;
                break;
            }

            if (name[0] != '-')
            {
                // The SDK takes a file for an argument of the project that lies in the folder, if one does.
                return ProjectIn(workingDirectory) is { } here ? (ProgramKind.Project, here) : Existing(name, workingDirectory, ".cs") is { } entry ? (ProgramKind.FileBased, entry) : null;
            }

            i += ValueOptions.Contains(arguments[i]) ? 1 : 0;
        }

        var place = Path.GetFullPath(Path.Combine(workingDirectory, project ?? "."));
        return File.Exists(place) ? (ProgramKind.Project, place) : ProjectIn(place) is { } found ? (ProgramKind.Project, found) : null;
    }

    private static string? ProjectIn(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.?sproj").Concat(Directory.EnumerateFiles(folder, "*.vbproj")).Order(StringComparer.Ordinal).FirstOrDefault() : null;

    // "bin/Release/net10.0/App": the project lies in one of the folders above.
    private static (ProgramKind Kind, string Path)? Project(string program, string workingDirectory)
    {
        var path = Path.GetFullPath(Path.Combine(workingDirectory, program));
        return program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(path + ".deps.json") ? ProjectAbove(Path.GetDirectoryName(path)!, Path.GetFileName(path)) : null;
    }

    private static (ProgramKind Kind, string Path)? ProjectAbove(string start, string assembly)
    {
        var folder = new DirectoryInfo(start);
        for (var level = 0; level < MostFoldersUp && folder is not null; level++, folder = folder.Parent)
        {
            foreach (var extension in new[] { ".csproj", ".fsproj", ".vbproj" })
            {
                if (Path.Combine(folder.FullName, assembly + extension) is var own && File.Exists(own))
                {
                    return (ProgramKind.Project, own);
                }
            }

            if (level > 0 && ProjectIn(folder.FullName) is { } other)
            {
                return (ProgramKind.Project, other);
            }
        }

        return null;
    }

    // "python -m package.train": the module's file, where it lies below the working directory.
    private static string? Module(IReadOnlyList<string> command, string workingDirectory)
    {
        for (var i = 1; i + 1 < command.Count && command[i][..Math.Min(1, command[i].Length)] == "-"; i++)
        {
            if (command[i] == "-m" && command[i + 1].All(c => char.IsLetterOrDigit(c) || c is '.' or '_'))
            {
                var stem = Path.Combine(workingDirectory, command[i + 1].Replace('.', Path.DirectorySeparatorChar));
                return new[] { stem + ".py", Path.Combine(stem, "__main__.py") }.FirstOrDefault(File.Exists);
            }
        }

        return null;
    }

    private static string? Existing(string? argument, string workingDirectory, string extension)
    {
        if (argument is null || !argument.EndsWith(extension, StringComparison.OrdinalIgnoreCase) || argument.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var path = Path.GetFullPath(Path.Combine(workingDirectory, argument));
        return File.Exists(path) ? path : null;
    }
}
