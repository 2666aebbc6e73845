using System.CommandLine;
using Roux.Cli.Reproducing;
using Roux.Tracking;
using Roux.Tracking.Reproduction;

namespace Roux.Cli.Commands;

/// <summary><c>roux reproduce RUN</c>: runs a recorded run again and compares.</summary>
internal static class ReproduceCommand
{
    private static readonly Argument<string> RunText = new("RUN") { Description = "Id, beginning of an id, name, or 'latest'." };
    private static readonly Option<string[]> Tolerance = new("--tolerance")
    {
        Description = "How far a metric may be off: METRIC=1e-6 (share), 1%, abs:0.01, or ignore; METRIC * for all; may be repeated.", HelpName = "METRIC=T", DefaultValueFactory = _ => [],
    };

    private static readonly Option<string[]> Secrets = new("--arg") { Description = "A secret of the command line that was not recorded: NAME=VALUE; may be repeated.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
    private static readonly Option<string[]> Accept = new("--accept") { Description = "Differences that do not count: environment, data; may be repeated.", HelpName = "KIND", DefaultValueFactory = _ => [] };
    private static readonly Option<string?> Timeout = new("--timeout") { Description = "End the program after so long, such as 10m.", HelpName = "TIME" };
    private static readonly Option<bool> Keep = new("--keep") { Description = "Keep the folder that it ran in." };
    private static readonly Option<bool> Install = new("--install") { Description = "Install the recorded Python packages into an environment of their own first." };

    public static Command Create()
    {
        var command = new Command("reproduce", "Run a recorded run again, from its commit and data, and say whether the same comes out. Exit code 0 only if so.")
        {
            RunText, Tolerance, Secrets, Accept, Timeout, Keep, Install,
        };
        command.SetAction((call, stop) => Task.Run(() => Run(call, stop), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken stop)
    {
        var options = Options(call);
        using (StoreAccess.Open(call))
        {
            // There is a store: opening it for writing makes none where there was none.
        }

        using var tracker = Tracker.Open(CommonOptions.StoreOf(call), new TrackerOptions { StartedAs = null });
        var run = StoreAccess.FindRun(tracker, call.GetValue(RunText)!);
        if (run.Tags.TryGetValue(RunMetrics.ReproducesTag, out var original) && tracker.FindRun(original) is { } first)
        {
            Console.Error.WriteLine(Terminal.OneLine($"roux: {run.Name} repeats {first.Name} ({first.Id[..8]}), so that one is run again"));
            run = first;
        }

        var result = new Reproducer(tracker, run, options, stop).Run();
        if (result.RunId is { } repetition && result.Verdict != ReproduceVerdict.Impossible)
        {
            ReproductionRecord.Write(tracker, repetition, result.Verdict == ReproduceVerdict.Reproduced);
        }

        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(ReproduceJson.Of(result));
        }
        else
        {
            new ReproducePage(result).Write();
        }

        return result.Verdict == ReproduceVerdict.Reproduced ? 0 : 1;
    }

    private static ReproduceOptions Options(ParseResult call) => new()
    {
        Tolerances = Pairs("--tolerance", call.GetValue(Tolerance)!).ToDictionary(
            p => p.Key, p => MetricTolerance.TryParse(p.Value) ?? throw new UsageException($"--tolerance {p.Key}={p.Value}: a share such as 1e-6 or 1%, a distance such as abs:0.01, or ignore"), StringComparer.Ordinal),
        Secrets = Pairs("--arg", call.GetValue(Secrets)!),
        Accepted = [.. call.GetValue(Accept)!.Select(kind => kind is DifferenceKind.Environment or DifferenceKind.Data ? kind : throw new UsageException($"--accept '{kind}': either environment or data"))],
        Limit = call.GetValue(Timeout) is { } limit ? Duration.Parse("--timeout", limit) : null,
        Keep = call.GetValue(Keep),
        Install = call.GetValue(Install),
    };

    // The value of --arg is a secret: an error does not repeat it.
    private static Dictionary<string, string> Pairs(string option, string[] texts)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = option == "--tolerance" ? text.LastIndexOf('=') : text.IndexOf('=', StringComparison.Ordinal);
            pairs[equals > 0 ? text[..equals] : throw new UsageException($"{option}: write NAME=VALUE{(option == "--arg" ? "" : $", not '{text}'")}")] = text[(equals + 1)..];
        }

        return pairs;
    }
}
