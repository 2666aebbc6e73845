using System.Collections.Concurrent;

namespace Roux.Tracking.Storage;

/// <summary>Names of params, tags and metrics by their integer keys, as far as committed. Rows of <c>keys</c> never change, so what was read once holds.</summary>
internal sealed class KeyNames(Store store)
{
    private readonly ConcurrentDictionary<long, string> names = new();
    private readonly ConcurrentDictionary<string, long> ids = new(StringComparer.Ordinal);

    /// <summary>The name of a key, read through the session of the caller's snapshot.</summary>
    public string Name(StoreSession session, long id)
    {
        if (!names.TryGetValue(id, out var name))
        {
            Load(session);
            name = names.TryGetValue(id, out name) ? name : throw new TrackingException($"{store.Place}: the store is damaged: no key {id}; restore it from a backup");
        }

        return name;
    }

    /// <summary>The key of a name, or <c>null</c> where nothing has that name.</summary>
    public long? Find(StoreSession session, string name)
    {
        if (ids.TryGetValue(name, out var id))
        {
            return id;
        }

        var found = session.Number("SELECT id FROM keys WHERE name = $name", ("$name", name));
        if (found is { } key)
        {
            ids[name] = key;
        }

        return found;
    }

    private void Load(StoreSession session) =>
        session.Each("SELECT id, name FROM keys", row => names.TryAdd(row.Int64(0), row.Text(1)));
}
