using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Retention;

/// <summary>What artifacts take up.</summary>
/// <param name="Files">Files looked at.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Experiments">Size by the id of the experiment; that of the registry's copies, and of files that belong to nothing, by an empty one.</param>
/// <param name="Ended">When the measuring ended; <c>null</c>: it goes on.</param>
/// <param name="Problem">Why it ended early.</param>
internal sealed record ArtifactUse(long Files, long Bytes, IReadOnlyDictionary<string, long> Experiments, DateTimeOffset? Ended, string? Problem);

/// <summary>Measures artifacts in the background: in a large store, or one in S3, that takes its time.</summary>
internal sealed class StorageMeasure(TrackingService service, TimeProvider time) : IDisposable
{
    private const int Told = 500;

    private readonly Lock starting = new();
    private readonly CancellationTokenSource stopping = new();
    private volatile ArtifactUse? use;
    private Task work = Task.CompletedTask;

    /// <summary>The latest figures; <c>null</c>: nobody has asked for any.</summary>
    public ArtifactUse? Use => use;

    /// <summary>Begins, unless it is under way.</summary>
    public void Start()
    {
        lock (starting)
        {
            if (work.IsCompleted)
            {
                use = new ArtifactUse(0, 0, new Dictionary<string, long>(), null, null);
                work = Task.Run(MeasureAsync);
            }
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        work.Wait(TimeSpan.FromSeconds(5));
        stopping.Dispose();
    }

    private async Task MeasureAsync()
    {
        var (files, bytes, experiments) = (0L, 0L, new Dictionary<string, long>(StringComparer.Ordinal));
        string? problem = null;
        try
        {
            var owners = service.Storage.Owners();
            await foreach (var file in service.Tracker.Artifacts.FilesAsync("", stopping.Token).ConfigureAwait(false))
            {
                var experiment = owners.GetValueOrDefault(file.Parts().Owner, "");
                experiments[experiment] = experiments.GetValueOrDefault(experiment) + file.Bytes;
                (files, bytes) = (files + 1, bytes + file.Bytes);
                if (files % Told == 0)
                {
                    use = new ArtifactUse(files, bytes, new Dictionary<string, long>(experiments), null, null);
                }
            }
        }
        catch (Exception exception) when (exception is TrackingException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            problem = exception is TrackingException ? exception.Message : "the files could not be read to the end";
        }

        use = new ArtifactUse(files, bytes, experiments, time.GetUtcNow(), problem);
    }
}
