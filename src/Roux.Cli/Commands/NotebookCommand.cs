using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking.Notebooks;

namespace Roux.Cli.Commands;

/// <summary><c>roux notebook pair|diff|strip</c>: notebooks as text, compared cell by cell, and without results.</summary>
internal static class NotebookCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "A notebook (.ipynb, .dib) or its script (.py, .cs, .fs, .r, .jl)." };
    private static readonly Option<string?> To = new("--to") { Description = "The other side; by default the same name beside it.", HelpName = "FILE" };
    private static readonly Option<bool> Sync = new("--sync") { Description = "The newer of both is taken." };
    private static readonly Option<bool> Force = new("--force") { Description = "Overwrite a side that is newer." };
    private static readonly Argument<string> First = new("A") { Description = "A notebook or script." };
    private static readonly Argument<string> Second = new("B") { Description = "The other." };
    private static readonly Option<bool> All = new("--all") { Description = "Long cells whole." };
    private static readonly Argument<string> Notebooks = new("FILE") { Description = "A notebook (.ipynb)." };
    private static readonly Option<string?> Out = new("--out") { Description = "Write there instead of in place; - for stdout.", HelpName = "FILE" };

    public static Command Create()
    {
        var pair = new Command("pair", "Write a notebook as a script of cells (# %%, in C# // %%), or a script as a notebook; results stay in the notebook.") { File, To, Sync, Force };
        pair.SetAction(call => NotebookPair.Run(call.GetValue(File)!, call.GetValue(To), call.GetValue(Sync), call.GetValue(Force), call.GetValue(CommonOptions.Json)));
        var diff = new Command("diff", "Compare two notebooks cell by cell; results do not count.") { First, Second, All };
        diff.SetAction(Diff);
        var strip = new Command("strip", "Take results and execution numbers out of a notebook.") { Notebooks, Out };
        strip.SetAction(Strip);
        return new Command("notebook", "Notebooks as text: pair with a script, compare, strip.") { pair, diff, strip };
    }

    private static int Diff(ParseResult call)
    {
        var (a, b) = (call.GetValue(First)!, call.GetValue(Second)!);
        var changes = NotebookDiff.Of(NotebookPair.Load(a), NotebookPair.Load(b));
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject { ["a"] = a, ["b"] = b, ["changes"] = NotebookChanges.Json(changes) });
            return 0;
        }

        var page = new Page();
        page.CutLine(NotebookChanges.Summary(changes));
        NotebookChanges.Write(page, changes, call.GetValue(All));
        return 0;
    }

    private static int Strip(ParseResult call)
    {
        var file = call.GetValue(Notebooks)!;
        if (!file.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"notebook strip '{file}': give an .ipynb; other files hold no results");
        }

        var notebook = Notebook.Load(file);
        var text = NotebookJson.Write(notebook, outputs: false);
        var target = call.GetValue(Out) ?? file;
        var json = call.GetValue(CommonOptions.Json);
        if (target == "-")
        {
            if (json)
            {
                throw new UsageException("notebook strip: --out - and --json both want stdout; give one");
            }

            Console.Out.Write(text);
            return 0;
        }

        var stripped = notebook.Cells.Count(c => c.Outputs.Count > 0 || c.ExecutionCount is not null);
        var changed = NotebookPair.WriteIfNew(target, text);
        if (json)
        {
            CommonOptions.WriteJson(new JsonObject { ["file"] = target, ["changed"] = changed, ["cells"] = notebook.Cells.Count, ["cells_stripped"] = stripped });
        }
        else
        {
            new Page().CutLine(changed ? $"{target}: results of {stripped} of {notebook.Cells.Count} cells taken out" : $"{target}: nothing to take out");
        }

        return 0;
    }
}
