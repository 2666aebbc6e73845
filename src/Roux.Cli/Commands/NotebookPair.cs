using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking.Notebooks;

namespace Roux.Cli.Commands;

/// <summary><c>roux notebook pair</c>: keeps a notebook and its script alike.</summary>
internal static class NotebookPair
{
    /// <summary>Writes one side from the other.</summary>
    /// <param name="file">The side given.</param>
    /// <param name="to">The other side, or null for the same name beside it.</param>
    /// <param name="sync">Whether the newer side is taken instead of the one given.</param>
    /// <param name="force">Whether a newer side may be overwritten.</param>
    /// <param name="json">Whether the answer is a document.</param>
    public static int Run(string file, string? to, bool sync, bool force, bool json)
    {
        var (notebook, script) = Sides(file, to);
        var fromNotebook = Notebook.IsNotebook(file);
        if (sync && File.Exists(notebook) && File.Exists(script))
        {
            fromNotebook = File.GetLastWriteTimeUtc(notebook) >= File.GetLastWriteTimeUtc(script);
        }
        else if (sync)
        {
            fromNotebook = File.Exists(notebook);
        }

        if (!fromNotebook && notebook.EndsWith(".dib", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"notebook pair: '{notebook}' is not written, .dib is only read; give --to with an .ipynb");
        }

        var (source, target) = fromNotebook ? (notebook, script) : (script, notebook);
        var text = fromNotebook ? NotebookScript.Write(Notebook.Load(notebook)) : NotebookJson.Write(NotebookScript.Read(ReadScript(script), script, File.Exists(notebook) ? Notebook.Load(notebook) : null));
        var alike = File.Exists(target) && Same(target, text, fromNotebook);
        if (!alike && !sync && !force && File.Exists(target) && File.GetLastWriteTimeUtc(target) > File.GetLastWriteTimeUtc(source))
        {
            throw new UsageException($"notebook pair: '{target}' is newer than '{source}' and differs; --sync takes the newer, --force overwrites it");
        }

        var changed = !alike && WriteIfNew(target, text);
        if (json)
        {
            CommonOptions.WriteJson(new JsonObject { ["notebook"] = notebook, ["script"] = script, ["from"] = source, ["written"] = changed ? target : null });
        }
        else
        {
            new Page().CutLine(changed ? $"{source} → {target}" : $"{notebook} and {script} are alike");
        }

        return 0;
    }

    /// <summary>Reads a notebook, or a script as one.</summary>
    public static Notebook Load(string path) => Notebook.IsNotebook(path) ? Notebook.Load(path)
        : NotebookScript.IsScript(path) ? NotebookScript.Read(ReadScript(path), path)
        : throw new UsageException($"'{path}': neither a notebook (.ipynb, .dib) nor a script of one (.py, .cs, .fs, .r, .jl)");

    /// <summary>Writes a file in one step where its text differs from what is there.</summary>
    /// <returns>Whether it was written.</returns>
    public static bool WriteIfNew(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text)
        {
            return false;
        }

        var whole = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(whole)!, $".{Path.GetFileName(whole)}.{Environment.ProcessId}.tmp");
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, whole, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new UsageException($"'{path}' could not be written: {error.Message}");
        }

        return true;
    }

    // Formatting of a notebook is its editor's affair: only a difference in cells or settings is one.
    private static bool Same(string target, string text, bool isScript) => isScript
        ? File.ReadAllText(target) == text
        : NotebookJson.Write(Notebook.Load(target)) == text;

    private static (string Notebook, string Script) Sides(string file, string? to)
    {
        if (Notebook.IsNotebook(file))
        {
            return (file, to is null || NotebookScript.IsScript(to) ? to ?? ScriptBeside(file)
                : throw new UsageException($"notebook pair: --to '{to}': give a script (.py, .cs, .fs, .r, .jl)"));
        }

        if (!NotebookScript.IsScript(file))
        {
            throw new UsageException($"notebook pair '{file}': give a notebook (.ipynb, .dib) or a script of one (.py, .cs, .fs, .r, .jl)");
        }

        return (to is null || Notebook.IsNotebook(to) ? to ?? Path.ChangeExtension(file, ".ipynb") : throw new UsageException($"notebook pair: --to '{to}': give a notebook (.ipynb)"), file);
    }

    // Where only the script is left, its ending tells what the notebook's language would.
    private static string ScriptBeside(string notebook) => !File.Exists(notebook) && new[] { ".py", ".cs", ".fs", ".r", ".jl" }.Select(e => Path.ChangeExtension(notebook, e)).FirstOrDefault(File.Exists) is { } there
        ? there
        : Path.ChangeExtension(notebook, NotebookScript.ExtensionOf(Notebook.Load(notebook)));

    private static string ReadScript(string path)
    {
        try
        {
            return new FileInfo(path).Length <= Notebook.LargestFile ? File.ReadAllText(path) : throw new UsageException($"'{path}' is larger than {Notebook.LargestFile >> 20} MiB");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' could not be read: {error.Message}");
        }
    }
}
