using Npgsql;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Postgres;

/// <summary>PostgreSQL's errors in words that name the fix. The place is an address without secrets.</summary>
internal static class PostgresErrors
{
    public static TrackingException Explain(string place, Exception exception) => exception switch
    {
        TrackingException known => known,
        DatabaseException { IsOutcomeUnknown: true } lost => new TrackingException(
            $"{place}: the connection was lost while the last writes were committing; whether they are in is not known: look before you repeat them", lost),
        DatabaseException { IsConnectionLost: true } lost => new StoreUnavailableException($"{place}: the database cannot be reached ({Reason(lost)}); is it running, and are host and port right? try again", lost),
        DatabaseException error => new TrackingException(Words(place, error), error),
        NpgsqlException error => Explain(place, new DatabaseException(error)),
        _ => new TrackingException($"{place}: {exception.Message}", exception),
    };

    private static string Words(string place, DatabaseException error) => error.Code switch
    {
        "28P01" or "28000" => $"{place}: the database refuses this user or password; give the password in PGPASSWORD or ~/.pgpass, or name another user in the address",
        "3D000" => $"{place}: no such database; make it with: createdb --encoding=UTF8 --template=template0 NAME",
        "3F000" or "42501" => $"{place}: the user has no right to do this ({error.Message}); grant it CREATE and USAGE on the schema, or name another user",
        "25006" => $"{place}: the database is read-only (a standby?); name the primary",
        "53100" => $"{place}: the database's disk is full; free some space there and run again",
        "53300" => $"{place}: the database has no connections left; raise its max_connections, or lower 'maximum_pool_size' in the address",
        "40001" or "40P01" or "55P03" => $"{place}: other servers kept the same rows locked for the whole waiting time; try again",
        "54000" => $"{place}: a name is too long for the database's index ({error.Message}); shorten it",
        _ => $"{place}: {error.Message}",
    };

    private static string Reason(DatabaseException error) => error.InnerException?.GetBaseException().Message ?? error.Message;
}
