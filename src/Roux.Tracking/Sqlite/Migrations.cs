using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Roux.Tracking.Sqlite;

/// <summary>Brings a database to the version that this program writes: numbered SQL files, the number reached kept in <c>PRAGMA user_version</c>.</summary>
internal static class Migrations
{
    /// <summary>Marks the file as a Roux store in SQLite's header: the letters "Roux".</summary>
    private const long ApplicationId = 0x526F7578;

    private const string Prefix = "Sqlite/Migrations/";

    private static readonly (int Version, string Resource)[] Scripts = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => (int.Parse(name.AsSpan(Prefix.Length, 3), CultureInfo.InvariantCulture), name))
        .Order()];

    /// <summary>The version that this program reads and writes.</summary>
    public static int Latest { get; } = Scripts[^1].Version;

    /// <summary>Checks the version, and applies what is missing. Several processes may do so at once.</summary>
    /// <exception cref="TrackingException">A newer version wrote the store, or it is no Roux store. It is left untouched.</exception>
    /// <param name="session">The database.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="patience">How long to wait for others.</param>
    /// <param name="upTo">The version to stop at; the latest by default.</param>
    public static void Apply(SqliteSession session, string file, TimeSpan patience, int? upTo = null)
    {
        var wanted = upTo ?? Latest;
        if (Check(session, file) >= wanted)
        {
            return;
        }

        // The switch to WAL mode fails at once, without waiting, when another process is at it too.
        var waited = Stopwatch.StartNew();
        for (var done = false; !done;)
        {
            try
            {
                session.Run("PRAGMA journal_mode = WAL");
                done = true;
            }
            catch (SqliteException exception) when (exception.IsPassing && waited.Elapsed < patience)
            {
                Thread.Sleep(10);
            }
        }

        // A table is rebuilt by dropping the old one, which enforced foreign keys would refuse; the store turns them on when it is open.
        session.Run("PRAGMA foreign_keys = OFF");
        session.Run("BEGIN IMMEDIATE");
        try
        {
            var version = Check(session, file);
            foreach (var (number, resource) in Scripts.Where(script => script.Version > version && script.Version <= wanted))
            {
                session.Run(Read(resource));
                session.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"));
            }

            session.Run($"PRAGMA application_id = {ApplicationId}");
            session.Run("COMMIT");
        }
        catch
        {
            session.Run("ROLLBACK");
            throw;
        }
    }

    /// <summary>Checks that this program can read the store, without writing to it.</summary>
    public static void CheckReadable(SqliteSession session, string file)
    {
        var version = Check(session, file);
        if (version < Latest)
        {
            throw new TrackingException(version == 0
                ? $"{file}: an empty file, not a Roux store; log a run to create one"
                : $"{file}: written by Roux store version {version}, this one reads {Latest}; open it once for writing (any command that logs a run) to bring it up to date");
        }
    }

    private static long Check(SqliteSession session, string file)
    {
        var version = session.Number("PRAGMA user_version") ?? 0;
        var application = session.Number("PRAGMA application_id") ?? 0;
        var foreign = application != ApplicationId && (version != 0 || application != 0 || session.Number("SELECT count(*) FROM sqlite_master") > 0);
        if (foreign)
        {
            throw new TrackingException($"{file}: a SQLite database of another program, not a Roux store; move it away or choose another store");
        }

        if (version > Latest)
        {
            throw new TrackingException($"{file}: written by Roux store version {version}, this one reads up to {Latest}: upgrade Roux, or choose another store");
        }

        return version;
    }

    private static string Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
