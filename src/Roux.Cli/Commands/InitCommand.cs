using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Cli.Reproducing;
using Roux.Cli.Scaffolding;

namespace Roux.Cli.Commands;

/// <summary><c>roux init</c>: a project that can be repeated from its first day.</summary>
internal static class InitCommand
{
    private const string OldestSdk = "10.0.100";
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromMinutes(5);
    private static readonly string[] Programs = ["baseline.cs", "src/Baseline/Baseline.csproj", "tools/roux.cs"];

    private static readonly Argument<string> Folder = new("DIR") { Description = "Where; made when it is not there.", DefaultValueFactory = _ => ".", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Name = new("--name") { Description = "Name of the project (default: that of the folder).", HelpName = "NAME" };
    private static readonly Option<bool> Python = new("--python") { Description = "A baseline in Python too." };
    private static readonly Option<bool> NoRestore = new("--no-restore") { Description = "Write no lock files now; they need the packages." };

    public static Command Create()
    {
        var command = new Command("init", "Start a project that can be repeated from its first day: git, data with digests, pinned packages, a baseline, Dockerfile, CI. No file that is there is changed.")
        {
            Folder, Name, Python, NoRestore,
        };
        command.SetAction((call, stop) => Task.Run(() => Run(call, stop), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken stop)
    {
        var folder = Path.GetFullPath(call.GetValue(Folder)!);
        if (File.Exists(folder))
        {
            throw new UsageException($"init '{call.GetValue(Folder)}': a file, not a folder");
        }

        var name = call.GetValue(Name) ?? NameOf(folder);
        if (!ProjectScaffold.IsName(name))
        {
            throw new UsageException($"--name '{name}': letters, digits, '.', '-' and '_', such as my-model");
        }

        var packages = LocalPackages.Of(AppContext.BaseDirectory);
        Directory.CreateDirectory(folder);
        var remarks = new List<string>();
        var git = StartRepository(folder, remarks, stop);
        var (written, kept) = new ProjectScaffold(name, packages.Version, SdkVersion(folder, stop)).Write(folder, call.GetValue(Python));
        packages.Write(Path.Combine(folder, "packages"));
        if (!call.GetValue(NoRestore))
        {
            Lock(folder, remarks, stop);
        }

        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject
            {
                ["folder"] = folder, ["name"] = name, ["roux"] = packages.Version, ["git_initialised"] = git,
                ["written"] = Texts([.. written, .. packages.Files.Select(f => "packages/" + f)]), ["kept"] = Texts(kept), ["remarks"] = Texts(remarks),
            });
            return 0;
        }

        var page = new Page();
        page.Line($"{name}: {HumanText.Count(written.Count, "file")} written{(kept.Count == 0 ? "" : $", {kept.Count} left as they were: {string.Join(", ", kept)}")}");
        foreach (var remark in remarks)
        {
            page.Paragraph(remark);
        }

        var change = Path.GetRelativePath(Environment.CurrentDirectory, folder) is var relative and not "." ? $"cd {Roux.Tracking.Capture.CommandLineText.ShellQuote(relative)} && " : "";
        page.Heading("Next").Verbatim($"{change}git add -A && git commit -m 'Start'\n./roux run --name baseline -- dotnet run baseline.cs\n./roux reproduce baseline", 0);
        return 0;
    }

    private static string NameOf(string folder)
    {
        var name = string.Concat(Path.GetFileName(folder).Where(c => c < 128).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')).Trim('-', '.', '_');
        return name.Length is > 0 and <= 60 ? name : "model";
    }

    private static bool StartRepository(string folder, List<string> remarks, CancellationToken stop)
    {
        var git = new GitProgram(stop);
        if (git.Ask(folder, "rev-parse", "--show-toplevel") is not null)
        {
            return false;
        }

        var made = git.Run(folder, "init", "-q", "-b", "main");
        if (!made.Ok)
        {
            remarks.Add($"No git repository was made: {made.LastLine}. Without one a run cannot name its code.");
        }

        return made.Ok;
    }

    // Asked for outside of the folder: a global.json there may name a version that is not installed.
    private static string SdkVersion(string folder, CancellationToken stop)
    {
        var asked = ChildProgram.Run("dotnet", ["--version"], Path.GetPathRoot(folder)!, TimeSpan.FromSeconds(30), stop);
        return asked.Ok && asked.Output.Trim() is var version && Version.TryParse(version, out _) ? version : OldestSdk;
    }

    private static void Lock(string folder, List<string> remarks, CancellationToken stop)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal) { ["CI"] = null, ["RestoreLockedMode"] = null, ["DOTNET_NOLOGO"] = "1" };
        foreach (var program in Programs)
        {
            Console.Error.WriteLine($"roux: locking the packages of {program}");
            var restored = ChildProgram.Run("dotnet", ["restore", program], folder, RestoreLimit, stop, variables);
            if (!restored.Ok)
            {
                var line = (restored.Output + restored.Error).Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.Ordinal))?.Trim() ?? restored.LastLine;
                remarks.Add($"No lock file for {program} yet: {line}. Once it can be restored: dotnet restore {program}");
                return;
            }
        }
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);
}
