namespace Roux.Tracking.Remote;

/// <summary>A token that ends with the caller's or when a call took too long, and tells which it was.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationToken stop;
    private readonly CancellationTokenSource source;

    public TimeLimit(TimeSpan most, CancellationToken stop)
    {
        this.stop = stop;
        source = CancellationTokenSource.CreateLinkedTokenSource(stop);
        source.CancelAfter(most);
    }

    public CancellationToken Token => source.Token;

    /// <summary>Whether an exception means that the time is over, and not that the caller gave up.</summary>
    public bool Explains(Exception exception) => exception is OperationCanceledException && !stop.IsCancellationRequested;

    public void Dispose() => source.Dispose();
}
