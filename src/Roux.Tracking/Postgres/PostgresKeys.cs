using System.Collections.Concurrent;
using Npgsql;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Postgres;

/// <summary>Integer keys of names, made where there are none. They are committed at once and never removed, so what was learnt once holds.</summary>
internal sealed class PostgresKeys(NpgsqlDataSource source)
{
    private readonly ConcurrentDictionary<string, long> ids = new(StringComparer.Ordinal);

    public long Of(string name)
    {
        if (!ids.TryGetValue(name, out var id))
        {
            Learn([name]);
            id = ids[name];
        }

        return id;
    }

    /// <summary>Makes the keys that are missing, all at once.</summary>
    public void Learn(IEnumerable<string> names)
    {
        var unknown = names.Where(name => !ids.ContainsKey(name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length == 0)
        {
            return;
        }

        using var session = new PostgresSession(source);
        Find(session, unknown);
        var missing = Array.FindAll(unknown, name => !ids.ContainsKey(name));
        if (missing.Length > 0)
        {
            session.Execute("INSERT INTO keys (name) SELECT unnest(CAST($names AS text[])) ON CONFLICT DO NOTHING", ("$names", missing));
            Find(session, missing);
        }
    }

    private void Find(StoreSession session, string[] names) => session.Each(
        "SELECT id, name FROM keys WHERE name = ANY (CAST($names AS text[]))", row => ids[row.Text(1)] = row.Int64(0), ("$names", names));
}
