using Roux.Tracking.Metrics;

namespace Roux.Tracking.Storage;

/// <summary>One write of a batch. Applied again when the batch is repeated, so it must not change itself for good.</summary>
internal abstract class WriteOperation
{
    /// <summary>Whether somebody waits for it.</summary>
    public virtual bool IsAwaited => false;

    /// <summary>Writes inside the transaction of the batch.</summary>
    public abstract void Apply(WriteSession session);

    /// <summary>The batch is committed.</summary>
    public virtual void Complete()
    {
    }

    /// <summary>The batch was given up. Returns whether somebody waits and so gets to know.</summary>
    public virtual bool Fail(TrackingException exception) => false;
}

/// <summary>A write that nobody waits for.</summary>
internal sealed class Deferred(Action<WriteSession> work) : WriteOperation
{
    public override void Apply(WriteSession session) => work(session);
}

/// <summary>Points of one metric of one run.</summary>
internal sealed class MetricPoints(long run, string key, long[] steps, long[] timestamps, double[] values, int count) : WriteOperation
{
    public override void Apply(WriteSession session) => session.AppendMetrics(
        run, [new NewPoints(key, new MetricBlock(steps[..count], timestamps[..count], values[..count]), IsNew: false)]);
}

/// <summary>
/// A write with a result that the caller waits for. When it throws, its own writes are undone and the rest of the batch stands; only what
/// the database says about the store as a whole (busy, full, damaged) ends the batch.
/// </summary>
internal sealed class Awaited<T>(Func<WriteSession, T> work) : WriteOperation
{
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;
    private Exception? refused;

    public Task<T> Result => done.Task;

    public override bool IsAwaited => true;

    public override void Apply(WriteSession session)
    {
        session.BeginCall();
        try
        {
            refused = null;
            result = work(session);
            session.EndCall();
        }
#pragma warning disable CA1031 // Whatever it is, it goes to the one caller that waits for it.
        catch (Exception exception) when (exception is not StoreException { ConcernsTheStore: true })
#pragma warning restore CA1031
        {
            refused = exception;
            session.UndoCall();
        }
    }

    public override void Complete()
    {
        if (refused is null)
        {
            done.TrySetResult(result!);
        }
        else
        {
            done.TrySetException(refused);
        }
    }

    public override bool Fail(TrackingException exception) => done.TrySetException(exception);
}
