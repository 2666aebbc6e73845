using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Roux.Cli.Printing;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;
using Roux.Tracking;
using Roux.Tracking.Capture;
using Spectre.Console;

namespace Roux.Cli.Commands;

/// <summary><c>roux learning-curve DATA --target COL</c>: how scores grow with rows, and what to do next.</summary>
internal static class LearningCurveCommand
{
    private const int Width = 80;

    public static Command Create()
    {
        var arguments = new LearningCurveArguments();
        var command = new Command("learning-curve", "How scores grow with the rows learned from: measured curves, what twice and ten times the rows would bring, what to do next.");
        arguments.AddTo(command);
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, arguments, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, LearningCurveArguments arguments, CancellationToken stop)
    {
        var options = arguments.Read(call);
        var watch = Stopwatch.StartNew();
        using var tracker = Tracker.Open(CommonOptions.StoreOf(call));
        var (evidence, runId) = LearningCurveStudy.Run(options, tracker, run => RunCapture.Begin(run, new CaptureOptions()),
            message => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,6:0.0}s {Terminal.OneLine(message)}")), TimeProvider.System, stop);
        var plot = tracker.ArtifactFile(runId, "plots/learning_curve.svg");
        if (call.GetValue(CommonOptions.Json))
        {
            var json = LearningCurveJson.Of(evidence)!;
            json["plot"] = plot;
            json["run_id"] = runId;
            CommonOptions.WriteJson(json);
        }
        else
        {
            Write(evidence, runId, plot);
        }

        return 0;
    }

    private static void Write(LearningCurveEvidence evidence, string runId, string plot)
    {
        Console.WriteLine();
        Console.WriteLine($"{evidence.Metric.Title}, {(evidence.Metric.HigherIsBetter ? "higher" : "lower")} is better");
        Console.WriteLine(Measured(evidence));
        Console.WriteLine();
        Console.WriteLine($"Expected on {evidence.TestRows:N0} new rows, with 90% intervals");
        Console.WriteLine(Expected(evidence));
        Console.WriteLine();
        foreach (var sentence in evidence.Sentences)
        {
            Terminal.Out.MarkupLine(Terminal.Safe(sentence));
        }

        Console.WriteLine();
        Console.WriteLine($"Plot      {Path.GetRelativePath(Environment.CurrentDirectory, plot)}");
        Console.WriteLine($"Run       {runId}");
    }

    private static TextTable Measured(LearningCurveEvidence evidence)
    {
        var table = new TextTable(Width).Column("model", least: 12).Column("rows", right: true).Column("training", right: true).Column("validation", right: true).Column("± over repeats", right: true);
        foreach (var curve in evidence.Curves)
        {
            foreach (var size in curve.Curve.Sizes)
            {
                table.Row(curve.Name, size.Rows.ToString("N0", CultureInfo.InvariantCulture), DevelopSummary.Figure(size.Training), DevelopSummary.Figure(size.Validation), double.IsNaN(size.Spread) ? "" : DevelopSummary.Figure(size.Spread));
            }
        }

        return table;
    }

    private static TextTable Expected(LearningCurveEvidence evidence)
    {
        var table = new TextTable(Width).Column("model", least: 12).Column($"{evidence.PresentRows:N0} rows", right: true).Column("twice", right: true).Column("", right: true).Column("ten times", right: true).Column("", right: true);
        foreach (var curve in evidence.Curves)
        {
            table.Row(curve.Name, Figure(curve.Now), Figure(curve.Twice), Ends(curve.Twice), Figure(curve.Tenfold), Ends(curve.Tenfold));
        }

        return table;
    }

    private static string Figure(Interval? interval) => interval is null ? "–" : DevelopSummary.Figure(interval.Estimate);

    private static string Ends(Interval? interval) => interval is null ? "" : $"{DevelopSummary.Figure(interval.Low)} {DevelopSummary.Figure(interval.High)}";
}
