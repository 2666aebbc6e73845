using System.Diagnostics;
using System.Globalization;
using Roux.Cli.Printing;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>
/// How a study goes, on stderr: a line for every trial that ended; on a terminal also a last line with the way of the best, how many are done and
/// running, and the time that is left.
/// </summary>
internal sealed class TuneProgress(Study study, IReadOnlyList<string> metrics, RunOptions options)
{
    private const int Bars = 16;
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private readonly bool isLive = !Console.IsErrorRedirected;
    private readonly List<double> bests = [];
    private double best = double.NaN;
    private int bestTrial;
    private int ended;

    /// <summary>A trial has ended.</summary>
    public void Ended(RunningTrial trial, IReadOnlyList<double>? values, string? reason)
    {
        lock (gate)
        {
            ended++;
            var broken = trial.Constraints.Any(value => value > 0);
            var isBest = values is [var value] && !broken && IsBest(trial.Number, value);
            var how = values is null ? Terminal.OneLine(Brief(reason ?? ""))
                : string.Join(' ', values.Select((told, i) => string.Create(CultureInfo.InvariantCulture, $"{metrics[i]}={told:G5}"))) + (broken ? "  breaks a limit" : "");
            var text = string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,6:0.0}s trial {trial.Number,-4} {how}{(isBest ? "  ← best" : "")}{(isLive ? "" : Left())}  {trial.Configuration}");
            if (!isLive)
            {
                Console.Error.WriteLine(text);
                return;
            }

            var width = Math.Clamp(Terminal.Out.Profile.Width, 40, 200) - 1;
            Console.Error.Write($"\r\u001b[2K{TextTable.Cut(text, width)}\n{TextTable.Cut(Status(), width)}");
        }
    }

    private bool IsBest(int trial, double value)
    {
        if (double.IsNaN(best) && study.Best is { } known)
        {
            (best, bestTrial) = (known.Value, known.Number);
        }

        var isBest = double.IsNaN(best) || (study.Directions[0] == Direction.Minimize ? value < best : value > best);
        (best, bestTrial) = isBest ? (value, trial) : (best, bestTrial);
        bests.Add(best);
        return isBest;
    }

    /// <summary>Of a program's last words the first line, which says how it ended, and the last, which as a rule says why; all of them are in its run.</summary>
    private static string Brief(string reason) => reason.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var first, .., var last] ? $"{first}: {last}" : reason;

    /// <summary>Takes the last line away.</summary>
    public void Finish()
    {
        if (isLive && ended > 0)
        {
            Console.Error.Write("\r\u001b[2K");
        }
    }

    private string Status()
    {
        var trials = study.Trials;
        var (done, running) = (trials.Count(other => other.State != TrialState.Running && !other.IsLost), trials.Count(other => other.State == TrialState.Running));
        var bestText = metrics.Count > 1 ? $"{study.ParetoFront.Count} on the front" : double.IsNaN(best) ? "no value yet" : string.Create(CultureInfo.InvariantCulture, $"best {metrics[0]} {best:G5} (trial {bestTrial})");
        return string.Create(CultureInfo.InvariantCulture, $"{Sparkline.Of([.. bests], Bars)} {done}{(options.Trials is { } most ? $"/{most}" : "")} done, {running} running · {bestText}{Left()}");
    }

    private string Left()
    {
        var elapsed = watch.Elapsed.TotalSeconds;
        var seconds = options.Timeout is { } time ? time.TotalSeconds - elapsed : double.PositiveInfinity;
        if (options.Trials is { } most)
        {
            seconds = Math.Min(seconds, study.Trials.Count(trial => !trial.IsLost) is var asked && asked < most ? elapsed / ended * (most - asked) : double.PositiveInfinity);
        }

        return seconds is <= 0 or double.PositiveInfinity ? "" : string.Create(CultureInfo.InvariantCulture, $"  (about {(seconds < 90 ? $"{seconds:0} s" : $"{seconds / 60:0} min")} left)");
    }
}
