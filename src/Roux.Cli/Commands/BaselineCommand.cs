using System.CommandLine;
using Roux.Learning.AutoML;
using Roux.Tracking;
using Roux.Tracking.Capture;

namespace Roux.Cli.Commands;

/// <summary><c>roux baseline DATA --target COL</c>: what is there to beat, and rules as a starting point.</summary>
internal static class BaselineCommand
{
    private static readonly Option<bool> Suggest = new("--suggest-rules") { Description = "Learn a short list of readable rules as a starting point." };
    private static readonly Option<int> MostRules = new("--max-rules") { Description = "Rules to suggest at most.", HelpName = "N", DefaultValueFactory = _ => 12 };
    private static readonly Option<string?> Out = new("--out") { Description = "File to write the suggested rules to, for --rules.", HelpName = "FILE.json" };

    public static Command Create()
    {
        var data = new DevelopArguments();
        var command = new Command("baseline", "Score what needs no model: guessing, constants, one rule, your rules, the existing system.");
        data.AddDataTo(command);
        foreach (var option in new Option[] { Suggest, MostRules, Out })
        {
            command.Options.Add(option);
        }

        command.SetAction((call, cancellation) => Task.Run(() => Run(call, data, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, DevelopArguments data, CancellationToken stop)
    {
        var path = call.GetValue(Out);
        var most = call.GetValue(MostRules);
        var options = new BaselineOptions
        {
            Data = data.ReadData(call),
            SuggestRules = call.GetValue(Suggest),
            MostRules = most is >= 1 and <= 100 ? most : throw new UsageException($"--max-rules {most}: a whole number from 1 to 100"),
        };
        if (path is not null && !options.SuggestRules)
        {
            throw new UsageException("--out: is where --suggest-rules writes its rules; give both");
        }

        using var tracker = Tracker.Open(CommonOptions.StoreOf(call));
        using var progress = new DevelopProgress(options.Data);
        BaselineResult result;
        try
        {
            result = BaselineComparison.Run(options, tracker, run => RunCapture.Begin(run, new CaptureOptions()), progress, TimeProvider.System, stop);
        }
        finally
        {
            progress.Close();
        }

        if (path is not null)
        {
            Write(path, result.Suggestion!.ToJson());
        }

        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(BaselineJson.Of(result, path));
        }
        else
        {
            BaselineSummary.Write(result, path);
        }

        return 0;
    }

    private static void Write(string path, string text)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new UsageException($"--out '{path}': cannot be written: {e.Message}");
        }
    }
}
