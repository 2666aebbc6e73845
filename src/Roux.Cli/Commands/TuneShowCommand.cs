using System.CommandLine;
using Roux.Cli.Studies;
using Roux.Learning.Reports.Studies;
using Roux.Learning.Studies;
using Roux.Tuning;

namespace Roux.Cli.Commands;

/// <summary><c>roux tune show STUDY</c>: what a study found out.</summary>
internal static class TuneShowCommand
{
    private static readonly Argument<string> StudyText = new("STUDY") { Description = "Id, beginning of an id, or name of its run, or 'latest'.", DefaultValueFactory = _ => "latest" };

    private static readonly Option<string?> Report = new("--report") { Description = "Write the report there: one HTML file.", HelpName = "FILE" };
    private static readonly Option<string?> Out = new("--out") { Description = "Write report, charts (SVG) and their numbers (JSON) into this folder.", HelpName = "DIR" };

    public static Command Create()
    {
        var command = new Command("show", "Show a study: the best trial, what matters, and charts of how it went.") { StudyText, Report, Out };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        using var tracker = StoreAccess.Open(call);
        var read = StudySearch.Read(tracker, call.GetValue(StudyText)!);
        var end = Enum.TryParse<RunEnd>(read.Run.Tags.GetValueOrDefault(StudyTags.End), ignoreCase: true, out var known) ? known : RunEnd.Cancelled;
        var outcome = new StudyOutcome(read.Study, read.Goals, read.Run.Id, read.Run.Experiment, end);
        try
        {
            Write(call, StudySearch.ViewOf(read));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the report cannot be written: {e.Message}");
        }

        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(StudyRecord.Json(outcome));
        }
        else
        {
            StudyPage.Write(outcome);
        }

        return 0;
    }

    private static void Write(ParseResult call, StudyView view)
    {
        if (call.GetValue(Report) is { } file)
        {
            File.WriteAllText(file, StudyReport.Html(view, StudyPlots.All(view)));
        }

        if (call.GetValue(Out) is { } folder)
        {
            Directory.CreateDirectory(Path.Combine(folder, "plots"));
            StudyRecord.Insight(view, (path, text) => File.WriteAllText(Path.Combine(folder, path), text));
        }
    }
}
