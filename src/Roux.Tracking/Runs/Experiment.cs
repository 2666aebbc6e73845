using System.Globalization;
using Roux.Tracking.Runs;

namespace Roux.Tracking;

/// <summary>A named group of runs.</summary>
public sealed class Experiment
{
    private readonly Tracker tracker;

    internal Experiment(Tracker tracker, long key, string name)
    {
        this.tracker = tracker;
        Key = key;
        Name = name;
    }

    /// <summary>Its id.</summary>
    public string Id => Key.ToString(CultureInfo.InvariantCulture);

    /// <summary>Its name, unique in the store.</summary>
    public string Name { get; }

    internal long Key { get; }

    /// <summary>Starts a run; it is in the store when this returns.</summary>
    /// <param name="name">Its name; by default one is made up.</param>
    /// <param name="parent">The run that it is a part of.</param>
    /// <param name="tags">Labels to begin with.</param>
    /// <exception cref="TrackingException">The store cannot be written.</exception>
    public Run StartRun(string? name = null, Run? parent = null, IReadOnlyDictionary<string, string>? tags = null)
    {
        var id = Guid.NewGuid().ToString("N");
        var given = string.IsNullOrWhiteSpace(name) ? RunName.From(id) : name;
        foreach (var key in tags?.Keys ?? [])
        {
            KeyRules.Check("tag", key);
        }

        var started = tracker.Now();
        var run = tracker.Database.WritesOrThrow().Call(session =>
        {
            var key = RunWrites.Create(session, id, Key, parent?.Key, given, started);
            foreach (var (tag, value) in tags ?? RunRecord.EmptyText)
            {
                RunWrites.Tag(session, key, tag, value);
            }

            return key;
        });
        return tracker.Remember(new Run(tracker, this, run, id, given, new Dictionary<string, string>(StringComparer.Ordinal)) { ParentId = parent?.Id });
    }
}
