using System.CommandLine;
using Roux.Cli.Studies;
using Roux.Tuning;

namespace Roux.Cli.Commands;

/// <summary><c>roux tune show STUDY</c>: what a study found out.</summary>
internal static class TuneShowCommand
{
    private static readonly Argument<string> StudyText = new("STUDY") { Description = "Id, beginning of an id, or name of its run, or 'latest'.", DefaultValueFactory = _ => "latest" };

    public static Command Create()
    {
        var command = new Command("show", "Show a study: the best trial and what matters.") { StudyText };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        using var tracker = StoreAccess.Open(call);
        var read = StudyReader.Read(tracker, call.GetValue(StudyText)!);
        var end = Enum.TryParse<RunEnd>(read.Run.Tags.GetValueOrDefault("roux.study.end"), ignoreCase: true, out var known) ? known : RunEnd.Cancelled;
        var outcome = new StudyOutcome(read.Study, read.Metric, read.Run.Id, read.Run.Experiment, end);
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
}
