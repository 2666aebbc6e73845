using System.CommandLine;
using System.Globalization;
using Roux.Cli.Measuring;
using Roux.Debugging.Checks;
using Roux.Debugging.Sessions;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Reports;
using Roux.Tracking;
using Roux.Tracking.Capture;

namespace Roux.Cli.Commands;

/// <summary><c>roux develop DATA --target COL</c>: the main job.</summary>
internal static class DevelopCommand
{
    public static Command Create()
    {
        var options = new DevelopArguments();
        var command = new Command("develop", "From a table to a trusted, tracked, registered model: profile, baselines, families, tuning, checks, verdict, report.");
        options.AddTo(command);
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, options, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, DevelopArguments arguments, CancellationToken stop)
    {
        var options = arguments.Read(call);
        options = options with { Checks = new DevelopChecks(new CheckContext { Seed = options.Seed, Threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount }) };
        var json = call.GetValue(CommonOptions.Json);
        using var tracker = Tracker.Open(CommonOptions.StoreOf(call));
        using var progress = new DevelopProgress(options);
        DevelopResult result;
        try
        {
            result = Development.Run(options, tracker, run => RunCapture.Begin(run, new CaptureOptions { Seed = options.Seed }), progress, new WorkerMeter(), TimeProvider.System, result => DevelopReport.Html(result, ReportEnvironment.From(tracker.GetRun(result.RunId))), stop);
        }
        finally
        {
            progress.Close();
        }

        if (tracker.Server is not null && File.Exists(result.ReportPath))
        {
            // The spool goes once the server has everything; the report stays.
            var kept = Path.GetFullPath($"roux-report-{result.RunId[..8]}.html");
            File.Copy(result.ReportPath, kept, overwrite: true);
            result = result with { ReportPath = kept };
        }

        if (json)
        {
            CommonOptions.WriteJson(DevelopJson.Of(result));
        }
        else
        {
            DevelopSummary.Write(result, CommonOptions.ShownStore(call));
        }

        return result.Interrupted ? 130 : result.Evidence.Costs is { WithinLimits: false } ? 1 : 0;
    }
}
