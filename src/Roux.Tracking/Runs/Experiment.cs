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

    /// <summary>Starts a run; it is in the store when this returns. In a program that <c>roux run</c> started, the first is the run that it was started as (<see cref="TrackerOptions.StartedAs"/>).</summary>
    /// <param name="name">Its name; by default one is made up.</param>
    /// <param name="parent">The run that it is a part of.</param>
    /// <param name="tags">Labels to begin with.</param>
    /// <exception cref="TrackingException">The store cannot be written.</exception>
    public Run StartRun(string? name = null, Run? parent = null, IReadOnlyDictionary<string, string>? tags = null)
    {
        foreach (var key in tags?.Keys ?? [])
        {
            KeyRules.Check("tag", key);
        }

        if (parent is null && tracker.Join(this, out var first) is { } joined)
        {
            if (!first)
            {
                return Start(name, joined.Key, joined.Id, tags);
            }

            foreach (var (tag, value) in tags ?? RunRecord.EmptyText)
            {
                joined.Tag(tag, value);
            }

            return joined;
        }

        return Start(name, parent?.Key, parent?.Id, tags);
    }

    /// <summary>Starts a run that is a part of one that this process does not hold open.</summary>
    /// <param name="parentId">Id of that run.</param>
    /// <param name="name">Its name; by default one is made up.</param>
    /// <param name="tags">Labels to begin with.</param>
    /// <exception cref="TrackingException">There is no such run, or the store cannot be written.</exception>
    public Run StartRunUnder(string parentId, string? name = null, IReadOnlyDictionary<string, string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(parentId);
        return Start(name, tracker.KeyOf(parentId), parentId, tags);
    }

    private Run Start(string? name, long? parent, string? parentId, IReadOnlyDictionary<string, string>? tags)
    {
        var id = Guid.NewGuid().ToString("N");
        var given = string.IsNullOrWhiteSpace(name) ? RunName.From(id) : name;
        var started = tracker.Now();
        var run = tracker.Database.WritesOrThrow().Call(session =>
        {
            var key = RunWrites.Create(session, id, Key, parent, given, started);
            foreach (var (tag, value) in tags ?? RunRecord.EmptyText)
            {
                RunWrites.Tag(session, key, tag, value);
            }

            return key;
        });
        return tracker.Remember(new Run(tracker, this, run, id, given, new Dictionary<string, string>(StringComparer.Ordinal)) { ParentId = parentId });
    }
}
