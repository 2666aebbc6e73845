using System.Diagnostics;
using System.Threading.Channels;
using Roux.Tracking.Telemetry;

namespace Roux.Tracking.Storage;

/// <summary>
/// Writes one transaction at a time: whoever has the turn takes what waits in a bounded queue and commits it at once. A thread in the background
/// does so for writes that nobody waits for, and for callers who come while another commits; a caller who finds nobody at it commits by
/// itself, which saves two changes of threads, most of the time of a small write. A full queue holds the callers back, so memory stays bounded.
/// </summary>
internal sealed class WriteQueue : IDisposable
{
    private const int Capacity = 256;

    /// <summary>More than the queue holds: whoever takes the turn takes all that was added before.</summary>
    private const int LargestBatch = 4096;

    private readonly Channel<WriteOperation> channel = Channel.CreateBounded<WriteOperation>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait });

    private readonly WriteSession session;
    private readonly string place;
    private readonly Func<Exception, TrackingException> explain;
    private readonly TrackerOptions options;
    private readonly Thread thread;
    private readonly Lock turn = new();
    private bool ended;
    private volatile TrackingException? failure;
    private volatile bool reported;
    private long added;
    private long done;

    /// <param name="session">The connection that writes; the queue closes it.</param>
    /// <param name="place">What messages call the store.</param>
    /// <param name="options">How long to wait for others.</param>
    /// <param name="explain">See <see cref="Store.Explain"/>.</param>
    public WriteQueue(WriteSession session, string place, TrackerOptions options, Func<Exception, TrackingException> explain)
    {
        this.session = session;
        this.place = place;
        this.explain = explain;
        this.options = options;
        thread = new Thread(Loop) { IsBackground = true, Name = "Roux.Tracking writer" };
        thread.Start();
    }

    /// <summary>Whether a caller has been told that the store takes no more.</summary>
    public bool HasReportedFailure => reported;

    /// <summary>Writes that wait or are being committed.</summary>
    public long Depth => Interlocked.Read(ref added) - Interlocked.Read(ref done);

    /// <summary>Adds a write that nobody waits for; blocks while the queue is full.</summary>
    /// <exception cref="TrackingException">An earlier write failed for good: the store takes no more.</exception>
    public void Add(WriteOperation operation)
    {
        if (failure is { } known)
        {
            throw Report(known);
        }

        Interlocked.Increment(ref added);
        while (!channel.Writer.TryWrite(operation))
        {
            if (!channel.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
            {
                throw Closed();
            }
        }
    }

    /// <summary>Writes and waits until it is committed.</summary>
    public T Call<T>(Func<WriteSession, T> work) => Start(work).GetAwaiter().GetResult();

    /// <summary>Waits until all that was added before is committed.</summary>
    public void Settle()
    {
        if (failure is not null || Interlocked.Read(ref added) != Interlocked.Read(ref done))
        {
            Call(_ => true);
        }
    }

    /// <summary>Adds a write; the task ends when it, and all added before it, is committed.</summary>
    public Task<T> Start<T>(Func<WriteSession, T> work)
    {
        var operation = new Awaited<T>(work);
        if (!TryHere(operation))
        {
            Add(operation);
        }

        return operation.Result;
    }

    /// <summary>As <see cref="Start"/>, without holding a thread while the queue is full: for a server with many callers.</summary>
    public async Task<T> StartAsync<T>(Func<WriteSession, T> work)
    {
        if (failure is { } known)
        {
            throw Report(known);
        }

        using var span = StoreTelemetry.Source.StartActivity("store.write");
        var operation = new Awaited<T>(work);
        if (TryHere(operation))
        {
            return await operation.Result.ConfigureAwait(false);
        }

        Interlocked.Increment(ref added);
        while (!channel.Writer.TryWrite(operation))
        {
            if (!await channel.Writer.WaitToWriteAsync().ConfigureAwait(false))
            {
                throw Closed();
            }
        }

        return await operation.Result.ConfigureAwait(false);
    }

    public void Dispose()
    {
        channel.Writer.TryComplete();
        if (Thread.CurrentThread != thread && !turn.IsHeldByCurrentThread)
        {
            thread.Join();
        }
    }

    private TrackingException Closed() =>
        failure is { } cause ? Report(cause) : new TrackingException($"{place}: the tracker is closed; log before disposing it");

    private TrackingException Report(TrackingException known)
    {
        reported = true;
        return new TrackingException(known.Message, known);
    }

    private void Loop()
    {
        while (channel.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            lock (turn)
            {
                // Nothing where a caller took it meanwhile.
                if (Waiting() is { Count: > 0 } batch)
                {
                    Commit(batch);
                }
            }
        }

        lock (turn)
        {
            ended = true;
            session.Dispose();
        }
    }

    /// <summary>Commits a write, and all that waits, on the caller's thread; <c>false</c> where another is at it.</summary>
    private bool TryHere(WriteOperation operation)
    {
        if (failure is not null || !turn.TryEnter())
        {
            return false;
        }

        try
        {
            if (ended)
            {
                return false;
            }

            Interlocked.Increment(ref added);
            var batch = Waiting();
            batch.Add(operation);
            Commit(batch);
            return true;
        }
        finally
        {
            turn.Exit();
        }
    }

    private List<WriteOperation> Waiting()
    {
        var batch = new List<WriteOperation>();
        while (batch.Count < LargestBatch && channel.Reader.TryRead(out var operation))
        {
            batch.Add(operation);
        }

        return batch;
    }

    private void Commit(List<WriteOperation> batch)
    {
        var waited = Stopwatch.StartNew();
        var error = failure;
        for (var attempt = 0; error is null; attempt++)
        {
            try
            {
                session.Begin(isSingle: batch.Count == 1);
                foreach (var operation in batch)
                {
                    operation.Apply(session);
                }

                session.Commit();
                Interlocked.Add(ref done, batch.Count);
                StoreTelemetry.Committed(batch.Count, session.TakePoints(), waited.Elapsed);
                foreach (var operation in batch)
                {
                    operation.Complete();
                }

                return;
            }
            catch (StoreException exception) when (exception.IsPassing && waited.Elapsed < options.BusyTimeout)
            {
                session.Rollback();
                Thread.Sleep(Math.Min(100, 1 << Math.Min(attempt, 6)));
            }
#pragma warning disable CA1031 // Whatever ended the batch must reach those who wait for it, and must not end the process from this thread.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                session.Rollback();
                error = explain(exception);
            }
        }

        StoreTelemetry.Failed();

        // Where everybody waits, everybody is told and nothing is lost in silence: the next batch may fare better (a server lives on
        // when the disk has room again). A write that nobody waits for ends the queue, so that its loss is noticed.
        if (batch.Exists(operation => !operation.IsAwaited))
        {
            failure = error;
        }

        Interlocked.Add(ref done, batch.Count);
        foreach (var operation in batch)
        {
            reported |= operation.Fail(error);
        }
    }
}
