using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Charts;

/// <summary>
/// Histories of metrics in memory, shared by all pages: fifty people who look at one training read it once. Each is read again when the store has more of it. The
/// longest unused go when all together pass <see cref="MostPoints"/>.
/// </summary>
internal sealed class SeriesCache(TrackingService service)
{
    /// <summary>Points kept, of 24 bytes each.</summary>
    private const long MostPoints = 8_000_000;

    private readonly Lock entering = new();
    private readonly Dictionary<(string Run, string Key), Entry> entries = [];
    private long clock;

    /// <summary>A run's history of a metric, up to date.</summary>
    public MetricSeries Get(string runId, string key)
    {
        var version = service.Metrics.Version(runId, key);
        lock (entering)
        {
            if (entries.TryGetValue((runId, key), out var known) && known.Version == version)
            {
                entries[(runId, key)] = known with { Used = ++clock };
                return known.Series;
            }
        }

        var series = service.Metrics.History(runId, key);
        lock (entering)
        {
            entries[(runId, key)] = new Entry(version, series, ++clock);
            var kept = entries.Values.Sum(entry => (long)entry.Series.Count);
            foreach (var (place, entry) in entries.OrderBy(pair => pair.Value.Used).SkipLast(1).ToList())
            {
                if (kept <= MostPoints)
                {
                    break;
                }

                entries.Remove(place);
                kept -= entry.Series.Count;
            }
        }

        return series;
    }

    private sealed record Entry((long Points, long Last) Version, MetricSeries Series, long Used);
}
