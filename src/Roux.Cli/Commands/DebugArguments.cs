using System.CommandLine;
using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Debugging.Sessions;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Tracking;
using Roux.Cli.Studies;

namespace Roux.Cli.Commands;

/// <summary>The arguments of <c>debug</c>.</summary>
internal static class DebugArguments
{
    public static readonly Argument<string?> Data = new("DATA") { Description = "The table: any file that develop reads.", Arity = ArgumentArity.ZeroOrOne };
    public static readonly Option<string?> RunText = new("--run") { Description = "Look at a tracked run instead: its training signals, its data and its model.", HelpName = "RUN" };
    public static readonly Option<bool> Recipe = new("--recipe") { Description = "Walk through the recipe step by step; stops at the first failure." };
    public static readonly Option<bool> List = new("--list") { Description = "All checks with definitions, thresholds and their sources." };
    public static readonly Option<Severity?> FailOn = new("--fail-on") { Description = "Exit code 1 where a finding is at least so severe: high, medium or low.", HelpName = "SEVERITY", CustomParser = Parse };
    public static readonly Option<string?> Junit = new("--junit") { Description = "Also write JUnit XML, for CI servers.", HelpName = "FILE" };
    public static readonly Option<string?> Markdown = new("--markdown") { Description = "Also write a summary in Markdown.", HelpName = "FILE" };
    public static readonly Option<string?> Report = new("--report") { Description = "Also write an HTML page with a picture for each finding.", HelpName = "FILE.html" };
    public static readonly Option<string?> Labels = new("--labels") { Description = "Also write the rows whose label may be wrong, ranked, as CSV.", HelpName = "FILE.csv" };
    public static readonly Option<bool> Track = new("--track") { Description = "Record the session as a run, with its findings and the page." };
    private static readonly Option<string?> Target = new("--target") { Description = "The column to predict.", HelpName = "COL" };
    private static readonly Option<string?> Test = new("--test") { Description = "Rows for the final score: looked at beside the training rows.", HelpName = "FILE" };
    private static readonly Option<string?> Sql = new("--sql") { Description = "Query to read from a database file.", HelpName = "QUERY" };
    private static readonly Option<string[]> Drop = new("--drop") { Description = "Column to leave out (may be repeated).", HelpName = "COL" };
    private static readonly Option<string[]> Roles = new("--column") { Description = "Role of a column, as for develop (may be repeated).", HelpName = "NAME=ROLE" };
    private static readonly Option<string?> TaskName = new("--task") { Description = "binary, multiclass, multilabel or regression, where the target does not tell.", HelpName = "TASK" };
    private static readonly Option<string?> Separator = new("--separator") { Description = "Text between the labels of a multilabel target.", HelpName = "SEP" };
    private static readonly Option<string?> Metric = new("--metric") { Description = "Headline metric (default: as develop).", HelpName = "NAME" };
    private static readonly Option<string?> Group = new("--group") { Description = "Rows with equal values here belong together.", HelpName = "COL" };
    private static readonly Option<string?> Time = new("--time") { Description = "Column that orders the rows.", HelpName = "COL" };
    private static readonly Option<string[]> Families = new("--families") { Description = "Learners of the quick model (default: linear, boosting).", HelpName = "NAME" };
    private static readonly Option<string?> Behaviour = new("--behaviour") { Description = "Behavioural tests of the model, YAML or JSON.", HelpName = "FILE" };
    private static readonly Option<string[]> Set = new("--set") { Description = "Another threshold (may be repeated).", HelpName = "CHECK.NAME=VALUE" };
    private static readonly Option<string?> Suppress = new("--suppressions") { Description = "What is put up with (default: .roux-debug.yaml, if there is one).", HelpName = "FILE" };
    private static readonly Option<string> Budget = new("--time-budget") { Description = "Time for all of it, such as 60s, 5m.", HelpName = "TIME", DefaultValueFactory = _ => "60s" };
    private static readonly Option<int?> Threads = new("--threads") { Description = "Threads to use (default: one per processor).", HelpName = "N" };

    public static void AddTo(Command command)
    {
        command.Arguments.Add(Data);
        foreach (var option in new Option[] { Target, Test, RunText, Recipe, FailOn, Report, Junit, Markdown, Labels, Suppress, Set, Families, Behaviour, Budget, Sql, Drop, Roles, TaskName, Separator, Metric, Group, Time, Threads, Track, List })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>How the session goes about it.</summary>
    public static SessionOptions Session(ParseResult call, Action<string> progress, CancellationToken cancellation) => new()
    {
        Context = new CheckContext
        {
            Seed = call.GetValue(CommonOptions.Seed),
            Threads = DevelopArguments.AtLeast("--threads", call.GetValue(Threads), 1) ?? Environment.ProcessorCount,
            Set = CheckCatalog.Set("--set", call.GetValue(Set) ?? []),
            Cancellation = cancellation,
        },
        TimeBudget = Duration.Parse("--time-budget", call.GetValue(Budget)!),
        Suppressions = ReadSuppressions(call.GetValue(Suppress)),
        Progress = progress,
    };

    /// <summary>What to read and to predict.</summary>
    /// <exception cref="UsageException">Neither data nor a run is named, or no target.</exception>
    public static DevelopOptions Table(ParseResult call)
    {
        var data = call.GetValue(Data) ?? throw new UsageException("debug: name a table (roux debug DATA --target COL) or a run (roux debug --run RUN); roux debug --list tells the checks");
        return new DevelopOptions
        {
            DataPath = data,
            Target = call.GetValue(Target) ?? throw new UsageException($"debug {data}: --target COL says which column is to be predicted"),
            TestPath = call.GetValue(Test),
            Sql = call.GetValue(Sql),
            Drop = call.GetValue(Drop) ?? [],
            Roles = DevelopArguments.Roles(call.GetValue(Roles) ?? []),
            Task = call.GetValue(TaskName) is { } kind ? DevelopArguments.ReadTask(kind) : null,
            Separator = call.GetValue(Separator),
            Metric = call.GetValue(Metric),
            GroupColumn = call.GetValue(Group),
            TimeColumn = call.GetValue(Time),
            Families = [.. (call.GetValue(Families) ?? []).SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
            Seed = call.GetValue(CommonOptions.Seed),
        };
    }

    /// <summary>The file of behavioural tests as JSON; <c>null</c> where none is named.</summary>
    public static (System.Text.Json.Nodes.JsonNode? Json, string File)? BehaviourFile(ParseResult call) => call.GetValue(Behaviour) is { } file ? (YamlFile.Read("--behaviour", file), Path.GetFileName(file)) : null;

    private static Suppressions ReadSuppressions(string? given)
    {
        var file = given ?? (File.Exists(Suppressions.DefaultFile) ? Suppressions.DefaultFile : null);
        return file is null ? Suppressions.None : Suppressions.Parse(YamlFile.Read("--suppressions", file), file, CheckCatalog.Names);
    }

    private static Severity? Parse(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (text is "high" or "medium" or "low")
        {
            return Enum.Parse<Severity>(text, ignoreCase: true);
        }

        result.AddError(NearestName.Message("--fail-on", text, "severity", ["high", "medium", "low"]));
        return null;
    }
}
