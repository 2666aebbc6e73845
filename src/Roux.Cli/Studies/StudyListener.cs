using Roux.Learning.Studies;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>Hears what is asked of a running study in the store, from the pages or from elsewhere: once a second it looks at the tags of the study's run.</summary>
/// <param name="tracker">The store.</param>
/// <param name="run">The study's run.</param>
/// <param name="journal">Takes it in, for all processes that work on the study.</param>
/// <param name="control">Carries it out in this one.</param>
/// <param name="stop">Ends the study.</param>
internal sealed class StudyListener(Tracker tracker, StudyRun run, StudyJournal journal, StudyControl control, CancellationTokenSource stop) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource ended = new();
    private Task loop = Task.CompletedTask;
    private string? there = tracker.Server is null ? run.Id : null;

    /// <summary>Hears at once what was asked while nobody worked on the study, and listens from then on.</summary>
    public void Start()
    {
        Hear();
        loop = Task.Run(ListenAsync);
    }

    /// <summary>Looks once.</summary>
    public void Hear()
    {
        try
        {
            // On a server the run has an id of its own, once the server has made it.
            there ??= tracker.ServerVariables(run.Id, TimeSpan.Zero).GetValueOrDefault("MLFLOW_RUN_ID");
            foreach (var (request, outcome) in there is null ? [] : journal.Hear(tracker.GetRun(there).Tags))
            {
                run.Run?.Tag(StudyRequest.HeardPrefix + request.Id, outcome);
            }
        }
        catch (Exception e) when (e is TrackingException or UsageException or IOException)
        {
            // The store is away or busy: the next look tells. What is wrong with the journal the next trial says.
            return;
        }

        foreach (var request in journal.TakeStops())
        {
            var by = request.By.Length == 0 ? "" : $" by {request.By}";
            if (request.Kind == StudyRequestKind.Stop)
            {
                Console.Error.WriteLine(Terminal.OneLine($"roux: stopped from the workbench{by}"));
                stop.Cancel();
            }
            else if (request.Trial is { } trial)
            {
                control.Stop(trial, $"stopped from the workbench{by}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync().ConfigureAwait(false);
        await loop.ConfigureAwait(false);
        ended.Dispose();
    }

    private async Task ListenAsync()
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(ended.Token).ConfigureAwait(false))
            {
                Hear();
            }
        }
        catch (OperationCanceledException)
        {
            // The study is over.
        }
    }
}
