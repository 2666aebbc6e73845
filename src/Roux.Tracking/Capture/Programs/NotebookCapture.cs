using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking.Notebooks;

namespace Roux.Tracking.Capture.Programs;

/// <summary>Records the notebook of a run: before it, a copy without results; after it, the cells that were executed and in which order.</summary>
/// <param name="run">Gets artifacts and findings.</param>
/// <param name="notes">Writes tags.</param>
/// <param name="options">Command and folder.</param>
/// <param name="path">Full path of the notebook.</param>
/// <param name="root">Top of the repository or working directory.</param>
internal sealed class NotebookCapture(Run run, RunNotes notes, CaptureOptions options, string path, string root)
{
    // Some file systems keep times to two seconds.
    private static readonly TimeSpan Coarse = TimeSpan.FromSeconds(2);

    private const int LargestCommitted = 16 << 20;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly DateTime _begun = DateTime.UtcNow;
    private Notebook? _before;

    /// <summary>Keeps the notebook as it is before the run, without results.</summary>
    public void Begin()
    {
        notes.Tag("roux.notebook", path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? Path.GetRelativePath(root, path).Replace('\\', '/') : path);
        try
        {
            _before = Notebook.Load(path);
        }
        catch (TrackingException error)
        {
            run.LogFinding(new Finding("notebook-unreadable", Severity.Medium, $"the notebook of this run is not recorded: {error.Message}")
            {
                Evidence = new JsonObject { ["path"] = path }, Cause = "The file is damaged, of another version, or no notebook.", Fix = "Open it in Jupyter and save it, or restore it from git.", Verify = $"roux notebook strip '{path}' --out - prints it",
            });
            return;
        }

        var name = "notebook/" + Path.GetFileName(path);
        var secrets = 0;
        // A .dib holds no results.
        run.LogText(name, path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase)
            ? NotebookJson.Write(_before.With([.. _before.Cells.Select(c => c with { Source = Masked(c.Source) })]), outputs: false)
            : Masked(File.ReadAllText(path)));
        KeepCommitted(name, Masked);
        if (secrets > 0)
        {
            notes.Warn($"notebook: {secrets} secret(s) in '{path}' are masked in the copy that is kept");
        }

        string Masked(string text)
        {
            var masked = SecretMask.Tokens(text, out var found);
            secrets += found;
            return masked;
        }
    }

    /// <summary>Where the notebook is kept as the commit has it, where it differs, given where it is kept as it was before the run.</summary>
    public static string CommittedName(string artifact) => Path.ChangeExtension(artifact, ".committed.ipynb");

    // git.diff holds its lines with results and pictures; cells can only be compared with both sides at hand.
    private void KeepCommitted(string name, Func<string, string> mask)
    {
        using var git = new GitFiles();
        if (!path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase) || git.HeadText(path, LargestCommitted) is not { } text)
        {
            return;
        }

        try
        {
            var committed = Notebook.Parse(System.Text.Encoding.UTF8.GetBytes(text), path);
            if (NotebookDiff.Of(committed, _before!).Count > 0)
            {
                run.LogText(CommittedName(name), NotebookJson.Write(committed.With([.. committed.Cells.Select(c => c with { Source = mask(c.Source) })]), outputs: false));
            }
        }
        catch (TrackingException)
        {
            // The commit holds something that is no notebook yet.
        }
    }

    /// <summary>Keeps the executed cells, and says so where they did not run from top to bottom.</summary>
    public void End()
    {
        if (_before is null)
        {
            return;
        }

        var file = ExecutedFile();
        var executed = file is null ? _before : Notebook.Load(file);
        var order = CellOrder.Of(executed);
        if (order.Executed > 0)
        {
            var cells = executed.Cells.Select((cell, i) => (cell, i)).Where(c => c.cell.IsCode).Select(c => (JsonNode)new JsonObject
            {
                ["cell"] = c.i + 1, ["id"] = c.cell.Id, ["execution_count"] = c.cell.ExecutionCount, ["source"] = SecretMask.Tokens(c.cell.Source, out _),
            });
            run.LogText($"notebook/{Path.GetFileNameWithoutExtension(path)}.cells.json", new JsonObject { ["notebook"] = path, ["executed"] = file, ["cells"] = new JsonArray([.. cells]) }.ToJsonString(Readable));
        }

        if (!order.IsTopToBottom)
        {
            run.LogFinding(new Finding("notebook-order", Severity.Medium, $"the cells of '{Path.GetFileName(file ?? path)}' were not run once each from top to bottom: {order.Describe()}")
            {
                Evidence = new JsonObject { ["file"] = file ?? path, ["out_of_order"] = Array(order.OutOfOrder), ["gaps"] = Array(order.Gaps), ["unexecuted"] = Array(order.Unexecuted) },
                Cause = "Cells were run by hand, again, or after others below; or the run ended early.", Fix = "Restart the kernel and run all cells.", Verify = "the numbers of the code cells are 1, 2, 3, … from top to bottom",
            });
        }
    }

    private static JsonArray Array(IReadOnlyList<int> cells) => [.. cells.Select(c => JsonValue.Create(c))];

    // papermill names it, nbconvert has rules, a kernel's notebook is saved in its place; whichever was written since the beginning.
    private string? ExecutedFile()
    {
        var folders = new List<string> { options.WorkingDirectory, Path.GetDirectoryName(path)! };
        var names = new List<string> { path, Path.GetFileNameWithoutExtension(path) + ".nbconvert.ipynb" };
        var command = options.Command ?? [];
        for (var i = 1; i < command.Count; i++)
        {
            var equals = command[i].IndexOf('=', StringComparison.Ordinal);
            var option = equals > 0 ? command[i][..equals] : command[i - 1];
            var value = equals > 0 ? command[i][(equals + 1)..] : command[i];
            if (option == "--output-dir" || option.EndsWith(".output_dir", StringComparison.Ordinal))
            {
                folders.Add(Path.GetFullPath(Path.Combine(options.WorkingDirectory, value)));
            }
            else if (value.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase))
            {
                names.Add(value);
            }
            else if (option == "--output" && value.Length > 0)
            {
                names.Add(value + ".ipynb");
            }
        }

        return folders.SelectMany(f => names.Select(n => Path.GetFullPath(Path.Combine(f, n)))).Where(f => File.Exists(f) && File.GetLastWriteTimeUtc(f) >= _begun - Coarse && !(f == path && IsUntouched(f)))
            .OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault();
    }

    // A notebook saved just before it was run is not for that the outcome.
    private bool IsUntouched(string file) => File.GetLastWriteTimeUtc(file) < _begun;
}
