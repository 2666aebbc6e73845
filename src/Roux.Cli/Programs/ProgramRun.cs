using System.Globalization;
using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Training;
using Roux.Debugging.Findings;
using Roux.Debugging.Signals;
using Roux.Tracking;
using Roux.Tracking.Capture;

namespace Roux.Cli.Programs;

/// <summary>Runs a program to its end as a tracked run: captured, with its metrics file read, ended by how the program ended.</summary>
internal static class ProgramRun
{
    private static readonly TimeSpan ServerPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RepositoryPatience = TimeSpan.FromSeconds(5);

    /// <summary>Runs it.</summary>
    /// <param name="tracker">The store.</param>
    /// <param name="run">An open run; it is ended.</param>
    /// <param name="start">What to run.</param>
    public static ProgramOutcome Execute(Tracker tracker, Run run, ProgramStart start)
    {
        var recorded = start.Recorded ?? start.Command;
        using var capture = RunCapture.Begin(run, new CaptureOptions
        {
            Command = recorded, WorkingDirectory = start.Folder, Inputs = start.Inputs, Profile = Learning.Data.CompactProfile.OfFile, Output = false, Resources = false, KeepVariables = start.KeepVariables, Seed = start.Seed,
        });
        run.LogParams(CommandParams.Of(recorded));
        capture.WaitForRepository(RepositoryPatience);
        var told = start.Metric is { } metric ? new ToldMetric(run, metric) : null;
        using var metrics = MetricsFile.Watch(run, start.Folder, told is null ? null : told.Logged);
        var variables = new Dictionary<string, string?>(start.Variables, StringComparer.Ordinal)
        {
            [RunContext.RunVariable] = run.Id,
            [RunContext.StoreVariable] = tracker.Store,
            [MetricsFile.Variable] = metrics.Path,
        };
        foreach (var (name, value) in tracker.ServerVariables(run.Id, ServerPatience))
        {
            variables[name] = value;
        }

        if (start.Seed is { } seed)
        {
            // A program that wants one seed for everything finds it here.
            variables["ROUX_SEED"] = seed.ToString(CultureInfo.InvariantCulture);
        }

        var outcome = TrackedProgram.Run(start.Path, start.Command, variables, capture, start.OutputToError, start.Folder, start.Limit, told is null ? null : told.Printed);
        try
        {
            metrics.Dispose();
            told?.Finish(outcome.Status == RunStatus.Finished);
            run.Tag("roux.exit_code", outcome.ExitCode.ToString(CultureInfo.InvariantCulture)).Flush();
            Review(tracker, run);
            if (outcome.Status == RunStatus.Finished && tracker.GetRun(run.Id).Tags.TryGetValue(Run.FailureTag, out var failure))
            {
                outcome = outcome with { Status = RunStatus.Failed, Reason = failure };
            }

            capture.Finish(outcome.Status, outcome.Reason);
            return outcome;
        }
        catch (TrackingException error)
        {
            // The program is done; that its record is not is no reason to hide how it ended.
            Console.Error.WriteLine($"roux: the run is not fully recorded: {Terminal.OneLine(error.Message)}");
            return outcome with { Recorded = false };
        }
    }

    /// <summary>What the curves of a training say, if it logged any.</summary>
    private static void Review(Tracker tracker, Run run)
    {
        var signals = TrainingSignals.Read(tracker, run.Id, TimeProvider.System);
        if (signals.IsEmpty)
        {
            return;
        }

        // The program is done, whatever its run says until it is ended.
        var subject = new TrainingSubject { Signals = signals with { IsRunning = false } };
        foreach (var finding in FindingList.Of(CheckRunner.Run(TrainingChecks.OfCurves, subject, new CheckContext()), CheckCatalog.All))
        {
            run.LogFinding(finding);
        }

        run.Flush();
    }
}
