using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Cli.Reproducing;
using Roux.Cli.Scaffolding;
using Roux.Tracking.Reproduction;

namespace Roux.Cli.Commands;

/// <summary><c>roux env RUN</c>: what a run ran in, also as a Dockerfile.</summary>
internal static class EnvCommand
{
    private static readonly Argument<string> RunText = new("RUN") { Description = "Id, beginning of an id, name, or 'latest'." };
    private static readonly Option<bool> Dockerfile = new("--dockerfile") { Description = "A Dockerfile and lock files that rebuild it." };
    private static readonly Option<string?> Out = new("--out") { Description = "Folder to write the files to; without it the Dockerfile is printed.", HelpName = "DIR" };
    private static readonly Option<bool> Force = new("--force") { Description = "Overwrite files that are there." };

    public static Command Create()
    {
        var command = new Command("env", "Show what a run ran in, or write a Dockerfile and lock files for it.") { RunText, Dockerfile, Out, Force };
        command.SetAction((call, stop) => Task.Run(() => Run(call, stop), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken stop)
    {
        var (json, folder) = (call.GetValue(CommonOptions.Json), call.GetValue(Out));
        if (folder is not null && !call.GetValue(Dockerfile))
        {
            throw new UsageException("--out goes with --dockerfile");
        }

        using var tracker = StoreAccess.Open(call);
        var details = new RunDetails(tracker, StoreAccess.FindRun(tracker, call.GetValue(RunText)!));
        if (!call.GetValue(Dockerfile))
        {
            Show(details, json);
            return 0;
        }

        var recipe = RunRecipe.Read(tracker, details.Run);
        var git = new GitProgram(stop);
        var files = RunDockerfile.Of(recipe, path => recipe is { Root: { } root, Commit: { } commit } && !commit.StartsWith('-') ? git.Ask(root, "show", $"{commit}:{path}") is { } text ? text + "\n" : null : null);
        var written = folder is null ? [] : Write(files, folder, call.GetValue(Force));
        if (json)
        {
            CommonOptions.WriteJson(new JsonObject
            {
                ["run_id"] = recipe.Run.Id,
                ["files"] = new JsonObject(files.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)JsonValue.Create(f.Value)))),
                ["written"] = new JsonArray([.. written.Select(w => JsonValue.Create(w))]),
            });
        }
        else if (folder is null)
        {
            Console.Out.Write(files["Dockerfile"]);
            if (files.Count > 1)
            {
                Console.Error.WriteLine($"roux: it needs {string.Join(", ", files.Keys.Where(f => f != "Dockerfile"))}; write them all with --out DIR");
            }
        }
        else
        {
            foreach (var path in written)
            {
                Console.Out.WriteLine(Terminal.OneLine(path));
            }
        }

        return 0;
    }

    private static List<string> Write(IReadOnlyDictionary<string, string> files, string folder, bool force)
    {
        Directory.CreateDirectory(folder);
        if (!force && files.Keys.Select(f => Path.Combine(folder, f)).FirstOrDefault(Path.Exists) is { } there)
        {
            throw new UsageException($"--out '{folder}': {Path.GetFileName(there)} is there; name another folder, or overwrite with --force");
        }

        foreach (var (name, text) in files)
        {
            File.WriteAllText(Path.Combine(folder, name), text, new UTF8Encoding(false));
        }

        return [.. files.Keys.Select(f => Path.Combine(folder, f))];
    }

    private static void Show(RunDetails details, bool json)
    {
        if (json)
        {
            CommonOptions.WriteJson(details.Environment?.DeepClone() ?? new JsonObject());
            return;
        }

        var page = new Page();
        if (details.Environment is null)
        {
            page.Line("The run recorded no environment.");
            return;
        }

        var table = page.Table(2).Column("").Column("");
        foreach (var (title, value) in new[]
        {
            ("system", details.Setting("os", "name")), ("processor", details.Setting("cpu", "model")), ("runtime", details.Setting("dotnet", "runtime")),
            ("python", details.Setting("python", "version")), ("container", details.Setting("container")), ("roux", details.Setting("roux")),
        })
        {
            if (value is not null)
            {
                table.Row(title, value);
            }
        }

        page.Heading("Environment").Write(table, 2, headings: false);
        var packages = details.Packages();
        if (packages.Count > 0)
        {
            page.Heading("Packages");
            foreach (var (name, version) in packages)
            {
                page.Line($"  {name} {version}");
            }
        }

        page.Line().Line("As a Dockerfile: --dockerfile");
    }
}
