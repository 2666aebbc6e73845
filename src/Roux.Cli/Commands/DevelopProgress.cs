using System.Diagnostics;
using System.Globalization;
using Roux.Learning.AutoML;

namespace Roux.Cli.Commands;

/// <summary>Shows a development live on stderr: one line per finished step, and on a terminal a last line that tells what is going on now.</summary>
internal sealed class DevelopProgress : IDevelopObserver, IDisposable
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private readonly Timer? ticker;
    private readonly string budget;
    private readonly bool live = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "" or null);
    private string now = "";
    private CandidateResult? best;
    private string? lastBest;
    private bool closed;

    public DevelopProgress(DevelopOptions options)
    {
        budget = options.Trials is { } trials ? $"{trials} trials" : $"{options.TimeBudget.TotalSeconds:0} s";
        if (live)
        {
            ticker = new Timer(_ => Draw(), null, 250, 250);
        }
    }

    public void Phase(string name)
    {
        lock (gate)
        {
            Line($"── {name}");
            now = name;
        }
    }

    public void Note(string message)
    {
        lock (gate)
        {
            Line($"   {Terminal.OneLine(message)}");
        }
    }

    public void Started(string name, string settings)
    {
        lock (gate)
        {
            now = name;
        }
    }

    public void Scored(CandidateResult result, CandidateResult? best)
    {
        lock (gate)
        {
            this.best = best;
            var score = result.Scores.Length == 0 ? "not scored" : string.Create(CultureInfo.InvariantCulture, $"{result.Mean,10:G4} ± {result.StandardDeviation:G2}");
            var remark = result.Stopped is { } reason
                ? $"  ({result.Scores.Length} of {result.Folds} folds: {Terminal.OneLine(reason)})"
                : best?.Name == result.Name && lastBest != result.Name ? "  ← best" : "";
            lastBest = best?.Name;
            Line($"   {result.Name,-24} {score}{remark}");
        }
    }

    /// <summary>Ends the live line; what is printed next starts on a clean line.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Erase();
        }
    }

    public void Dispose()
    {
        Close();
        ticker?.Dispose();
    }

    private void Line(string text)
    {
        Erase();
        var width = live ? Math.Max(40, Width()) - 1 : int.MaxValue;
        Console.Error.WriteLine(Terminal.Cut(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,6:0.0}s {text}"), width));
    }

    private void Draw()
    {
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            var standing = best is null ? "" : string.Create(CultureInfo.InvariantCulture, $" · best {best.Name} {best.Mean:G4}");
            var text = string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,6:0}s of {budget} · {now}{standing} · Ctrl+C stops with what there is");
            Console.Error.Write("\r" + Terminal.Cut(text, Math.Max(40, Width()) - 1) + "\u001b[K");
        }
    }

    private void Erase()
    {
        if (live)
        {
            Console.Error.Write("\r\u001b[K");
        }
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
