using Roux.Learning.Studies;
using Roux.Tracking.Service;
using Roux.Tuning;

namespace Roux.Server.Studies;

/// <summary>Studies that pages look at, each read once for all of them and read on as it grows. The longest unused go.</summary>
internal sealed class StudyCache(TrackingService service)
{
    private const int Most = 16;

    private readonly Lock entering = new();
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private long clock;

    /// <summary>A study as it stands now.</summary>
    /// <param name="runId">Id of its run.</param>
    /// <param name="goal">Of a run of others, what its parts were tried for.</param>
    public StoredStudy Read(string runId, Goal? goal)
    {
        var entry = Find(runId);
        lock (entry.Reading)
        {
            return entry.Reader.Read(goal);
        }
    }

    /// <summary>How much each parameter matters, largest first; worked out again when more trials are complete.</summary>
    public IReadOnlyList<(string Parameter, double Importance)> Importance(StoredStudy study, int objective, ImportanceMethod method)
    {
        var entry = Find(study.Run.Id);
        var key = (study.Goals[objective].ToString(), method);
        lock (entry.Judging)
        {
            if (entry.Known.TryGetValue(key, out var known) && known.Complete == study.Complete.Count)
            {
                return known.Shares;
            }

            var shares = study.Space.Parameters.Count == 0 ? [] : study.Study.Importance(objective, method);
            entry.Known[key] = (study.Complete.Count, shares);
            return shares;
        }
    }

    private Entry Find(string runId)
    {
        lock (entering)
        {
            if (!entries.TryGetValue(runId, out var entry))
            {
                entry = entries[runId] = new Entry(new StudyReader(service.Tracker, runId));
            }

            entry.Used = ++clock;
            if (entries.Count > Most)
            {
                entries.Remove(entries.MinBy(pair => pair.Value.Used).Key);
            }

            return entry;
        }
    }

    private sealed class Entry(StudyReader reader)
    {
        public Lock Reading { get; } = new();

        public Lock Judging { get; } = new();

        public StudyReader Reader => reader;

        public Dictionary<(string Goal, ImportanceMethod Method), (int Complete, IReadOnlyList<(string Parameter, double Importance)> Shares)> Known { get; } = [];

        public long Used { get; set; }
    }
}
