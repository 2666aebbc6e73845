using System.Text.Json.Nodes;
using Roux.Tracking.Notebooks;

namespace Roux.Tracking.Capture.Programs;

/// <summary>Records the program of a run: what it is, the files it cannot be restored without, its seed, its notebook, and, when it has run, what was resolved for it.</summary>
/// <param name="run">Gets tags, artifacts and findings.</param>
/// <param name="options">Command and folder.</param>
/// <param name="notes">Writes tags and warnings.</param>
internal sealed class ProgramCapture(Run run, CaptureOptions options, RunNotes notes)
{
    private const long LargestSource = 4 << 20;
    private NotebookCapture? _notebook;

    /// <summary>The program, or null where its source is not to be found.</summary>
    public ProgramRecord? Program { get; private set; }

    /// <summary>Its seed, or null where nothing was looked at.</summary>
    public SeedRecord? Seed { get; private set; }

    /// <summary>Records what can be known before the program runs.</summary>
    /// <param name="repository">Top of the repository, or null.</param>
    public void Begin(string? repository)
    {
        var source = options.Command is { } command ? ProgramSource.Of(command, options.WorkingDirectory) : ProgramSource.OfThisProcess();
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(repository ?? options.WorkingDirectory));
        if (source is { } found)
        {
            notes.Guard("code", () => Keep(found.Kind, found.Path, root));
        }

        notes.Guard("seed", () => RecordSeed(source?.Path));
        var notebook = source is { Kind: ProgramKind.Notebook } started ? started.Path : ProgramSource.KernelNotebook(Environment.GetEnvironmentVariable, options.WorkingDirectory);
        if (notebook is not null)
        {
            _notebook = new NotebookCapture(run, notes, options, notebook, root);
            notes.Guard("notebook", _notebook.Begin);
        }
    }

    /// <summary>Records what is known when the program has run.</summary>
    /// <param name="environment">Gets the resolved packages; may be null.</param>
    /// <returns>Whether the environment has changed.</returns>
    public bool End(EnvironmentRecord? environment)
    {
        if (_notebook is not null)
        {
            notes.Guard("notebook", _notebook.End);
        }

        if (Program is null || environment is null || ResolvedPackages.Find(Program) is not { } resolved)
        {
            return false;
        }

        Program.SdkVersion = resolved.SdkVersion;
        Program.ResolvedFrom = resolved.File;
        // A program's own deps.json, read while it ran, says what was loaded; a restore may have happened since.
        if (environment.Packages.Count == 0)
        {
            environment.Packages = resolved.Packages;
        }

        return true;
    }

    private void Keep(ProgramKind kind, string path, string root)
    {
        var inside = path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        var directives = kind == ProgramKind.FileBased ? FileBasedProgram.Directives(File.ReadLines(path)) : null;
        Program = new ProgramRecord(kind, inside ? Path.GetRelativePath(root, path).Replace('\\', '/') : path, root) { Directives = directives };
        notes.Tag("roux.program", Program.KindName);
        var warnings = new List<string>();
        try
        {
            var files = new CodeFiles(root, (artifact, bytes) => run.LogBytes(artifact, bytes), warnings);
            Program.Files = files.Keep(kind, path, directives ?? [], options.WorkingDirectory);
        }
        finally
        {
            notes.Warn(warnings);
        }
    }

    private void RecordSeed(string? source)
    {
        if ((options.Command ?? CommandLineCapture.OfProgram()) is not { } command)
        {
            if (options.Seed is { } own)
            {
                Set(new SeedRecord(own, "roux"));
            }

            return;
        }

        var text = source is not null && new FileInfo(source).Length <= LargestSource && Path.GetExtension(source) is not (".csproj" or ".fsproj" or ".vbproj") ? SourceLines(source) : null;
        var seed = SeedSearch.Of(command, text, source is null ? "" : Path.GetFileName(source), Environment.GetEnvironmentVariable);
        if (seed.Value is null && options.Seed is { } given)
        {
            seed = new SeedRecord(given, "roux");
        }

        // A program that tracks itself may still name its seed, by run.Seed(n).
        if (seed.Value is not null || options.Command is not null)
        {
            Set(seed);
        }

        if (seed.Value is null && options.Command is not null && Program is { Kind: not ProgramKind.Project } program)
        {
            run.LogFinding(new Finding("no-seed", Severity.Low, $"no seed was seen for '{program.Entry}': if it draws random numbers, running it again may give other figures")
            {
                Evidence = new JsonObject { ["looked_at"] = new JsonArray("command line", "source of the entry file", "PYTHONHASHSEED") },
                Cause = "No option such as --seed, no seed set in the entry file.", Fix = "Set a seed, best by an option --seed; in C#, call run.Seed(n) as well.", Verify = "the next run has the tag roux.seed",
            });
        }
    }

    private void Set(SeedRecord seed)
    {
        Seed = seed;
        run.NoteSeed(seed.Value, seed.Source);
    }

    private static IEnumerable<string> SourceLines(string path) => Path.GetExtension(path) is ".ipynb" or ".dib"
        ? Notebook.Load(path).Cells.Where(c => c.Kind == CellKind.Code).SelectMany(c => c.Source.Split('\n'))
        : File.ReadLines(path);
}
