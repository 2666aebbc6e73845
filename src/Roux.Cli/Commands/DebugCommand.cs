using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Debugging.Behaviour;
using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Debugging.Recipe;
using Roux.Debugging.Sessions;
using Roux.Tracking;
using Roux.Tracking.Capture;

namespace Roux.Cli.Commands;

/// <summary><c>roux debug DATA --target COL</c>, <c>roux debug --run RUN</c>: find the bug, say the cause, show the proof, name the fix.</summary>
internal static class DebugCommand
{
    public static Command Create()
    {
        var command = new Command("debug", "Find what is wrong with data, a model or a training: the cause, the proof, what to do, how to verify.");
        DebugArguments.AddTo(command);
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        if (call.GetValue(DebugArguments.List))
        {
            return Tell(call);
        }

        using var progress = new ProgressLine();
        var options = DebugArguments.Session(call, progress.Report, cancellation);
        if (call.GetValue(DebugArguments.Recipe))
        {
            return Walk(call, options, progress);
        }

        var result = call.GetValue(DebugArguments.RunText) is { } run ? OfRun(call, run, options) : OfTable(call, options);
        progress.Dispose();
        Write(call, result, []);
        return call.GetValue(DebugArguments.FailOn) is { } severity && result.AtLeast(severity).Any() ? 1 : 0;
    }

    private static int Walk(ParseResult call, SessionOptions options, ProgressLine progress)
    {
        if (call.GetValue(DebugArguments.RunText) is not null)
        {
            throw new UsageException("debug --recipe --run: the recipe is walked with a table: roux debug DATA --target COL --recipe");
        }

        var failOn = call.GetValue(DebugArguments.FailOn) ?? Severity.High;
        var (result, steps) = RecipeSession.Run(DebugArguments.Table(call), options, failOn, Torch.NeuralLearners.Network);
        progress.Dispose();
        Write(call, result, steps);
        return steps.Any(step => step.Outcome == StepOutcome.Failed) ? 1 : 0;
    }

    private static DebugResult OfTable(ParseResult call, SessionOptions options)
    {
        var behaviour = DebugArguments.BehaviourFile(call) is { } file ? BehaviourSuite.Parse(file.Json, file.File) : null;
        return TableSession.Run(DebugArguments.Table(call), options, behaviour);
    }

    private static DebugResult OfRun(ParseResult call, string text, SessionOptions options)
    {
        if (call.GetValue(DebugArguments.Data) is { } data)
        {
            throw new UsageException($"debug '{data}' --run {text}: name either a table or a run");
        }

        using var tracker = StoreAccess.Open(call);
        return RunSession.Run(tracker, StoreAccess.FindRun(tracker, text), options);
    }

    private static int Tell(ParseResult call)
    {
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonArray([.. CheckCatalog.All.Select(CheckTable.Json)]));
        }
        else
        {
            CheckTable.Write(new Page(), CheckCatalog.All);
        }

        return 0;
    }

    /// <summary>The result to the screen and into every file that was asked for.</summary>
    private static void Write(ParseResult call, DebugResult result, IReadOnlyList<RecipeStep> steps)
    {
        string? runId = null;
        if (call.GetValue(DebugArguments.Track))
        {
            runId = Record(call, result, steps);
        }

        Save(call.GetValue(DebugArguments.Report), "--report", () => HtmlReport.Of(result, runId is null ? "" : $"It is kept in the run {runId}.", steps));
        Save(call.GetValue(DebugArguments.Markdown), "--markdown", () => MarkdownReport.Of(result));
        if (call.GetValue(DebugArguments.Junit) is { } junit)
        {
            JunitReport.Write(junit, result, call.GetValue(DebugArguments.FailOn) ?? Severity.High);
        }

        if (call.GetValue(CommonOptions.Json))
        {
            var json = result.ToJson();
            json["run_id"] = runId;
            if (steps.Count > 0)
            {
                json["steps"] = new JsonArray([.. steps.Select(step => step.ToJson())]);
            }

            json["report"] = call.GetValue(DebugArguments.Report) is { } path ? Path.GetFullPath(path) : null;
            CommonOptions.WriteJson(json);
        }
        else
        {
            var page = new Page();
            RecipePage.Write(page, steps);
            DebugPage.Write(page, result, call.GetValue(DebugArguments.Report), runId);
        }
    }

    private static string Record(ParseResult call, DebugResult result, IReadOnlyList<RecipeStep> steps)
    {
        using var tracker = Tracker.Open(CommonOptions.StoreOf(call));
        using var run = tracker.Experiment("debug").StartRun("debug", null, new Dictionary<string, string> { ["roux.verb"] = "debug", ["roux.subject"] = result.Subject });
        using var capture = RunCapture.Begin(run, new CaptureOptions { Inputs = Files(call), Profile = Learning.Data.CompactProfile.OfFile, Resources = false, Output = false });
        foreach (var finding in result.Findings)
        {
            run.LogFinding(finding);
        }

        foreach (var group in result.Findings.GroupBy(finding => finding.Severity))
        {
            run.LogMetric($"findings_{group.Key.ToString().ToLowerInvariant()}", group.Count());
        }

        run.LogText("report.html", HtmlReport.Of(result, $"It is kept in the run {run.Id}.", steps));
        capture.Finish(RunStatus.Finished);
        return run.Id;
    }

    /// <summary>The tables that were looked at.</summary>
    private static string[] Files(ParseResult call)
    {
        if (call.GetValue(DebugArguments.RunText) is not null)
        {
            return [];
        }

        var data = DebugArguments.Table(call);
        return data.TestPath is { } test ? [data.DataPath, test] : [data.DataPath];
    }

    private static void Save(string? path, string option, Func<string> text)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllText(path, text());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} '{path}': cannot be written: {e.Message}");
        }
    }
}
