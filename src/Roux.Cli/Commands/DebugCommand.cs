using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Debugging.Behaviour;
using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Debugging.Recipe;
using Roux.Debugging.Sessions;
using Roux.Learning.AutoML;
using Roux.Learning.Data.Corrections;
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
        var data = DebugArguments.Table(call);
        var (result, steps) = RecipeSession.Run(data, WithAccepted(call, options, data), failOn, Torch.NeuralLearners.Network);
        progress.Dispose();
        Write(call, result, steps);
        return steps.Any(step => step.Outcome == StepOutcome.Failed) ? 1 : 0;
    }

    private static DebugResult OfTable(ParseResult call, SessionOptions options)
    {
        var behaviour = DebugArguments.BehaviourFile(call) is { } file ? BehaviourSuite.Parse(file.Json, file.File) : null;
        var data = DebugArguments.Table(call);
        return TableSession.Run(data, WithAccepted(call, options, data), behaviour);
    }

    /// <summary>Puts up with what was accepted in the store about the same target of the same file.</summary>
    private static SessionOptions WithAccepted(ParseResult call, SessionOptions options, DevelopOptions data)
    {
        try
        {
            using var tracker = StoreAccess.TryOpen(call);
            return tracker is null ? options : options with { Suppressions = options.Suppressions.With(tracker.FindingDecisions.About(TableSession.SubjectOf(data))) };
        }
        catch (Exception exception) when (exception is TrackingException or UsageException)
        {
            return options; // No store yet, one of an older version, or a server: looking at a table needs none.
        }
    }

    private static DebugResult OfRun(ParseResult call, string text, SessionOptions options)
    {
        if (call.GetValue(DebugArguments.Data) is { } data)
        {
            throw new UsageException($"debug '{data}' --run {text}: name either a table or a run");
        }

        using var tracker = StoreAccess.Open(call);
        var run = StoreAccess.FindRun(tracker, text);
        return RunSession.Run(tracker, run, tracker.Server is null ? options with { Suppressions = options.Suppressions.With(tracker.FindingDecisions.Of(run.Id)) } : options);
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

        Save(call.GetValue(DebugArguments.Labels), "--labels", () => Suspects(result));
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
        using var run = tracker.Experiment("debug").StartRun("debug", null, new Dictionary<string, string> { ["roux.verb"] = "debug", [FindingDecisions.SubjectTag] = result.Subject });
        using var capture = RunCapture.Begin(run, new CaptureOptions { Inputs = Files(call), Profile = Learning.Data.CompactProfile.OfFile, Resources = false, Output = false });

        // What was accepted stays to be seen, as accepted.
        foreach (var finding in result.Findings.Concat(result.Suppressed.Where(one => one.Suppression.IsAccepted).Select(one => one.Finding)))
        {
            run.LogFinding(finding);
        }

        foreach (var (path, record) in result.Records)
        {
            run.LogText(path, record.ToJsonString());
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

    /// <summary>The ranked list of labels that may be wrong, as CSV.</summary>
    private static string Suspects(DebugResult result)
    {
        var list = result.Records.TryGetValue(LabelList.Path, out var record) ? LabelList.Of(record) : null;
        var text = new StringWriter();
        (list ?? throw new UsageException("--labels: no labels were judged: it takes a table of a hundred labelled rows or more with one answer each, a column that tells something, and time (--time-budget)")).WriteCsv(text);
        return text.ToString();
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
