using System.Diagnostics.Metrics;

namespace Roux.Server.Telemetry;

/// <summary>The server's own figures, beside those that the web framework (<c>http.server.request.duration</c>), the runtime and the store give.</summary>
internal sealed class ServerMeter : IDisposable
{
    public const string Name = "Roux.Server";

    private readonly Meter meter = new(Name);
    private readonly Counter<long> rejected;
    private readonly Counter<long> artifactBytes;
    private readonly Histogram<double> jobs;

    /// <param name="waiting">Tells how many writes wait.</param>
    public ServerMeter(Func<long> waiting)
    {
        rejected = meter.CreateCounter<long>("roux.requests.rejected", "{request}", "Requests refused before they were looked at, by reason.");
        artifactBytes = meter.CreateCounter<long>("roux.artifacts.bytes", "By", "Bytes of artifacts received and sent.");
        jobs = meter.CreateHistogram<double>("roux.jobs.duration", "s", "Background jobs by name and outcome.");
        meter.CreateObservableGauge("roux.store.queue.depth", waiting, "{write}", "Writes that wait or are being committed.");
    }

    /// <summary>Counts a refused request by its status; others are not counted.</summary>
    public void Refused(int status)
    {
        var reason = status switch
        {
            401 => "unauthenticated",
            403 => "forbidden",
            408 => "too_slow",
            413 => "too_large",
            429 => "too_many",
            503 => "unavailable",
            _ => null,
        };
        if (reason is not null)
        {
            rejected.Add(1, KeyValuePair.Create<string, object?>("reason", reason));
        }
    }

    public void Received(long bytes) => artifactBytes.Add(bytes, KeyValuePair.Create<string, object?>("direction", "in"));

    public void Sent(long bytes) => artifactBytes.Add(bytes, KeyValuePair.Create<string, object?>("direction", "out"));

    /// <summary>Notes that a job that no request waits for has ended.</summary>
    public void Job(string name, TimeSpan took, bool succeeded) => jobs.Record(
        took.TotalSeconds, KeyValuePair.Create<string, object?>("job", name), KeyValuePair.Create<string, object?>("outcome", succeeded ? "ok" : "failed"));

    public void Dispose() => meter.Dispose();
}
