namespace Roux.Tracking.Remote;

/// <summary>
/// Replicates a spool to a server in the background, for as long as its process lives: once a second what is new; after a failure again, later and
/// later. Nothing that logs ever waits for it.
/// </summary>
internal sealed class Shipper : IDisposable
{
    private const int RunsAtOnce = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly Tracker spool;
    private readonly SpoolFolder folder;
    private readonly MlflowConnection server;
    private readonly SentLog log;
    private readonly RunShipper runs;
    private readonly VersionShipper versions;
    private readonly Action<string> tell;
    private readonly Backoff backoff = new(new Random());
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim wake = new(0);
    private readonly Lock gate = new();
    private List<TaskCompletionSource> waiting = [];
    private Task loop = Task.CompletedTask;
    private Timer? lookout;
    private RemoteFailure? told;
    private bool finished;
    private bool isEmpty;

    public Shipper(Tracker spool, SpoolFolder folder, MlflowConnection server, Action<string> tell)
    {
        this.spool = spool;
        this.folder = folder;
        this.server = server;
        this.tell = tell;
        log = new SentLog(folder.Folder);
        runs = new RunShipper(spool, server, log, tell);
        versions = new VersionShipper(spool, server, log, tell);
    }

    /// <summary>The server.</summary>
    public MlflowConnection Server => server;

    /// <summary>What the server has acknowledged.</summary>
    public SentLog Sent => log;

    /// <summary>Whether the last attempt to send failed.</summary>
    public bool IsFailing => told is not null;

    /// <summary>How large the spool may grow; null where nothing is added to it.</summary>
    public SpoolLimit? Limit { get; init; }

    /// <summary>Begins to send in the background.</summary>
    public void Start()
    {
        loop = Task.Run(LoopAsync);
        lookout = new Timer(_ => Limit?.Look(serverTakesNothing: IsFailing), null, TimeSpan.Zero, LookEvery);
    }

    /// <summary>Ends when all that was in the spool when it was called is acknowledged or refused.</summary>
    public Task FlushAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add(done);
        }

        wake.Release();
        return done.Task;
    }

    /// <summary>Waits for the server to have everything, but not long; then says in one line what is left. The spool must be written.</summary>
    public void Flush(TimeSpan patience)
    {
        if (!finished && !FlushAsync().Wait(patience) && Left() is { IsNothing: false } left)
        {
            tell($"not sent yet to {server.Address}: {left}. It is kept; send it with: roux sync");
        }
    }

    /// <summary>Sends everything once, with a few attempts: for <c>roux sync</c>.</summary>
    /// <exception cref="RemoteException">The server cannot take it now.</exception>
    public async Task SyncAsync(int attempts, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await PassAsync(isLast: true, cancellation).ConfigureAwait(false);
                return;
            }
            catch (RemoteException exception) when (exception.IsPassing && attempt < attempts)
            {
                await Task.Delay(backoff.Next(exception.RetryAfter), cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The id of a run on the server, as soon as it is there; null where that takes too long.</summary>
    public string? ServerId(long run, TimeSpan patience)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        var flushed = FlushAsync();
        while (log.ServerId(run) is null && !flushed.IsCompleted && !IsFailing && waited.Elapsed < patience)
        {
            flushed.Wait(Glance);
        }

        return log.ServerId(run);
    }

    /// <summary>What the server has not acknowledged.</summary>
    public SpoolLeft Left()
    {
        var (left, points, others) = (0, 0L, 0L);
        foreach (var run in spool.Database.Read(SpoolReader.Runs))
        {
            var sent = log.Of(run.Key);
            if (IsDone(run, sent))
            {
                continue;
            }

            var waits = spool.Database.Read(session => (
                Points: SpoolReader.Series(session, run.Key).Sum(series => Math.Max(0, series.Count - sent.Series.GetValueOrDefault(series.Id))),
                Texts: SpoolReader.Texts(session, run, sent).Count,
                Datasets: SpoolReader.Datasets(session, run.Key).Count(dataset => !sent.Datasets.Contains(dataset.Id))));
            left++;
            points += waits.Points;
            others += waits.Texts + waits.Datasets + 1;
        }

        var registrations = versions.WaitingRuns().Count;
        return new SpoolLeft(left + registrations, points, others + registrations, log.Refusals().Sum(refusal => refusal.Times));
    }

    /// <summary>Ends the sending, then says what is left.</summary>
    public void Finish(TimeSpan patience)
    {
        if (!finished)
        {
            Flush(patience);
            finished = true;
            lookout?.Dispose();
            stop.Cancel();
            loop.GetAwaiter().GetResult();
            isEmpty = Left() is { IsNothing: true, Refused: 0 };
        }
    }

    /// <summary>Tells where a spool that was not sent in the background stands, before it is closed.</summary>
    /// <param name="discardRefused">Whether it may be removed although the server refused some of it.</param>
    public (SpoolLeft Left, IReadOnlyList<string> Refused) Close(bool discardRefused)
    {
        var left = Left();
        isEmpty = left.IsNothing && (left.Refused == 0 || discardRefused);
        return (left, [.. log.Refusals().Select(refusal => $"{refusal.Kind.ToString().ToLowerInvariant()} {refusal.Name}: {refusal.Message}")]);
    }

    /// <summary>Closes; the spool is removed where the server has all of it. The spool's own database must be closed.</summary>
    public void Dispose()
    {
        lookout?.Dispose();
        log.Dispose();
        server.Dispose();
        stop.Dispose();
        wake.Dispose();
        if (isEmpty)
        {
            folder.Remove();
        }
        else
        {
            folder.Dispose();
        }
    }

    private static bool IsDone(SpooledRun run, SentRun sent) => sent.Refusal is not null || (sent.Done && run.IsAsSent(sent));

    private async Task LoopAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            List<TaskCompletionSource> served;
            lock (gate)
            {
                (served, waiting) = (waiting, []);
            }

            var pause = Interval;
            try
            {
                await PassAsync(isLast: false, stop.Token).ConfigureAwait(false);
                backoff.Reset();
                Tell(null);
                served.ForEach(one => one.TrySetResult());
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever goes wrong with sending, training goes on; what was logged is in the spool.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                var failure = exception as RemoteException;
                pause = backoff.Next(failure?.RetryAfter);
                Tell(failure ?? new RemoteException(RemoteFailure.Busy, $"sending to {server.Address} failed: {exception.Message}", exception));
                lock (gate)
                {
                    waiting.AddRange(served);
                }
            }

            await PauseAsync(pause).ConfigureAwait(false);
        }
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await wake.WaitAsync(pause, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
    }

    private async Task PassAsync(bool isLast, CancellationToken cancellation)
    {
        RemoteException? failure = null;
        var wanted = versions.WaitingRuns();
        var due = new List<(SpooledRun Run, SentRun Sent)>();
        foreach (var run in spool.Database.Read(SpoolReader.Runs))
        {
            var sent = log.Of(run.Key);
            if (sent.Refusal is null && (isLast || wanted.Contains(run.Key) || !IsDone(run, sent)))
            {
                failure = await TryAsync(() => runs.MakeAsync(run, sent, cancellation)).ConfigureAwait(false) ?? failure;
                due.Add((run, sent));
            }
        }

        await Parallel.ForEachAsync(due.Where(one => one.Sent is { ServerId: not null, Refusal: null }), new ParallelOptions { MaxDegreeOfParallelism = RunsAtOnce, CancellationToken = cancellation }, async (one, token) =>
        {
            var failed = await TryAsync(() => runs.SendAsync(one.Run, one.Sent, isLast || wanted.Contains(one.Run.Key), token)).ConfigureAwait(false);
            if (failed is not null)
            {
                failure = failed;
            }
        }).ConfigureAwait(false);
        failure = await TryAsync(() => versions.SendAsync(cancellation)).ConfigureAwait(false) ?? failure;
        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>What concerns one run only must not hold up the others.</summary>
    private static async Task<RemoteException?> TryAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
            return null;
        }
        catch (RemoteException exception) when (!exception.ConcernsTheServer)
        {
            return exception;
        }
    }

    /// <summary>Says once that the server cannot take it, and once that it does again.</summary>
    private void Tell(RemoteException? failure)
    {
        if (failure is not null && told != failure.Failure)
        {
            tell($"{failure.Message}. Logging goes on; it is kept and sent when the server takes it");
        }
        else if (failure is null && told is not null)
        {
            tell($"{server.Address} takes what is logged again");
        }

        told = failure?.Failure;
    }
}
