namespace Roux.Server.Telemetry;

/// <summary>Requests since the server began, and how long the latest took. An entry costs a few nanoseconds.</summary>
internal sealed class RequestFigures
{
    private const int Kept = 2048;

    private readonly float[] latest = new float[Kept];
    private long requests;
    private long refused;
    private long failed;
    private long timed;

    /// <summary>All requests.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Those answered with a status of 400 to 499.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Those answered with a status of 500 or more.</summary>
    public long Failed => Interlocked.Read(ref failed);

    /// <param name="status">HTTP status of the answer.</param>
    /// <param name="took">How long it took; <c>null</c> for what goes on as long as the client likes.</param>
    public void Add(int status, TimeSpan? took)
    {
        Interlocked.Increment(ref requests);
        if (status >= 400)
        {
            Interlocked.Increment(ref status >= 500 ? ref failed : ref refused);
        }

        if (took is { } span)
        {
            latest[(Interlocked.Increment(ref timed) - 1) % Kept] = (float)span.TotalMilliseconds;
        }
    }

    /// <summary>Quantiles of the latest requests in milliseconds; <c>null</c> where there were none.</summary>
    public (double Median, double P95, double P99)? Latency()
    {
        var count = (int)Math.Min(Kept, Interlocked.Read(ref timed));
        if (count == 0)
        {
            return null;
        }

        var sorted = latest[..count];
        Array.Sort(sorted);
        return (At(0.5), At(0.95), At(0.99));

        double At(double share) => sorted[Math.Min(count - 1, (int)(share * count))];
    }
}
