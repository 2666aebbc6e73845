using System.Diagnostics;
using System.Globalization;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>One line on stderr for every trial that ended: how it did, the best so far, the time that is left.</summary>
internal sealed class TuneProgress(Study study, string metric, RunOptions options)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private double best = double.NaN;
    private int ended;

    public void Ended(RunningTrial trial, double? value, string? reason)
    {
        lock (gate)
        {
            ended++;
            var minimise = study.Directions[0] == Direction.Minimize;
            var isBest = value is { } v && (double.IsNaN(best) || (minimise ? v < best : v > best));
            best = isBest ? value!.Value : best;
            var how = value is { } told ? string.Create(CultureInfo.InvariantCulture, $"{metric}={told:G5}") : Terminal.OneLine(reason ?? "");
            var text = string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,6:0.0}s trial {trial.Number,-4} {how}{(isBest ? "  ← best" : "")}{Left()}  {trial.Configuration}");
            Console.Error.WriteLine(Console.IsErrorRedirected ? text : Terminal.Cut(text, Math.Max(40, Terminal.Out.Profile.Width) - 1));
        }
    }

    private string Left()
    {
        if (options.Trials is not { } most || study.Trials.Count is var asked && asked >= most)
        {
            return "";
        }

        var seconds = watch.Elapsed.TotalSeconds / ended * (most - asked);
        return string.Create(CultureInfo.InvariantCulture, $"  (about {(seconds < 90 ? $"{seconds:0} s" : $"{seconds / 60:0} min")} left)");
    }
}
