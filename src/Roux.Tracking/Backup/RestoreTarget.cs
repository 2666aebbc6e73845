using System.Runtime.CompilerServices;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Backup;

/// <summary>A database that a backup is loaded into. Nothing of it is seen before <see cref="Complete"/>; disposing it earlier leaves what was there.</summary>
internal abstract class RestoreTarget : IDisposable
{
    /// <summary>What messages call the place.</summary>
    public abstract string Place { get; }

    /// <summary>Where the artifacts of this store are unless told otherwise.</summary>
    public abstract string ArtifactsPlace { get; }

    /// <summary>The target of a name: a folder, or the address of a database.</summary>
    public static RestoreTarget Open(string store) => StoreAddress.IsPostgres(store) ? OpenPostgres(store) : new Sqlite.SqliteRestore(Path.GetFullPath(store));

    /// <summary>What the store that is there holds, in words; <c>null</c> where there is none, or nothing is in it.</summary>
    public abstract string? Content();

    /// <summary>Makes sure that nobody uses the store that is there.</summary>
    /// <exception cref="TrackingException">Somebody does.</exception>
    public abstract void RequireUnused();

    /// <summary>Makes the tables of a version, empty.</summary>
    public abstract void Begin(int version);

    /// <summary>Fills a table; its rows' values are as <see cref="TableFile.Read"/> gives them.</summary>
    public abstract void Load(TableShape table, IEnumerable<object?[]> rows);

    /// <summary>Brings the tables to this program's version, checks what refers to what, and puts it all in its place at once.</summary>
    /// <exception cref="TrackingException">The rows do not fit together.</exception>
    public abstract void Complete();

    /// <summary>An error of the database in words.</summary>
    public abstract TrackingException Explain(Exception exception);

    public abstract void Dispose();

    /// <summary>What a store holds, in words; <c>null</c> for one that was made and not used.</summary>
    protected static string? Content(StoreSession session)
    {
        var (runs, models, users, experiments) = (Count("runs"), Count("models"), Count("users"), Count("experiments WHERE id <> 0"));
        return runs + models + users + experiments == 0 ? null
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{experiments} experiments, {runs} runs, {models} registered models and {users} users");

        long Count(string table) => session.Number($"SELECT CAST(count(*) AS BIGINT) FROM {table}") ?? 0;
    }

    // Apart, so that a store in a folder loads nothing of PostgreSQL.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Postgres.PostgresRestore OpenPostgres(string address) => new(address);
}
