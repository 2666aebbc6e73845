using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Cli.Programs;
using Roux.Tracking;
using Roux.Tracking.Capture;

namespace Roux.Cli.Commands;

/// <summary><c>roux run -- CMD…</c>: runs any program as a tracked run.</summary>
internal static class RunCommand
{
    private static readonly Option<string?> Name = new("--name", "-n") { Description = "Name of the run; made up when not given.", HelpName = "NAME" };
    private static readonly Option<string> Experiment = new("--experiment", "-e") { Description = "Experiment that it belongs to.", HelpName = "NAME", DefaultValueFactory = _ => "Default" };
    private static readonly Option<string[]> Tags = new("--tag", "-t") { Description = "A label, KEY=VALUE; may be repeated.", HelpName = "KEY=VALUE", DefaultValueFactory = _ => [] };
    private static readonly Option<string[]> Inputs = new("--input", "-i")
    {
        Description = "A data file that it reads, beside those that its arguments name; may be repeated.", HelpName = "FILE", DefaultValueFactory = _ => [],
    };

    private static readonly Option<string[]> Keep = new("--keep-variable")
    {
        Description = "An environment variable whose value is recorded; may be repeated. Never one that names a secret.", HelpName = "NAME", DefaultValueFactory = _ => [],
    };

    private static readonly Argument<string[]> Program = new("CMD") { Description = "The program and its arguments, after --.", Arity = ArgumentArity.OneOrMore };

    public static Command Create()
    {
        var command = new Command("run", "Run any program as a tracked run: code, environment, data, output, use of resources and exit code are recorded. Its exit code becomes that of roux.")
        {
            Name, Experiment, Tags, Inputs, Keep, Program,
        };
        command.SetAction((call, _) => Task.Run(() => Run(call), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call)
    {
        var command = call.GetValue(Program)!;
        if (command[0].StartsWith('-'))
        {
            throw new UsageException($"run: no such option '{command[0]}'; options of roux stand before --, the program after it. Try 'roux run --help'.");
        }

        var path = ProgramSearch.Find(command[0], Environment.GetEnvironmentVariable("PATH"));
        if (path is null)
        {
            return NotFound(command[0]);
        }

        var tags = ParseTags(call.GetValue(Tags) ?? []);
        var inputs = call.GetValue(Inputs) ?? [];
        if (inputs.FirstOrDefault(i => !Path.Exists(i)) is { } missing)
        {
            throw new UsageException($"--input '{missing}': no such file{(File.Exists(missing + ".dvc") ? $"; DVC tracks it, so fetch it first: dvc pull '{missing}.dvc'" : "")}");
        }

        int? seed = call.GetResult(CommonOptions.Seed) is { Implicit: false } ? call.GetValue(CommonOptions.Seed) : null;
        // A run inside a run is one of its own.
        using var tracker = Tracker.Open(CommonOptions.StoreOf(call), new TrackerOptions { StartedAs = null });
        using var run = tracker.Experiment(call.GetValue(Experiment)!).StartRun(call.GetValue(Name), null, tags);
        var json = call.GetValue(CommonOptions.Json);
        var outcome = ProgramRun.Execute(tracker, run, new ProgramStart(path, command) { Inputs = inputs, OutputToError = json, KeepVariables = call.GetValue(Keep) ?? [], Seed = seed });
        if (outcome.Recorded)
        {
            Report(json, tracker, run);
        }

        return outcome.ExitCode;
    }

    private static void Report(bool json, Tracker tracker, Run run)
    {
        var record = tracker.GetRun(run.Id);
        if (json)
        {
            CommonOptions.WriteJson(new JsonObject
            {
                ["run_id"] = record.Id,
                ["name"] = record.Name,
                ["experiment"] = record.Experiment,
                ["status"] = RunJson.Status(record.Status),
                ["exit_code"] = int.Parse(record.Tags["roux.exit_code"], System.Globalization.CultureInfo.InvariantCulture),
                ["duration_seconds"] = record.Duration?.TotalSeconds,
                ["warnings"] = new JsonArray([.. record.Warnings.Select(w => JsonValue.Create(w.Message))]),
                ["store"] = tracker.Server ?? tracker.Store,
            });
        }
        else if (!Console.IsErrorRedirected)
        {
            // Only to people: what a program writes must arrive elsewhere as it wrote it.
            Console.Error.WriteLine(Terminal.OneLine($"roux: {record.Name} {RunJson.Status(record.Status)} after {HumanText.Span(record.Duration ?? TimeSpan.Zero)} · roux show {record.Id[..8]}"));
        }
    }

    private static int NotFound(string program)
    {
        var there = program.Contains('/', StringComparison.Ordinal) && Path.Exists(program);
        var message = there
            ? $"'{program}' cannot be executed; {(Directory.Exists(program) ? "it is a folder" : $"name its interpreter, or: chmod +x {program}")}"
            : program.Contains('/', StringComparison.Ordinal) ? $"'{program}': no such program; check the path" : $"'{program}': no such program on PATH; check the name, or write ./{program} for one in this folder";
        Console.Error.WriteLine("roux: " + Terminal.OneLine(message));
        // The shells' convention: 127 for what is not there, 126 for what is no program.
        return there ? 126 : 127;
    }

    private static Dictionary<string, string> ParseTags(string[] texts)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            tags[equals > 0 ? text[..equals] : throw new UsageException($"--tag '{text}': write KEY=VALUE")] = text[(equals + 1)..];
        }

        // A run inside a run says which one started it.
        if (Environment.GetEnvironmentVariable("ROUX_RUN_ID") is { Length: > 0 } outer)
        {
            tags.TryAdd("roux.started_by", outer);
        }

        return tags;
    }
}
