using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Postgres;

/// <summary>Brings a database to the version that this program writes: numbered SQL files, the number reached kept in the table <c>roux_schema</c>.</summary>
internal static partial class PostgresMigrations
{
    private const string Prefix = "Postgres/Migrations/";

    /// <summary>Of the advisory lock that whoever migrates holds: the letters "Roux".</summary>
    private const long Lock = 0x526F7578;

    private static readonly (int Version, string Resource)[] Scripts = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => (int.Parse(name.AsSpan(Prefix.Length, 3), CultureInfo.InvariantCulture), name))
        .Order()];

    /// <summary>The version that this program reads and writes.</summary>
    public static int Latest { get; } = Scripts[^1].Version;

    /// <summary>Checks the version, and applies what is missing. Several servers may do so at once.</summary>
    /// <exception cref="TrackingException">A newer version wrote the store, or other tables are in the way. It is left untouched.</exception>
    public static void Apply(PostgresSession session, string place)
    {
        if (Check(session, place) == Latest)
        {
            return;
        }

        session.BeginWrite(null, 0);
        try
        {
            Bring(session, place, Latest);
            session.Commit();
        }
        catch
        {
            session.Rollback();
            throw;
        }
    }

    /// <summary>Brings the tables to a version, in the caller's transaction.</summary>
    public static void Bring(PostgresSession session, string place, int wanted)
    {
        session.LockLater("SELECT pg_advisory_xact_lock($lock)", ("$lock", Lock));
        var version = Check(session, place);
        if (version >= wanted)
        {
            return;
        }

        RequireUtf8(session, place);
        session.Run("CREATE TABLE IF NOT EXISTS roux_schema (version bigint NOT NULL)");

        // The last batch of each process that writes: see CommitOutcome.
        session.Run("CREATE TABLE IF NOT EXISTS roux_writers (writer text PRIMARY KEY, batch bigint NOT NULL, seen timestamptz NOT NULL) WITH (fillfactor = 50)");
        foreach (var (_, resource) in Scripts.Where(script => script.Version > version && script.Version <= wanted))
        {
            session.Run(Read(resource));
        }

        session.Run(FoldFunction.Definition());
        session.Run("DELETE FROM roux_schema");
        session.Execute("INSERT INTO roux_schema (version) VALUES ($version)", ("$version", (long)wanted));
    }

    /// <summary>The version of the store in a database; 0 where there is none.</summary>
    /// <exception cref="TrackingException">A newer version wrote it, or other tables are in the way.</exception>
    public static long VersionOf(PostgresSession session, string place) => Check(session, place);

    /// <summary>Checks that this program can read the store, without writing to it.</summary>
    public static void CheckReadable(PostgresSession session, string place)
    {
        var version = Check(session, place);
        if (version < Latest)
        {
            throw new TrackingException(version == 0
                ? $"{place}: a database without a Roux store; log a run, or start roux serve, to make one"
                : $"{place}: written by Roux store version {version}, this one reads {Latest}; open it once for writing (any command that logs a run) to bring it up to date");
        }
    }

    private static long Check(PostgresSession session, string place)
    {
        if (session.Number("SELECT CAST(count(*) AS bigint) FROM pg_class WHERE oid = to_regclass('roux_schema')") == 0)
        {
            return session.Number("SELECT CAST(count(*) AS bigint) FROM unnest(ARRAY['experiments', 'runs', 'metrics', 'params', 'tags', 'datasets', 'models']) t WHERE to_regclass(t) IS NOT NULL") == 0
                ? 0
                : throw new TrackingException($"{place}: has tables of another program (MLflow?) where Roux would make its own; name another database, or a schema of its own with ?search_path=roux");
        }

        var version = session.Number("SELECT version FROM roux_schema") ?? 0;
        return version <= Latest ? version : throw new TrackingException($"{place}: written by Roux store version {version}, this one reads up to {Latest}: upgrade Roux, or choose another store");
    }

    private static void RequireUtf8(PostgresSession session, string place)
    {
        if (session.Number("SELECT CASE WHEN current_setting('server_encoding') = 'UTF8' THEN 1 ELSE 0 END") != 1)
        {
            throw new TrackingException($"{place}: the database's encoding is not UTF8; make one with: createdb --encoding=UTF8 --template=template0 NAME");
        }
    }

    private static string Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return TextColumn().Replace(reader.ReadToEnd(), "$0 COLLATE \"C\"");
    }

    /// <summary>Texts compare by their bytes, so that every store orders them alike: what the scripts call text is text COLLATE "C".</summary>
    [GeneratedRegex(@"(^\s+|ADD COLUMN )\w+\s+text\b", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex TextColumn();
}
