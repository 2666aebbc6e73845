using System.CommandLine;
using Roux.Cli.Studies;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Commands;

/// <summary><c>roux tune --space FILE --metric NAME -- CMD…</c>: searches the settings of any program, or of a learner.</summary>
internal static class TuneCommand
{
    /// <summary>Exit code where the champion is not beaten: neither a wrong call nor a failure.</summary>
    private const int NoImprovement = 3;

    public static Command Create()
    {
        var command = new Command("tune", "Search the settings of any program, or of a learner on a table: each trial is a tracked run.");
        foreach (var option in TuneOptions.All)
        {
            command.Options.Add(option);
        }

        command.Arguments.Add(TuneOptions.Program);
        command.Subcommands.Add(TuneShowCommand.Create());
        command.SetAction((call, cancellation) => RunAsync(call, command, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult call, Command command, CancellationToken cancellation)
    {
        var arguments = TuneArguments.Of(call, command);
        var plan = arguments.Get(TuneOptions.Learner) is null ? ProgramStudy.Plan(arguments) : await Task.Run(() => LearnerStudyPlan.Plan(arguments, cancellation), cancellation).ConfigureAwait(false);
        using var tracker = Tracker.Open(CommonOptions.StoreOf(call));
        var outcome = await StudySession.RunAsync(plan, arguments, tracker, cancellation).ConfigureAwait(false);
        var (ci, file) = (arguments.Get(TuneOptions.Ci), arguments.Get(TuneOptions.Summary));
        var summary = ci || file is not null ? StudySummary.Of(outcome) : "";
        if (summary.Length > 0)
        {
            StudySummary.Append(summary, file);
        }

        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(StudyRecord.Json(outcome));
        }
        else if (ci)
        {
            Console.Out.Write(summary);
        }
        else
        {
            StudyPage.Write(outcome);
        }

        return outcome.End == RunEnd.Cancelled ? 130 : outcome.Front.Count == 0 ? 1 : ci && !outcome.IsImprovement ? NoImprovement : 0;
    }
}
