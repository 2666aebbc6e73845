using System.Text.Json.Nodes;
using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Tracking;

namespace Roux.Debugging.Sessions;

/// <summary>Collects what checks of several subjects find within a limit of time, and remembers which of them looked.</summary>
internal sealed class SessionLog : IDisposable
{
    private readonly CancellationTokenSource limit;
    private readonly CancellationToken stop;
    private readonly TimeProvider clock;
    private readonly long started;
    private readonly TimeSpan budget;
    private readonly Action<string> progress;
    private readonly List<Finding> findings = [];
    private readonly List<CheckCard> cards = [];
    private readonly List<string> notes = [];
    private readonly Dictionary<string, JsonObject> records = new(StringComparer.Ordinal);

    public SessionLog(CheckContext context, TimeSpan budget, TimeProvider clock, Action<string> progress)
    {
        (stop, this.clock, this.budget, this.progress) = (context.Cancellation, clock, budget, progress);
        started = clock.GetTimestamp();
        Time = clock.GetUtcNow();
        limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(budget);
        Context = context with { Cancellation = limit.Token };
    }

    /// <summary>The circumstances; asks to stop when the time is up, too.</summary>
    public CheckContext Context { get; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Share of the time that is left, 0 to 1.</summary>
    public double Left => Math.Max(0, 1 - clock.GetElapsedTime(started) / budget);

    /// <summary>How many findings there are so far.</summary>
    public int Count => findings.Count;

    /// <summary>Findings after the first so many.</summary>
    public IReadOnlyList<Finding> Since(int count) => [.. findings.Skip(count)];

    /// <summary>Remembers that checks looked.</summary>
    public void Looked<TSubject>(IEnumerable<Check<TSubject>> checks) => cards.AddRange(CheckCatalog.Cards(checks));

    /// <summary>Keeps a document with the run, under a path.</summary>
    public void Keep(string path, JsonObject record) => records[path] = record;

    public void Note(string note) => notes.Add(note);

    public void Add(IEnumerable<Finding> found) => findings.AddRange(found);

    public void Dispose() => limit.Dispose();

    /// <summary>Does something that a limit of time may end.</summary>
    /// <returns>Whether it came to its end.</returns>
    public bool Try(string what, Action action)
    {
        progress(what);
        try
        {
            limit.Token.ThrowIfCancellationRequested();
            action();
            return true;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            notes.Add($"{what}: left out for want of time; a longer --time-budget gives it some");
            return false;
        }
    }

    /// <summary>Has checks look, one after another, until the time is up.</summary>
    public void Look<TSubject>(string what, IReadOnlyList<Check<TSubject>> checks, TSubject subject)
    {
        foreach (var check in checks)
        {
            if (!Try($"{what}: {check.Name}", () => findings.AddRange(CheckRunner.Run([check], subject, Context))))
            {
                notes[^1] = $"{what}: {check.Name} and what comes after it left out for want of time; a longer --time-budget gives them some";
                return;
            }

            cards.AddRange(CheckCatalog.Cards([check]));
        }
    }

    /// <summary>All that was found, merged, without what is put up with.</summary>
    public DebugResult Finish(string subject, IReadOnlyList<string> facts, Suppressions suppressions)
    {
        stop.ThrowIfCancellationRequested();
        var (kept, suppressed) = suppressions.Apply(FindingList.Of(findings, CheckCatalog.All), DateOnly.FromDateTime(Time.LocalDateTime));
        return new DebugResult
        {
            Subject = subject,
            Findings = kept,
            Suppressed = suppressed,
            Checks = [.. cards.DistinctBy(card => card.Name)],
            Facts = facts,
            Notes = notes,
            Records = records,
            Time = Time,
            Seconds = clock.GetElapsedTime(started).TotalSeconds,
        };
    }
}
