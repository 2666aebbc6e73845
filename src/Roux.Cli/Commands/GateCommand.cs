using System.CommandLine;
using Roux.Cli.Gates;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux gate MODEL/VERSION</c>: whether a version passes its rules. Exit code 0 only if so.</summary>
internal static class GateCommand
{
    private static readonly Argument<string> Reference = new("MODEL/VERSION") { Description = "The version: NAME/3, NAME@alias, NAME/Staging, or NAME for the latest." };
    private static readonly Option<string?> RulesFile = new("--rules", "-r") { Description = "YAML or JSON of rules (default: those that the model demands).", HelpName = "FILE" };
    private static readonly Option<string?> Junit = new("--junit") { Description = "Also write JUnit XML, for CI servers.", HelpName = "FILE" };
    private static readonly Option<string?> Markdown = new("--markdown") { Description = "Also write a summary in Markdown.", HelpName = "FILE" };
    private static readonly Option<bool> GithubSummary = new("--github-summary") { Description = "Also add that summary to the file that GITHUB_STEP_SUMMARY names." };

    public static Command Create()
    {
        var command = new Command("gate", "Judge a model version by rules. Exit code 0 only if all hold.") { Reference, RulesFile, Junit, Markdown, GithubSummary };
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    /// <summary>The rules of a file.</summary>
    internal static GateRules Read(string file)
    {
        try
        {
            return GateRules.Parse(File.ReadAllText(file), Path.GetFileName(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{file}': rules cannot be read: {exception.Message}");
        }
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        var summary = call.GetValue(GithubSummary)
            ? Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is { Length: > 0 } file ? file : throw new UsageException("--github-summary: the environment variable GITHUB_STEP_SUMMARY names no file; outside of GitHub Actions use --markdown FILE")
            : null;
        var rules = call.GetValue(RulesFile) is { } path ? Read(path) : null;
        using var tracker = StoreAccess.OpenToChange(call);
        var version = StoreAccess.FindVersion(tracker, call.GetValue(Reference)!);
        var report = tracker.Models.Gates.Evaluate($"{version.Name}/{version.Version}", rules, new GateModels(call.GetValue(CommonOptions.Seed), tracker.Models.LocalCopy), cancellation);
        if (call.GetValue(Junit) is { } junit)
        {
            JunitFile.Write(junit, report);
        }

        if (call.GetValue(Markdown) is { } markdown)
        {
            File.WriteAllText(markdown, MarkdownSummary.Of(report));
        }

        if (summary is not null)
        {
            File.AppendAllText(summary, MarkdownSummary.Of(report));
        }

        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(report.ToJson());
        }
        else
        {
            Print(report);
        }

        return report.Passed ? 0 : 1;
    }

    /// <summary>Every rule with its verdict, for people.</summary>
    internal static void Print(GateReport report)
    {
        var page = new Page();
        foreach (var result in report.Results)
        {
            page.Line($"{result.Judgement.Outcome switch { RuleOutcome.Pass => "pass", RuleOutcome.Fail => "FAIL", _ => "?   " }}  {result.Title}");
            page.Paragraph(result.Judgement.Reason, indent: 6);
        }

        page.Line();
        var failures = report.Failures.Count();
        page.Line(failures == 0
            ? $"{report.Model}/{report.Version} passes its gates."
            : $"{report.Model}/{report.Version} does not pass: {HumanText.Count(failures, "rule")} of {report.Results.Count} {(failures == 1 ? "does" : "do")} not hold or cannot be told.");
    }
}
